// SPDX-License-Identifier: Apache-2.0
// Retrieves whose codes are known already become filters of the read plan: snapshots then list the facts that pass.
#include <algorithm>
#include <map>

#include "program/lowering.h"
#include "snapshot/read_plan_builder.h"

namespace vigil::lowering {

/// The concepts that a retrieve's terminology names; false where only a run can tell.
bool Lowering::filter_members(const RetrievePlan& plan, std::vector<ConceptId>& members) const {
  // A code without an id could still be some fact's, by its text.
  const auto add_code = [&](const Value& value) {
    if (value.kind != Kind::kCode || value.code->concept_id == 0) return false;
    members.push_back(value.code->concept_id);
    return true;
  };
  const auto& terminology = program_[plan.terminology];
  if (terminology.op == Op::kMakeList) {
    for (uint32_t i = 0; i < terminology.operand_count; ++i) {
      const auto& item = program_[program_.operand(terminology, i)];
      if (item.op != Op::kConstant || !add_code(program_.constants[item.a])) return false;
    }
    return true;
  }
  if (terminology.op != Op::kConstant) return false;
  const auto& value = program_.constants[terminology.a];
  switch (value.kind) {
    case Kind::kCode: return add_code(value);
    case Kind::kConcept:
      return std::all_of(value.concept_value->codes, value.concept_value->codes + value.concept_value->count, add_code);
    case Kind::kVocabulary: {
      if (plan.value_set == VocabularyValue::kUnresolved) return false;
      const auto held = program_.knowledge->members(plan.value_set);
      members.assign(held.begin(), held.end());
      return true;
    }
    default: return false;
  }
}

void Lowering::plan_code_filters(CodeFilters filters) {
  std::map<std::pair<model::FhirTypeId, std::vector<ConceptId>>, uint32_t> known;
  for (auto& plan : program_.retrieves) {
    std::vector<ConceptId> members;
    if (!plan.filtered || !plan.primary_path || !filter_members(plan, members)) continue;
    std::sort(members.begin(), members.end());
    const auto [at, is_new] = known.try_emplace({plan.type, std::move(members)}, 0);
    if (is_new) at->second = filters.add(plan.type, plan.codes_matter, at->first.second);
    plan.filter = at->second;
  }
  for (auto& plan : program_.retrieves)
    for (const auto& type : filters.types())
      if (plan.filter != CodeFilters::kNone && type.fhir_type == plan.type) plan.unsettled = type.unsettled;
  program_.last_recognised = filters.last_shared_id();
  ReadPlanBuilder::set_code_filters(program_.read_plan, std::move(filters));
}

}  // namespace vigil::lowering
