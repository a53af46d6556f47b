// SPDX-License-Identifier: Apache-2.0
// Finds which element gave a time, and whether as a date alone.
#include "replay/site_days.h"

#include <vigil/primitives.h>

#include <cstdlib>

#include "replay/course.h"
#include "store/resource_head.h"

namespace vigil::replay {

namespace {

using store::KnownSource;

constexpr size_t kDateSize = 10;  // of "2020-01-31"; a month or a year is shorter
constexpr Instant kMinute = 60'000;
constexpr Instant kDay = 86'400'000;

/// As the import took it: the begin of a Period, the time of a Specimen's collection, or a time itself.
std::string_view time_text(const fhir::JsonText& json, std::string_view element) {
  for (const std::string_view part : {"", ".start", ".collectedDateTime", ".collectedPeriod.start"})
    if (const auto text = text_at(json, 0, std::string(element).append(part)); !text.empty()) return text;
  return {};
}

/// The time that the import took for one of these. `known`: of rows for this alone; none: any.
std::string_view taken_text(const fhir::JsonText& json, std::optional<KnownSource> known) {
  for (const auto& element : store::kTimeElements) {
    if (known && element.known != *known) continue;
    const auto text = time_text(json, element.name);
    if (!text.empty() && store::read_instant(text) != kAlways) return text;
  }
  return {};
}

/// Whether that was a date alone.
bool is_date(const fhir::JsonText& json, std::optional<KnownSource> known) {
  const auto text = taken_text(json, known);
  return !text.empty() && text.size() <= kDateSize;
}

bool is_midnight(Instant at) { return at % kDay == 0; }

}  // namespace

store::StoredVersion at_site_midnights(const store::StoredVersion& version, const fhir::JsonText& json,
                                       int16_t site_offset) {
  auto moved = version;
  if (site_offset == 0) return moved;
  const Instant offset = site_offset * kMinute;
  const bool is_clinical_date =
      version.clinical_from != kAlways && is_midnight(version.clinical_from) && is_date(json, std::nullopt);
  if (is_clinical_date) moved.clinical_from -= offset;
  if (version.known_from == kAlways || !is_midnight(version.known_from)) return moved;
  switch (version.known_source) {
    case KnownSource::kHistory:  // instants
    case KnownSource::kNone: break;
    case KnownSource::kEffective:
      if (is_clinical_date) moved.known_from -= offset;
      break;
    case KnownSource::kFiled: moved.known_from -= offset; break;  // the resource does not have it: a date, most likely
    case KnownSource::kIssued:
    case KnownSource::kRecorded:
    case KnownSource::kAuthored:
      if (is_date(json, version.known_source)) moved.known_from -= offset;
      break;
  }
  return moved;
}

Instant known_by(const store::StoredVersion& version, const fhir::JsonText& json, int16_t site_offset) {
  if (version.known_from == kAlways || !is_midnight(version.known_from + site_offset * kMinute))
    return version.known_from;
  switch (version.known_source) {
    case KnownSource::kHistory:
    case KnownSource::kNone: return version.known_from;
    case KnownSource::kFiled: return version.known_from + kDay;
    case KnownSource::kIssued:
    case KnownSource::kRecorded:
    case KnownSource::kAuthored:
    case KnownSource::kEffective: break;
  }
  const bool is_clinical = version.known_source == KnownSource::kEffective;
  const auto text = taken_text(json, is_clinical ? std::nullopt : std::optional(version.known_source));
  if (text.empty() || text.size() > kDateSize) return version.known_from;
  const auto date = parse_fhir_primitive(Kind::kDateTime, text);
  if (!date) return version.known_from;
  Temporal day = date->temporal;
  day.offset_minutes = site_offset;
  return moment_after(day);
}

std::optional<int16_t> parse_offset(std::string_view text) {
  if (text.find_first_of("Z+-") != 0) return std::nullopt;  // else part of the time, or none
  const auto time = parse_fhir_primitive(Kind::kDateTime, "2000-01-01T00:00:00" + std::string(text));
  return time ? std::optional(time->temporal.offset_minutes) : std::nullopt;
}

std::string offset_text(int16_t minutes) {
  const int all = std::abs(int{minutes});
  const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return (minutes < 0 ? "-" : "+") + two(all / 60) + ":" + two(all % 60);
}

}  // namespace vigil::replay
