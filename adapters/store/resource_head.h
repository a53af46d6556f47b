// SPDX-License-Identifier: Apache-2.0
// What an import must know of a resource: what it is, whose, and its times. All else of it stays text.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <vigil/snapshot.h>

#include "fhir/json_text.h"
#include "store/store.h"

namespace vigil::store {

/// What FHIR R4 says of resource types, the last one asked for remembered: resources of one type come together.
class ResourceTypes {
 public:
  struct Facts {
    bool is_resource = false;                         ///< R4 knows a resource type of this name
    std::string_view patient_element;                 ///< ReadPlan::patient_element()
    std::span<const std::string_view> patient_paths;  ///< fhir::patient_paths()
  };
  const Facts& find(std::string_view name);

 private:
  std::string name_;
  Facts facts_;
};

/// An element that may say when a resource was known, and what kind of source it is.
struct TimeElement {
  std::string_view name;
  KnownSource known;
};
inline constexpr TimeElement kTimeElements[] = {
#define TIME_ELEMENT(name, known) {name, KnownSource::known},
#include "store/time_elements.def"
#undef TIME_ELEMENT
};

/// Views of the JSON text, escapes in them not resolved: FHIR ids and references have none.
struct ResourceHead {
  std::string_view type;
  std::string_view id;
  std::string_view patient;  ///< the reference to the patient, by R4's element for it; empty where there is none
  bool has_patient_element = false;
  Instant updated = kAlways;    ///< meta.lastUpdated
  uint64_t version_number = 0;  ///< meta.versionId where it is a number
  Instant clinical_from = kAlways;
  Instant known_from = kAlways;  ///< by the resource alone, not its history
  KnownSource known_source = KnownSource::kNone;
  bool has_bad_time = false;  ///< a time that is none; it then counts as absent
};

/// Reads the object at `token`. Returns the token behind it, or JsonText::kBroken: all brackets in it match. Sets
/// `has_space` where white space stands between its tokens.
uint32_t read_head(const fhir::JsonText& json, uint32_t token, ResourceHead& head, ResourceTypes& types,
                   bool& has_space);

/// Before it a resource's text cannot have been known, by its own elements; kAlways where they tell nothing, or it is
/// no resource. For what is rejected: it finds the tokens anew.
Instant known_at_earliest(std::string_view json);

/// A date or date and time of FHIR; kAlways where it is none. What is not said of it counts from its begin, in UTC.
Instant read_instant(std::string_view text);

}  // namespace vigil::store
