// SPDX-License-Identifier: Apache-2.0
// Vigil's own functions on codes and drugs: codes, ingredients, classes, isA, isActive, isCurrent
// (grammar/LANGUAGE.md).
#include "evaluation/drug_knowledge.h"
#include "evaluation/results.h"

namespace vigil {

/// codes(resource): those of its primary code path, references followed.
Value op_Codes(Run& run, const Call& call) {
  ConceptList codes(run.arena());
  const bool complete = add_codes(run, call[0], codes);
  return code_list(run, codes.ids(), complete);
}

/// ingredients(resource or code). A drug that nothing recognises may have any: undetermined.
Value op_Ingredients(Run& run, const Call& call) {
  ConceptList ingredients(run.arena());
  const bool recognised = add_ingredients(run, call[0], ingredients);
  return code_list(run, ingredients.ids(), recognised);
}

/// classes(resource or code): those of its ingredients.
Value op_Classes(Run& run, const Call& call) {
  ConceptList ingredients(run.arena()), classes(run.arena());
  const bool recognised = add_ingredients(run, call[0], ingredients);
  add_related(run, Relation::kDrugClass, ingredients.ids(), classes);
  return code_list(run, classes.ids(), recognised);
}

/// isA(resource or code, code): whether the code is one of its classes or ingredients.
Value op_IsA(Run& run, const Call& call) {
  ConceptList ingredients(run.arena()), classes(run.arena()), wanted(run.arena());
  const bool recognised = add_ingredients(run, call[0], ingredients);
  add_related(run, Relation::kDrugClass, ingredients.ids(), classes);
  const bool known = add_codes(run, call[1], wanted);
  if (known && (wanted.shared_with(classes) != 0 || wanted.shared_with(ingredients) != 0)) return Value::of(true);
  return Value::of(false).with_flags(recognised && known ? 0 : Value::kUndetermined);
}

namespace {

Value value_of(Condition condition) {
  return Value::of(condition.holds).with_flags(condition.undetermined ? Value::kUndetermined : 0);
}

/// Of a resource that is no fact of the snapshot, such as one written in a rule, nothing is known.
constexpr Condition kOpen = {false, true};

}  // namespace

/// isActive(resource): by its status.
Value op_IsActive(Run& run, const Call& call) {
  const auto* const fact = run.fact_of(*call[0].object);
  return value_of(fact == nullptr ? kOpen : run.is_active(*fact));
}

/// isCurrent(resource): active, or a draft under review that asks for something; what `current` takes.
Value op_IsCurrent(Run& run, const Call& call) {
  run.depends_on_trigger();
  const auto* const fact = run.fact_of(*call[0].object);
  return value_of(fact == nullptr ? kOpen : run.is_current(*fact));
}

}  // namespace vigil
