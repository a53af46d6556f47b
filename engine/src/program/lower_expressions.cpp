// SPDX-License-Identifier: Apache-2.0
// Typed expressions to instructions.
#include <algorithm>

#include "program/lowering.h"
#include "semantic/typed_walk.h"

namespace vigil::lowering {

InstructionId Lowering::emit(const typed::Expr& expr, std::span<const InstructionId> operands, uint32_t a, uint32_t b) {
  Instruction instruction;
  instruction.op = expr.op;
  instruction.operand_count = static_cast<uint16_t>(operands.size());
  instruction.first_operand = static_cast<uint32_t>(program_.operands.size());
  instruction.a = a;
  instruction.b = b;
  for (const auto operand : operands) program_.operands.push_back(operand.value);
  program_.instructions.push_back(instruction);
  program_.spans.push_back(expr.span);
  program_.types.push_back(expr.type);
  return {static_cast<uint32_t>(program_.instructions.size() - 1)};
}

InstructionId Lowering::lower(ExprId id) {
  if (!id) return {};
  if (lowered_[id.value] != 0) return {lowered_[id.value]};
  const auto expr = module_.expressions[id.value];
  std::vector<InstructionId> operands;
  operands.reserve(expr.operands.size());
  for (const auto operand : expr.operands) operands.push_back(lower(operand));
  auto a = expr.a;
  if (expr.op == Op::kRetrieve) a = lower_retrieve(expr.a);
  if (expr.op == Op::kQuery) a = lower_query(module_.queries[expr.a]);
  if (expr.op == Op::kMakeObject) a = lower_instance(expr.a);
  auto b = expr.op == Op::kMakeList ? constant_list(operands) : expr.b;
  if (expr.op == Op::kEquivalent && (is_drug_code(expr.operands[0]) || is_drug_code(expr.operands[1]))) b = 1;
  const auto made = emit(expr, operands, a, b);
  lowered_[id.value] = made.value;
  return made;
}

/// Whether an unrecognised code of these resources could be another name of a known one: drugs ordered or stated to be
/// taken, and allergies.
bool Lowering::codes_matter(model::FhirTypeId type) {
  const auto name = model::type(type).name;
  return name == "MedicationRequest" || name == "MedicationStatement" || name == "AllergyIntolerance";
}

bool Lowering::is_main_code(model::TypeId type, std::string_view element) const {
  const auto& node = module_.types[type];
  if (node.shape == model::TypeShape::kFhir)
    return codes_matter(node.fhir) && element == model::type(node.fhir).primary_code_path;
  return node.shape == model::TypeShape::kChoice &&
         std::any_of(node.parts.begin(), node.parts.end(),
                     [&](const auto part) { return is_main_code(part, element); });
}

/// Whether the value is the code of an order or allergy, converted or not.
bool Lowering::is_drug_code(ExprId id) const {
  const auto& expr = module_[id];
  if (expr.op == Op::kProperty) return is_main_code(module_[expr.operands[0]].type, module_.element_names[expr.a]);
  if (expr.op == Op::kIf) return is_drug_code(expr.operands[1]) || is_drug_code(expr.operands[2]);
  const bool converts = expr.op == Op::kAs || expr.op == Op::kCast || expr.op == Op::kToSystem ||
                        expr.op == Op::kConvertCodeToConcept || expr.op == Op::kConvertCodesToConcept;
  return converts && is_drug_code(expr.operands[0]);
}

/// A list of constants is made once: 1 + its index among the constants; 0 where it has other elements.
uint32_t Lowering::constant_list(std::span<const InstructionId> elements) {
  const auto is_constant = [&](InstructionId id) { return program_[id].op == Op::kConstant; };
  if (!std::all_of(elements.begin(), elements.end(), is_constant)) return 0;
  auto* values = program_.arena.array<Value>(elements.size());
  for (size_t i = 0; i < elements.size(); ++i) values[i] = program_.constants[program_[elements[i]].a];
  program_.constants.push_back(Value::of(values, static_cast<uint32_t>(elements.size())));
  return static_cast<uint32_t>(program_.constants.size());
}

/// Whether the value depends on the frame: on a row, a parameter of a function.
bool Lowering::has_local(InstructionId expression) const {
  const auto& instruction = program_[expression];
  if (instruction.op == Op::kLocal || instruction.op == Op::kQuery) return true;
  for (uint32_t i = 0; i < instruction.operand_count; ++i)
    if (has_local(program_.operand(instruction, i))) return true;
  return false;
}

uint32_t Lowering::lower_retrieve(uint32_t index) {
  const auto& retrieve = module_.retrieves[index];
  RetrievePlan plan;
  plan.type = retrieve.type;
  plan.scope = retrieve.scope;
  plan.primary_path = retrieve.primary_path;
  plan.filtered = static_cast<bool>(retrieve.terminology);
  if (!retrieve.primary_path) {
    const auto at = std::find(module_.element_names.begin(), module_.element_names.end(), retrieve.code_path);
    plan.code_element = static_cast<uint32_t>(at - module_.element_names.begin());
  }
  plan.codes_matter = plan.filtered && codes_matter(retrieve.type);
  if (plan.filtered) {
    plan.terminology = lower(retrieve.terminology);
    plan.memoised = !has_local(plan.terminology);
    const auto& terminology = program_[plan.terminology];
    if (terminology.op == Op::kConstant) {
      const auto& value = program_.constants[terminology.a];
      if (value.kind == Kind::kVocabulary) {
        plan.is_value_set = true;
        plan.value_set = value.vocabulary->index;
        plan.name = value.vocabulary->name;
      } else if (value.kind == Kind::kCode) {
        plan.name = value.code->display.empty() ? value.code->code : value.code->display;
      }
    }
  }
  // One plan for all retrieves of the same kind: their result is made once a run.
  for (uint32_t i = 0; i < program_.retrieves.size(); ++i) {
    const auto& other = program_.retrieves[i];
    if (other.type != plan.type || other.scope != plan.scope || other.filtered != plan.filtered ||
        other.primary_path != plan.primary_path || other.code_element != plan.code_element)
      continue;
    if (!plan.filtered) return i;
    const auto& x = program_[plan.terminology];
    const auto& y = program_[other.terminology];
    if (x.op == Op::kConstant && y.op == Op::kConstant && x.a == y.a) return i;
  }
  program_.retrieves.push_back(plan);
  return static_cast<uint32_t>(program_.retrieves.size() - 1);
}

SourcePlan Lowering::source_plan(const typed::Source& source) {
  SourcePlan plan;
  plan.value = lower(source.value);
  plan.slot = source.slot;
  plan.is_list = source.is_list;
  plan.is_order = source.scope == ast::RetrieveScope::kOrdered;
  plan.is_current = source.scope == ast::RetrieveScope::kCurrent;
  return plan;
}

/// Finds sources that are the same in every row. Definitions and retrieves are kept as it is.
void Lowering::mark_fixed(const typed::Query& query, QueryPlan& plan) const {
  std::set<uint32_t> bound;
  const auto is_fixed = [&](ExprId source) {
    const auto op = module_[source].op;
    bool fixed = op != Op::kRetrieve && op != Op::kDefinition && op != Op::kTableRows;
    typed::for_each_below(module_, source, [&](ExprId id) {
      fixed = fixed && !(module_[id].op == Op::kLocal && bound.contains(module_[id].a));
    });
    return fixed;
  };
  for (size_t i = 0; i < query.sources.size(); ++i) {
    plan.sources[i].is_fixed = i > 0 && is_fixed(query.sources[i].value);
    bound.insert(query.sources[i].slot);
  }
  for (const auto& let : query.lets) bound.insert(let.slot);
  for (size_t i = 0; i < query.relationships.size(); ++i)
    plan.relationships[i].source.is_fixed = is_fixed(query.relationships[i].source.value);
}

QueryPlan Lowering::query_plan(const typed::Query& query) {
  QueryPlan plan;
  for (const auto& source : query.sources) plan.sources.push_back(source_plan(source));
  for (const auto& let : query.lets) plan.lets.push_back({lower(let.value), let.slot});
  for (const auto& r : query.relationships)
    plan.relationships.push_back({r.without, source_plan(r.source), lower(r.such_that)});
  mark_fixed(query, plan);
  plan.where = lower(query.where);
  plan.result = lower(query.result);
  plan.distinct = query.distinct;
  plan.is_list = query.is_list;
  if (query.aggregate) {
    plan.aggregates = true;
    plan.aggregate_distinct = query.aggregate->distinct;
    plan.aggregate_slot = query.aggregate->slot;
    plan.aggregate_start = lower(query.aggregate->starting);
    plan.aggregate_value = lower(query.aggregate->value);
  }
  for (const auto& item : query.sort) plan.sort.push_back({lower(item.value), item.descending});
  plan.sort_slot = query.sort_slot;
  plan_joins(plan);
  return plan;
}

uint32_t Lowering::lower_query(const typed::Query& query) {
  auto plan = query_plan(query);
  program_.queries.push_back(std::move(plan));
  return static_cast<uint32_t>(program_.queries.size() - 1);
}

uint32_t Lowering::lower_instance(uint32_t index) {
  const auto& layout = module_.instances[index];
  InstancePlan plan;
  plan.fhir_type = layout.type;
  plan.type = program_.read_plan.type(layout.type);
  for (const auto& element : layout.elements) {
    const auto name = std::find(module_.element_names.begin(), module_.element_names.end(), element);
    const auto known = name != module_.element_names.end();
    plan.slots.push_back(known ? program_.slot(layout.type, static_cast<uint32_t>(name - module_.element_names.begin()))
                               : PlannedType::kNoSlot);
  }
  program_.instances.push_back(std::move(plan));
  return static_cast<uint32_t>(program_.instances.size() - 1);
}

}  // namespace vigil::lowering
