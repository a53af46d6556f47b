// SPDX-License-Identifier: Apache-2.0
// One resource's JSON to an object, with what the reader itself needs to know of it: id, patient, draft or not.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <vigil/snapshot.h>

#include "fhir/read_shapes.h"
#include "fhir/value_reader.h"

namespace vigil::fhir {

/// A resource read but not yet given to the timeline: first all of the data must tell whose it is. Views are of the
/// JSON or the timeline.
struct PendingResource {
  const ResourceShape* shape = nullptr;
  Object* object = nullptr;  ///< null for a Patient that is not planned, and for what is not to be added
  bool has_draft_status = false;
  std::string_view id;
  std::string_view full_url;
  std::string_view patient;      ///< the reference to the patient; may be empty
  uint32_t contained_begin = 0;  ///< in ResourceReader::contained()
  uint32_t contained_count = 0;
  uint32_t participants_begin = 0;  ///< in ResourceReader::participants()
  uint32_t participants_count = 0;
  Instant known_from = kAlways;
  Instant known_to = kForever;
};

/// Reads planned resources and unplanned Patients. Not thread-safe.
class ResourceReader {
 public:
  ResourceReader(const ReadPlan& plan, uint32_t max_depth) : values_(max_depth), shapes_(plan) {}

  /// Starts a read: forgets contained resources and participants.
  void begin(Timeline& timeline);
  /// The text that the next resources stand in.
  void set_text(const JsonText& json);
  /// With `history`, a resource counts as known from its meta.lastUpdated on. Returns what was set before.
  bool set_history(bool history) { return std::exchange(history_, history); }

  /// Sets `type_name` to the token of the value of the member "resourceType" of the object here, wherever it stands;
  /// kBroken where there is none. Returns kBroken where the JSON is broken.
  uint32_t find_type(uint32_t object, uint32_t& type_name);
  /// The shape that a string token names; null for what is no FHIR R4 resource type.
  const ResourceShape* find_shape(uint32_t type_name);
  /// Reads the object here; on kBroken see ValueReader.
  uint32_t read(uint32_t object, uint32_t depth, const ResourceShape& shape, PendingResource& pending);

  ValueReader& values() { return values_; }
  const std::vector<const Object*>& contained() const { return contained_; }
  /// References to those who take part in Appointments.
  const std::vector<std::string_view>& participants() const { return participants_; }

 private:
  uint32_t pass_over_element(uint32_t element);
  uint32_t read_contained(uint32_t token, uint32_t depth, const Member& member, Value* slots);
  bool read_special(const Member& member, uint32_t token, const ResourceShape& shape, PendingResource& pending);
  static void take_from_slots(const ResourceShape& shape, const Value* slots, PendingResource& pending);
  bool read_participants(const Member& member, uint32_t token, PendingResource& pending);
  bool take_once(uint32_t member, uint32_t text, std::string_view& taken);
  template <class Take>
  bool find_text(const Member& member, uint32_t token, std::string_view name, Take take);

  ValueReader values_;
  ReadShapes shapes_;
  const JsonText* json_ = nullptr;
  Timeline* timeline_ = nullptr;
  bool history_ = false;
  bool in_contained_ = false;
  std::vector<const Object*> contained_;
  std::vector<Value> contained_values_;
  std::vector<std::string_view> participants_;
};

}  // namespace vigil::fhir
