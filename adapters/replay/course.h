// SPDX-License-Identifier: Apache-2.0
// The course of a resource as its JSON tells it: its status, when what it describes ended, when and by whom it was
// ordered. What the as-of view and the triggers are derived from.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <vigil/snapshot.h>
#include <vigil/value.h>

#include "fhir/json_text.h"

namespace vigil::replay {

/// What is special about a resource type's life.
enum class Lifecycle : uint8_t {
  kPatient,    ///< known always, but for the death
  kOrder,      ///< drafted, then in force until stopped or completed
  kEncounter,  ///< begins and ends
  kState,      ///< in force until an end: conditions, allergies, medication taken, plans
  kReport,     ///< observations and reports: final, perhaps corrected later
};

/// Elements that say since when each of them is so: Encounter.location by its period.
struct DatedPart {
  std::string_view path;
  std::string_view from;  ///< where an element has its begin; empty: it is a time itself
};

/// How the status of a type runs, by FHIR R4's definition of the type.
struct LifecycleRow {
  std::string_view resource_type;
  Lifecycle lifecycle;
  std::string_view active;               ///< its status while it is in force
  std::array<std::string_view, 2> ends;  ///< paths of its end; the first that holds one counts
  /// Paths of what is only known once it has ended, or was written after the order was; of reports, of what a revision
  /// may have changed ("value[x]": whichever type is there).
  std::array<std::string_view, 7> later;
  std::array<DatedPart, 2> parts = {};
};
/// Null for types whose status, if any, does not run: a document, a slot, a practitioner.
const LifecycleRow* find_lifecycle(std::string_view resource_type);

/// An element that a DatedPart tells the begin of.
struct PartBegin {
  uint32_t part = 0;       ///< in LifecycleRow::parts
  uint32_t element = 0;    ///< of the list
  Instant from = kAlways;  ///< it cannot have been there before
  Instant by = kAlways;    ///< it was there: the same, or the end of the day that is all that dates it
};

/// Views of the JSON.
struct Course {
  const LifecycleRow* row = nullptr;
  std::string_view status;         ///< `status`, or the first code of `clinicalStatus`
  bool is_retracted = false;       ///< entered in error or refuted: at some time it was not yet
  std::optional<Instant> ended;    ///< the end of the last moment it was in force, by `ends`
  bool is_moment = false;          ///< it happened at a moment, so that its status was never another: performedDateTime
  bool is_revised = false;         ///< a report that said something else before: amended, corrected, appended
  std::optional<Instant> updated;  ///< meta.lastUpdated: since then it is as stored
  bool is_dead = false;            ///< of a Patient: deceased, be it known when or not
  std::optional<Temporal> born;    ///< of a Patient: birthDate
  std::string_view sex;            ///< of a Patient: gender
  std::optional<Temporal> authored;  ///< of orders: authoredOn
  std::optional<Temporal> started;   ///< of encounters: period.start
  std::optional<Temporal> finished;  ///< of encounters: period.end
  std::optional<Temporal> issued;    ///< of reports
  std::string_view intent;
  bool is_reported = false;    ///< a prescription written elsewhere, only told of here
  std::string_view encounter;  ///< a reference
  std::string_view requester;  ///< a reference
  std::vector<PartBegin> parts;

  bool is(Lifecycle lifecycle) const { return row != nullptr && row->lifecycle == lifecycle; }
};

/// Reads the course of the resource at token 0 of `json`. Dates without a time are days of the site, at its offset from
/// UTC in minutes.
Course read_course(const fhir::JsonText& json, std::string_view resource_type, int16_t site_offset = 0);

/// The first string, number or word at a path such as "subject.reference"; lists are gone into. Empty: none.
std::string_view text_at(const fhir::JsonText& json, uint32_t object, std::string_view path);

/// The first moment after what a date or time names: of 2020-05-01 it is 2020-05-02T00:00 (FHIR R4, Period: an end
/// given as a date includes that day). Midnights are those of its offset; UTC's where it has none.
Instant moment_after(const Temporal& time);

}  // namespace vigil::replay
