// SPDX-License-Identifier: Apache-2.0
// Finds status, ends and times in a resource's tokens.
#include "replay/course.h"

#include <algorithm>

#include <vigil/primitives.h>

namespace vigil::replay {

namespace {

/// Calls visit(token) for each value at the path; stops when it returns true, and returns so.
template <class Visit>
bool visit_at(const fhir::JsonText& json, uint32_t token, std::string_view path, Visit visit) {
  if (json.at(token) == '[') {
    bool found = false;
    json.for_each_element(token, [&](uint32_t, uint32_t element) {
      found = found || visit_at(json, element, path, visit);
      return json.skip(element);
    });
    return found;
  }
  if (path.empty()) return visit(token);
  if (json.at(token) != '{') return false;
  const size_t dot = std::min(path.find('.'), path.size());
  const uint32_t member = json.find_member(token, path.substr(0, dot));
  if (member == fhir::JsonText::kBroken) return false;
  return visit_at(json, member, path.substr(std::min(dot + 1, path.size())), visit);
}

std::string_view text_of(const fhir::JsonText& json, uint32_t token) {
  const char first = json.at(token);
  if (first == '"') return json.raw_string(token);
  return first == '{' || first == '[' ? std::string_view{} : json.raw_scalar(token);
}

std::optional<Temporal> time_of(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto value = parse_fhir_primitive(Kind::kDateTime, text);
  return value ? std::optional(value->temporal) : std::nullopt;
}

/// Where the members of a resource are, found in one pass however many paths are asked for.
class Members {
 public:
  Members(const fhir::JsonText& json, int16_t site_offset) : json_(json), site_offset_(site_offset) {
    json.for_each_member(0, [&](std::string_view name, uint32_t value) {
      if (count_ < kMost)
        members_[count_++] = {name, value};
      else
        is_whole_ = false;
      return json.skip(value);
    });
  }

  /// Calls visit(token) for each value at the path; stops when it returns true.
  template <class Visit>
  void visit(std::string_view path, Visit visit) const {
    const size_t dot = std::min(path.find('.'), path.size());
    const uint32_t member = find(path.substr(0, dot));
    if (member != fhir::JsonText::kBroken) visit_at(json_, member, path.substr(std::min(dot + 1, path.size())), visit);
  }
  /// As text_at() of the resource.
  std::string_view text(std::string_view path) const {
    std::string_view text;
    visit(path, [&](uint32_t token) {
      text = text_of(json_, token);
      return true;
    });
    return text;
  }
  std::optional<Temporal> time(std::string_view path) const { return at_site(time_of(text(path))); }
  /// When each element of the dated parts begins.
  void read_parts(const LifecycleRow& row, std::vector<PartBegin>& begins) const {
    const bool is_entered_then =
        row.lifecycle == Lifecycle::kEncounter;  // as the encounter itself, be it dated by a day
    for (uint32_t part = 0; part < row.parts.size() && !row.parts[part].path.empty(); ++part) {
      const uint32_t member = find(row.parts[part].path);
      const auto add = [&](uint32_t element, uint32_t token) {
        const auto text =
            row.parts[part].from.empty() ? text_of(json_, token) : text_at(json_, token, row.parts[part].from);
        if (const auto time = at_site(time_of(text)))
          begins.push_back(
              {part, element, to_instant(*time), is_entered_then ? to_instant(*time) : moment_after(*time)});
      };
      if (member == fhir::JsonText::kBroken) continue;
      if (json_.at(member) != '[') {
        add(0, member);
        continue;
      }
      json_.for_each_element(member, [&](uint32_t number, uint32_t element) {
        add(number, element);
        return json_.skip(element);
      });
    }
  }
  /// Of several ends, such as those of several dosages, the last.
  std::optional<Instant> end(std::string_view path) const {
    std::optional<Instant> last;
    visit(path, [&](uint32_t token) {
      if (const auto time = at_site(time_of(text_of(json_, token))))
        last = std::max(last.value_or(kAlways), moment_after(*time));
      return false;
    });
    return last;
  }

 private:
  std::optional<Temporal> at_site(std::optional<Temporal> time) const {
    if (time && site_offset_ != 0 && time->offset_minutes == Temporal::kNoOffset) time->offset_minutes = site_offset_;
    return time;
  }

  static constexpr size_t kMost = 32;  // the rest are looked for one by one
  struct Member {
    std::string_view name;
    uint32_t value = 0;
  };

  uint32_t find(std::string_view name) const {
    for (size_t i = 0; i < count_; ++i)
      if (members_[i].name == name) return members_[i].value;
    return is_whole_ ? fhir::JsonText::kBroken : json_.find_member(0, name);
  }

  const fhir::JsonText& json_;
  int16_t site_offset_;
  std::array<Member, kMost> members_;
  size_t count_ = 0;
  bool is_whole_ = true;
};

/// The elements of orders that types name differently.
struct OrderElements {
  std::string_view authored = "authoredOn";
  std::string_view requester = "requester.reference";
};
OrderElements order_elements(std::string_view resource_type) {
  if (resource_type == "NutritionOrder") return {"dateTime", "orderer.reference"};
  if (resource_type == "VisionPrescription") return {"dateWritten", "prescriber.reference"};
  return {};
}

void read_order(const Members& members, std::string_view resource_type, Course& course) {
  const auto elements = order_elements(resource_type);
  course.authored = members.time(elements.authored);
  course.intent = members.text("intent");
  course.is_reported =
      members.text("reportedBoolean") == "true" || !members.text("reportedReference.reference").empty();
  course.encounter = members.text("encounter.reference");
  course.requester = members.text(elements.requester);
}

bool is_retracted(std::string_view code) { return code == "entered-in-error" || code == "refuted"; }

}  // namespace

std::string_view text_at(const fhir::JsonText& json, uint32_t object, std::string_view path) {
  std::string_view text;
  visit_at(json, object, path, [&](uint32_t token) {
    text = text_of(json, token);
    return true;
  });
  return text;
}

Instant moment_after(const Temporal& time) {
  Temporal next = time;
  switch (time.precision) {
    case Precision::kYear: ++next.year; return to_instant(next);
    case Precision::kMonth:
      next.month = time.month == 12 ? 1 : static_cast<uint8_t>(time.month + 1);
      next.year = static_cast<int16_t>(time.year + (time.month == 12 ? 1 : 0));
      return to_instant(next);
    case Precision::kDay: return to_instant(time) + Instant{86'400'000};
    case Precision::kHour: return to_instant(time) + Instant{3'600'000};
    case Precision::kMinute: return to_instant(time) + Instant{60'000};
    case Precision::kSecond:
    case Precision::kMillisecond: break;
  }
  return to_instant(time);
}

Course read_course(const fhir::JsonText& json, std::string_view resource_type, int16_t site_offset) {
  Course course;
  course.row = find_lifecycle(resource_type);
  if (course.row == nullptr) return course;
  const Members members(json, site_offset);
  const bool is_clinical = resource_type == "Condition" || resource_type == "AllergyIntolerance";
  course.status = members.text(is_clinical               ? "clinicalStatus.coding.code"
                               : resource_type == "Goal" ? "lifecycleStatus"
                                                         : "status");
  members.read_parts(*course.row, course.parts);
  course.is_revised = course.is(Lifecycle::kReport) &&
                      (course.status == "amended" || course.status == "corrected" || course.status == "appended");
  if (const auto updated = time_of(members.text("meta.lastUpdated"))) course.updated = to_instant(*updated);
  course.is_retracted =
      is_retracted(course.status) || (is_clinical && is_retracted(members.text("verificationStatus.coding.code")));
  for (const auto path : course.row->ends)
    if (!path.empty() && !course.ended) course.ended = members.end(path);
  switch (course.row->lifecycle) {
    case Lifecycle::kOrder: read_order(members, resource_type, course); break;
    case Lifecycle::kEncounter:
      course.started = members.time("period.start");
      course.finished = members.time("period.end");
      break;
    case Lifecycle::kReport:
      course.is_moment = resource_type == "Immunization";
      course.issued = members.time("issued");
      course.encounter = members.text("encounter.reference");
      break;
    case Lifecycle::kPatient:
      course.born = time_of(members.text("birthDate"));
      course.sex = members.text("gender");
      course.is_dead = course.ended || members.text("deceasedBoolean") == "true";
      break;
    case Lifecycle::kState:
      if (resource_type == "Appointment" && course.status == "cancelled") course.ended.reset();  // its end was planned
      course.is_moment = !members.text("performedDateTime").empty() || !members.text("effectiveDateTime").empty();
      break;
  }
  return course;
}

}  // namespace vigil::replay
