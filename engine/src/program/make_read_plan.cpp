// SPDX-License-Identifier: Apache-2.0
// What the program reads of FHIR data, as the plan readers follow and the slots the evaluator uses.
#include <algorithm>

#include "program/lowering.h"
#include "snapshot/read_plan_builder.h"

namespace vigil::lowering {

graph::ElementAccess Lowering::collect_access() const {
  graph::ElementAccess access(module_);
  for (const auto& node : program_.graph.nodes())
    for (const auto body : bodies_of(module_, node)) {
      access.add_expression(body);
      access.add_instances(body);
    }
  for (const auto& rule : module_.rules) {
    for (const auto& suggestion : rule.suggestions)
      for (const auto& action : suggestion.actions) {
        access.add_instances(action.resource);
        access.add_copied(action.resource);
      }
    for (const auto& source : rule.sources) access.add_display(source.element);
    for (const auto key : rule.group_by)
      if (key) access.add_display(module_[key].type);
  }
  if (options_.observe_definitions)
    for (const auto& definition : module_.definitions)
      if (!definition.failed) access.add_whole(definition.type);
  return access;
}

void Lowering::plan_slots(const graph::ElementAccess& access) {
  // From the types retrieved or made, over the kept elements, to every data type reached.
  std::vector<model::FhirTypeId> todo(access.roots().begin(), access.roots().end());
  for (const auto type : access.roots())
    if (model::type(type).kind == model::TypeKind::kAbstract)
      for (size_t t = 0; t < model::type_count(); ++t)
        if (model::is_subtype(static_cast<model::FhirTypeId>(t), type))
          todo.push_back(static_cast<model::FhirTypeId>(t));
  std::vector<bool> planned(model::type_count(), false);
  ReadPlanBuilder builder;
  program_.slot_rows.assign(model::type_count(), 0);
  program_.element_count = static_cast<uint32_t>(module_.element_names.size());
  program_.slots.assign(program_.element_count, PlannedType::kNoSlot);
  while (!todo.empty()) {
    const auto type = todo.back();
    todo.pop_back();
    // Of the abstract types only Element has values of its own: what stands beside a primitive.
    const bool abstract = model::type(type).kind == model::TypeKind::kAbstract && type != model::find_type("Element");
    if (planned[type] || model::type(type).kind == model::TypeKind::kPrimitive || abstract) continue;
    planned[type] = true;
    PlannedType plan;
    plan.fhir_type = type;
    const auto row = program_.slots.size() / std::max(1u, program_.element_count);
    program_.slots.resize(program_.slots.size() + program_.element_count, PlannedType::kNoSlot);
    program_.slot_rows[type] = static_cast<uint16_t>(row);
    for (const auto* element : access.elements_of(type)) {
      const auto slot = plan.slot_count++;
      const auto name = std::find(module_.element_names.begin(), module_.element_names.end(), element->name);
      program_.slots[row * program_.element_count + static_cast<size_t>(name - module_.element_names.begin())] = slot;
      for (const auto t : element->type_span()) {
        const auto kind = model::type(t).system_kind;
        // JSON names live as long as the program: they are kept in its arena.
        plan.elements.push_back({program_.arena.copy(model::json_name(*element, t)), slot, t,
                                 kind == Kind::kNull ? Kind::kObject : kind, element->is_list});
        todo.push_back(t);
      }
    }
    builder.add(std::move(plan));
  }
  program_.read_plan = builder.build();
}

void Lowering::make_read_plan() {
  const auto access = collect_access();
  auto& names = module_.element_names;
  const auto id_of = [&](std::string_view name) {
    const auto at = std::find(names.begin(), names.end(), name);
    if (at != names.end()) return static_cast<uint32_t>(at - names.begin());
    names.emplace_back(name);
    return static_cast<uint32_t>(names.size() - 1);
  };
#define VIGIL_ELEMENT(member, name) program_.elements.member = id_of(name);
#include "program/well_known_elements.def"
#undef VIGIL_ELEMENT
  for (size_t t = 0; t < model::type_count(); ++t)
    for (const auto* element : access.elements_of(static_cast<model::FhirTypeId>(t))) id_of(element->name);
  for (const auto& retrieve : module_.retrieves)
    if (!retrieve.code_path.empty()) id_of(retrieve.code_path);
  plan_slots(access);
}

}  // namespace vigil::lowering
