// SPDX-License-Identifier: Apache-2.0
// Makes a ReadPlan: what the rulebook's requirements, and tests, hand to readers.
//
//   ReadPlanBuilder builder;
//   PlannedType patient{.fhir_type = model::find_type("Patient"), .slot_count = 1};
//   patient.elements = {{"birthDate", 0, model::find_type("date"), Kind::kDate, false}};
//   builder.add(std::move(patient));
//   const ReadPlan plan = builder.build();
#pragma once

#include <vector>

#include <vigil/snapshot.h>

#include "snapshot/code_filters.h"

namespace vigil {

/// Takes types in any order; equal types in equal order of elements make an equal digest. Not thread-safe.
class ReadPlanBuilder {
 public:
  /// `fhir_type`, `slot_count` and `elements` must be set, each slot below `slot_count`, names of static storage. Name,
  /// is_resource and a Coding's system and code slots are filled in here. Of a type given twice the later stays.
  void add(PlannedType type);
  /// Seals the types and empties the builder.
  ReadPlan build();
  /// Gives a plan its code filters, which are sealed here.
  static void set_code_filters(ReadPlan& plan, CodeFilters filters);

 private:
  std::vector<PlannedType> types_;
};

}  // namespace vigil
