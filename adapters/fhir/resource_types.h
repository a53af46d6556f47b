// SPDX-License-Identifier: Apache-2.0
// What to do with a resource of each type, looked up by its name as it stands in the data.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/snapshot.h>

namespace vigil::fhir {

/// kPlanned: keep it. kUnneeded: FHIR knows it, no rule does. kPatient: not planned either, but its id says whose the data
/// is. The others are not facts but hold resources, or say what went wrong.
enum class ResourceRole : uint8_t { kUnknown, kUnneeded, kPlanned, kPatient, kBundle, kParameters, kOperationOutcome };

/// One resource type as this adapter sees it.
struct ResourceShape {
  std::string name;
  ResourceRole role = ResourceRole::kUnknown;
  const PlannedType* type = nullptr;  ///< of kPlanned only
  std::string_view patient_key;       ///< the member that refers to the patient; may be empty
  bool is_request = false;            ///< one with status `draft` is a draft under review
  uint64_t special_sizes = 0;         ///< bit n: a member the reader itself looks at has a name of n bytes
};

/// Shapes by name. Learns the names of unneeded types as they come, so that each is looked up in the FHIR model once. Shapes
/// stay where they are. Not thread-safe.
class ResourceTypes {
 public:
  explicit ResourceTypes(const ReadPlan& plan);

  /// Null for what is no FHIR R4 resource type.
  const ResourceShape* find(std::string_view name);

 private:
  const ResourceShape* learn(std::string_view name);

  const ReadPlan& plan_;
  std::deque<ResourceShape> shapes_;
  std::vector<const ResourceShape*> table_;  ///< open addressing, by the name's hash; larger than there are types
};

}  // namespace vigil::fhir
