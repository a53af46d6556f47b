// SPDX-License-Identifier: Apache-2.0
// Selectors of System classes (CQL 1.5, author's guide, "Clinical values").
#include "evaluation/results.h"

namespace vigil {
namespace {

std::string_view text_or_empty(const Value& v) { return v.is_null() ? std::string_view() : v.string(); }

Value make_code_of(Run& run, const Call& call) {
  const CodeValue made{text_or_empty(call[0]), text_or_empty(call[1]), text_or_empty(call[2]), text_or_empty(call[3]),
                       run.knowledge().find_concept(text_or_empty(call[1]), text_or_empty(call[0]))};
  return Value::of(static_cast<const CodeValue*>(run.arena().make<CodeValue>(made)));
}

Value make_concept_of(Run& run, const Call& call) {
  const Call codes{call.operands, 1, 0, 0, model::kConcept, call.span};
  auto made = call[0].is_null() ? ConceptValue{} : *op_ConvertCodesToConcept(run, codes).concept_value;
  made.display = text_or_empty(call[1]);
  return Value::of(static_cast<const ConceptValue*>(run.arena().make<ConceptValue>(made)));
}

Value make_vocabulary_of(Run& run, const Call& call, bool is_value_set) {
  VocabularyValue made{text_or_empty(call[0]), text_or_empty(call[1]), text_or_empty(call[2]),
                       VocabularyValue::kUnresolved, is_value_set};
  if (is_value_set)
    made.index = run.knowledge().find_value_set(made.id, made.version).value_or(VocabularyValue::kUnresolved);
  return Value::of(static_cast<const VocabularyValue*>(run.arena().make<VocabularyValue>(made)));
}

}  // namespace

/// Elements that are null are left out; a quantity without value and a ratio without a part are null.
Value op_MakeSystem(Run& run, const Call& call) {
  switch (call.type.value) {
    case model::kQuantity.value:
      if (call[0].is_null()) return Value::null();
      return make_quantity(run, call[0].decimal, call[1].is_null() ? "1" : call[1].string());
    case model::kRatio.value:
      if (call[0].is_null() || call[1].is_null()) return Value::null();
      return Value::of(static_cast<const Ratio*>(run.arena().make<Ratio>(Ratio{*call[0].quantity, *call[1].quantity})));
    case model::kCode.value: return make_code_of(run, call);
    case model::kConcept.value: return make_concept_of(run, call);
    case model::kValueSet.value: return make_vocabulary_of(run, call, true);
    case model::kCodeSystem.value: return make_vocabulary_of(run, call, false);
    default: return Value::null();
  }
}

}  // namespace vigil
