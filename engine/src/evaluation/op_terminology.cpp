// SPDX-License-Identifier: Apache-2.0
// Codes in value sets and code systems, and below each other (CQL 1.5, B.12 Clinical Operators).
#include <algorithm>

#include "diagnostics/catalogue.h"
#include "evaluation/results.h"

namespace vigil {
namespace {

/// The id of a code in the knowledge base; 0 where it does not hold it.
ConceptId id_of(const Run& run, const CodeValue& code) {
  return code.concept_id != 0 ? code.concept_id : run.knowledge().find_concept(code.system, code.code);
}

uint32_t resolved(const Run& run, const VocabularyValue& value_set, Span span) {
  if (value_set.index == VocabularyValue::kUnresolved)
    run.fail(make_diagnostic<Code::VGL0903>(span, value_set.name.empty() ? value_set.id : value_set.name));
  return value_set.index;
}

/// Codes of one value set, asked of values of every kind that holds codes.
class ValueSetQuestion {
 public:
  ValueSetQuestion(Run& run, uint32_t value_set) : run_(run), value_set_(value_set) {}

  /// A value without any code, such as a concept of text alone, is not a member, but could be: undetermined.
  Value ask(const Value& value) const {
    switch (value.kind) {
      case Kind::kString: return Value::of(holds_text(value.string()));
      case Kind::kCode: return ask_id(id_of(run_, *value.code));
      case Kind::kConcept: return ask_any({value.concept_value->codes, value.concept_value->count}, true);
      case Kind::kList: return ask_any({value.elements, value.count}, false);
      case Kind::kObject: return ask_object(*value.object);
      default: return Value::null();
    }
  }

 private:
  /// A code that the knowledge base does not hold may be another name of a member: false, but undetermined.
  Value ask_id(ConceptId id) const {
    if (id == 0 || id > run_.knowledge().concept_count()) return Value::of(false).with_flags(Value::kUndetermined);
    return Value::of(run_.knowledge().is_member(value_set_, id));
  }

  /// A code alone: of any system.
  bool holds_text(std::string_view code) const {
    const auto members = run_.knowledge().members(value_set_);
    return std::any_of(members.begin(), members.end(),
                       [&](ConceptId id) { return run_.knowledge().concept_info(id).code == code; });
  }

  /// True for any. Else false: determined where any part is, since one code that is recognised says what it is.
  Value ask_any(std::span<const Value> values, bool empty_is_open) const {
    bool recognised = values.empty() && !empty_is_open;
    for (const auto& value : values) {
      if (value.is_null()) continue;
      const auto one = ask(value);
      if (one.is_true()) return one;
      recognised = recognised || one.flags == 0;
    }
    return Value::of(false).with_flags(recognised ? 0 : Value::kUndetermined);
  }

  Value ask_object(const Object& object) const {
    if (object.concept_id != 0) return ask_id(object.concept_id);
    const auto codings = run_.element(object, run_.program().elements.coding);
    if (codings.kind == Kind::kList) return ask_any({codings.elements, codings.count}, true);
    return Value::of(false).with_flags(Value::kUndetermined);
  }

  Run& run_;
  uint32_t value_set_;
};

/// By the system a code names; text alone, by the codes the knowledge base holds of it. Of several, any.
bool in_system(const Run& run, const Value& value, std::string_view system) {
  const auto any = [&](const Value* first, uint32_t count) {
    return std::any_of(first, first + count, [&](const Value& each) { return in_system(run, each, system); });
  };
  switch (value.kind) {
    case Kind::kString: return run.knowledge().find_concept(system, value.string()) != 0;
    case Kind::kCode: return value.code->system == system;
    case Kind::kConcept: return any(value.concept_value->codes, value.concept_value->count);
    case Kind::kList: return any(value.elements, value.count);
    default: return false;
  }
}

/// One concept below another, in one code system; null where the knowledge base does not hold one of them.
Value subsumes(const Run& run, const CodeValue& ancestor, const CodeValue& descendant) {
  if (ancestor.code == descendant.code && ancestor.system == descendant.system) return Value::of(true);
  const auto above = id_of(run, ancestor), below = id_of(run, descendant);
  const auto count = run.knowledge().concept_count();
  if (above == 0 || below == 0 || above > count || below > count) return Value::null();
  return Value::of(run.knowledge().subsumes(above, below));
}

}  // namespace

/// CQL 1.5, B.12.6 In (Valueset). A value set that the knowledge base lacks is an error, never false.
Value op_InValueSet(Run& run, const Call& call) {
  return ValueSetQuestion(run, resolved(run, *call[1].vocabulary, call.span)).ask(call[0]);
}

/// CQL 1.5, B.12.5 In (Codesystem): by the system the code names.
Value op_InCodeSystem(Run& run, const Call& call) {
  const auto system = call[1].vocabulary->id;
  return Value::of(in_system(run, call[0], system));
}

/// CQL 1.5, B.12.4 ExpandValueSet.
Value op_ExpandValueSet(Run& run, const Call& call) {
  const auto mark = run.scratch().size();
  for (const auto id : run.knowledge().members(resolved(run, *call[0].vocabulary, call.span)))
    run.scratch().push_back(run.make_code(id));
  return run.finish_list(mark);
}

/// CQL 1.5, B.12.8 Subsumes.
Value op_Subsumes(Run& run, const Call& call) { return subsumes(run, *call[0].code, *call[1].code); }

/// CQL 1.5, B.12.9 SubsumedBy.
Value op_SubsumedBy(Run& run, const Call& call) { return subsumes(run, *call[1].code, *call[0].code); }

}  // namespace vigil
