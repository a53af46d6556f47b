// SPDX-License-Identifier: Apache-2.0
// Goes over the members of a resource once.
#include "store/resource_head.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <chrono>
#include <optional>

#include <vigil/primitives.h>

#include "fhir/json_index.h"
#include "fhir/patients_named.h"
#include "store/short_text.h"

namespace vigil::store {
namespace {

using fhir::JsonText;

constexpr size_t kTimeCount = std::size(kTimeElements);

/// The members of R4 resources that may refer to the patient (ReadPlan::patient_element).
constexpr std::array<std::string_view, 6> kPatientElements = {"subject",   "patient",    "beneficiary",
                                                              "candidate", "individual", "for"};

/// What a member of a resource is to the reader.
enum class Role : uint8_t { kNone, kType, kId, kMeta, kPatient, kTime };
struct Member {
  std::string_view name;
  Role role = Role::kNone;
  uint8_t number = 0;  ///< in kTimeElements or kPatientElements
};

/// Members by a hash of their name, most names being none of them.
class Members {
 public:
  Members() {
    add({"resourceType", Role::kType, 0});
    add({"id", Role::kId, 0});
    add({"meta", Role::kMeta, 0});
    for (size_t i = 0; i < kPatientElements.size(); ++i)
      add({kPatientElements[i], Role::kPatient, static_cast<uint8_t>(i)});
    for (size_t i = 0; i < kTimeCount; ++i) add({kTimeElements[i].name, Role::kTime, static_cast<uint8_t>(i)});
  }
  Member find(std::string_view name) const {
    if (name.empty()) return {};
    for (size_t at = place(name); table_[at].role != Role::kNone; at = (at + 1) % kPlaces)
      if (same_text(table_[at].name, name)) return table_[at];
    return {};
  }

 private:
  static constexpr size_t kPlaces = 256;
  static size_t place(std::string_view name) {
    const auto at = [&](size_t i) { return static_cast<size_t>(static_cast<unsigned char>(name[i])); };
    return (name.size() * 67 + at(0) * 7 + at(name.size() / 2) * 31 + at(name.size() - 1)) % kPlaces;
  }
  void add(const Member& member) {
    size_t at = place(member.name);
    while (table_[at].role != Role::kNone) at = (at + 1) % kPlaces;
    table_[at] = member;
  }
  std::array<Member, kPlaces> table_{};
};

/// The begin of a Period, the time of a Specimen's collection, or a time itself.
std::string_view time_text(const JsonText& json, uint32_t token) {
  if (json.at(token) != '{') return json.string_at(token);
  if (const auto start = json.member_text(token, "start"); !start.empty()) return start;
  if (const auto collected = json.member_text(token, "collectedDateTime"); !collected.empty()) return collected;
  const uint32_t period = json.find_member(token, "collectedPeriod");
  return period == JsonText::kBroken ? std::string_view{} : json.member_text(period, "start");
}

/// What a resource's members said, before it is known what its type makes of them.
struct Found {
  std::array<uint32_t, kPatientElements.size()> patients{};
  std::array<uint32_t, kTimeCount> times;
  uint64_t has_time = 0;  ///< a bit for each of `times` that is set
};
static_assert(kTimeCount <= 64);

void read_meta(const JsonText& json, uint32_t token, ResourceHead& head) {
  if (const auto updated = json.member_text(token, "lastUpdated"); !updated.empty()) {
    head.updated = read_instant(updated);
    head.has_bad_time |= head.updated == kAlways;
  }
  const auto version = json.member_text(token, "versionId");
  std::from_chars(version.data(), version.data() + version.size(), head.version_number);
}

void take_patient(const JsonText& json, const Found& found, std::string_view wanted, ResourceHead& head) {
  if (wanted.empty()) return;
  for (size_t i = 0; i < kPatientElements.size(); ++i) {
    if (found.patients[i] == JsonText::kBroken || kPatientElements[i] != wanted) continue;
    head.has_patient_element = true;
    head.patient = json.member_text(found.patients[i], "reference");
  }
}

void take_times(const JsonText& json, const Found& found, ResourceHead& head) {
  for (uint64_t left = found.has_time; left != 0; left &= left - 1) {
    const auto i = static_cast<size_t>(std::countr_zero(left));
    const auto text = time_text(json, found.times[i]);
    if (text.empty()) continue;
    const Instant at = read_instant(text);
    head.has_bad_time |= at == kAlways;
    if (at == kAlways) continue;
    if (head.clinical_from == kAlways) head.clinical_from = at;
    if (kTimeElements[i].known >= head.known_source) continue;
    head.known_source = kTimeElements[i].known;
    head.known_from = at;
  }
  if (head.known_source != KnownSource::kNone || head.clinical_from == kAlways) return;
  head.known_source = KnownSource::kEffective;
  head.known_from = head.clinical_from;
}

/// The forms that most times have, "2024-02-10" and "2024-02-10T08:30:00" with a zone and perhaps milliseconds, as
/// parse_instant() reads them. None for all others, and for the last days of a month.
std::optional<Instant> read_common_instant(std::string_view text) {
  constexpr size_t kDate = 10;
  constexpr size_t kTime = 19;
  bool is_one = true;
  const auto number = [&](size_t at, size_t digits) {
    unsigned value = 0;
    for (const char c : text.substr(at, digits)) {
      const auto digit = static_cast<unsigned>(c) - '0';
      is_one &= digit <= 9;
      value = value * 10 + digit;
    }
    return static_cast<int>(value);
  };
  if (text.size() < kDate || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = number(0, 4);
  const int month = number(5, 2);
  const int day = number(8, 2);
  is_one &= year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= 28;
  if (!is_one) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  constexpr int64_t kDayMilliseconds = 86'400'000;
  const int64_t begin = std::chrono::sys_days(date).time_since_epoch().count() * kDayMilliseconds;
  if (text.size() == kDate) return begin;
  if (text.size() <= kTime || text[10] != 'T' || text[13] != ':' || text[16] != ':') return std::nullopt;
  const int hour = number(11, 2);
  const int minute = number(14, 2);
  const int second = number(17, 2);
  const bool has_milliseconds = text[kTime] == '.' && text.size() > kTime + 4;
  const int milliseconds = has_milliseconds ? number(kTime + 1, 3) : 0;
  const auto zone = text.substr(has_milliseconds ? kTime + 4 : kTime);
  int offset = 0;
  if (zone.size() == 6 && (zone[0] == '+' || zone[0] == '-') && zone[3] == ':') {
    const size_t at = text.size() - 5;
    offset = number(at, 2) * 60 + number(at + 3, 2);
    is_one &= number(at, 2) <= 13 && number(at + 3, 2) <= 59;
    if (zone[0] == '-') offset = -offset;
  } else {
    is_one &= zone == "Z";
  }
  is_one &= hour <= 23 && minute <= 59 && second <= 59;
  if (!is_one) return std::nullopt;
  return begin + (int64_t{hour} * 60 + minute - offset) * 60'000 + int64_t{second} * 1000 + milliseconds;
}

}  // namespace

Instant read_instant(std::string_view text) {
  if (const auto instant = read_common_instant(text)) return *instant;
  const auto time = parse_instant(text);
  if (time) return to_instant(*time);
  const auto partial = parse_fhir_primitive(Kind::kDateTime, text);  // a year, or a month
  return partial ? to_instant(partial->temporal) : kAlways;
}

Instant known_at_earliest(std::string_view text) {
  if (text.empty()) return kAlways;
  fhir::JsonIndex index;
  if (index.index(text.data(), text.size()) != fhir::JsonIndex::Status::kOk) return kAlways;
  const JsonText json(text.data(), index.tokens(), index.count());
  ResourceHead head;
  ResourceTypes types;
  bool has_space = false;
  if (json.at(0) != '{' || read_head(json, 0, head, types, has_space) == JsonText::kBroken) return kAlways;
  return head.known_from;
}

const ResourceTypes::Facts& ResourceTypes::find(std::string_view name) {
  if (same_text(name, name_)) return facts_;
  name_ = name;
  facts_ = {ReadPlan::is_resource_type(name), ReadPlan::patient_element(name), fhir::patient_paths(name)};
  return facts_;
}

uint32_t read_head(const JsonText& json, uint32_t token, ResourceHead& head, ResourceTypes& types, bool& has_space) {
  static const Members kMembers;
  Found found;
  const auto note_space = [&](uint32_t before) { has_space |= static_cast<unsigned char>(json.before(before)) <= ' '; };
  const uint32_t next = json.for_each_member(token, [&](std::string_view key, uint32_t value) {
    note_space(value - 2);
    note_space(value - 1);
    note_space(value);
    const Member member = kMembers.find(key);
    switch (member.role) {
      case Role::kNone: break;
      case Role::kType: head.type = json.string_at(value); break;
      case Role::kId: head.id = json.string_at(value); break;
      case Role::kMeta: read_meta(json, value, head); break;
      case Role::kPatient: found.patients[member.number] = value; break;
      case Role::kTime:
        found.times[member.number] = value;
        found.has_time |= uint64_t{1} << member.number;
        break;
    }
    const uint32_t behind = json.skip(value, has_space);
    if (behind != JsonText::kBroken) note_space(behind);
    return behind;
  });
  if (next == JsonText::kBroken) return next;
  note_space(next - 1);  // as in an object without members
  take_patient(json, found, types.find(head.type).patient_element, head);
  take_times(json, found, head);
  return next;
}

}  // namespace vigil::store
