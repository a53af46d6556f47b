// SPDX-License-Identifier: Apache-2.0
// Equivalence: `~`, which is never unknown (CQL 1.5, B.5.3 Equivalent).
#include <algorithm>

#include "evaluation/equality.h"
#include "evaluation/numbers.h"
#include "evaluation/text_case.h"
#include "model/fhir_model.h"
#include "values/decimal.h"
#include "values/quantity.h"
#include "values/temporal.h"

namespace vigil {
namespace {

/// "The same value while ignoring case and locale, and normalizing whitespace": each white space counts as a blank.
bool equivalent_texts(std::string_view a, std::string_view b) {
  const auto next = [](std::string_view& text) {
    const auto c = to_lower(take_code_point(text));
    return is_blank(c) ? uint32_t{' '} : c;
  };
  while (!a.empty() && !b.empty())
    if (next(a) != next(b)) return false;
  return a.empty() && b.empty();
}

/// "Equivalent if their codes and systems are equal": version and display are left aside.
bool equivalent_codes(const CodeValue& a, const CodeValue& b) {
  if (a.concept_id != 0 && b.concept_id != 0) return a.concept_id == b.concept_id;
  return a.code == b.code && a.system == b.system;
}

/// "Concepts are equivalent if any of their codes is."
bool equivalent_concepts(const ConceptValue& a, const ConceptValue& b) {
  for (uint32_t i = 0; i < a.count; ++i)
    for (uint32_t j = 0; j < b.count; ++j)
      if (equivalent_codes(*a.codes[i].code, *b.codes[j].code)) return true;
  return false;
}

bool holds_code(const ConceptValue& c, const CodeValue& code) {
  return std::any_of(c.codes, c.codes + c.count, [&](const Value& each) { return equivalent_codes(*each.code, code); });
}

bool equivalent_elements(const Value* a, const Value* b, uint32_t count, int default_offset) {
  return std::equal(a, a + count, b, b + count,
                    [&](const Value& x, const Value& y) { return equivalent(x, y, default_offset); });
}

/// "Two ratios are equivalent if they represent the same ratio": 1:2 and 2:4.
bool equivalent_ratios(const Ratio& a, const Ratio& b) {
  const auto first = mul(a.numerator, b.denominator), second = mul(b.numerator, a.denominator);
  if (!first || !second) return equivalent(a.numerator, b.numerator) && equivalent(a.denominator, b.denominator);
  return equivalent(Quantity{first->value, first->unit.view()}, Quantity{second->value, second->unit.view()});
}

/// "The same starting and ending points": an open end is moved to the next point within.
bool equivalent_ends(const Value& a, bool a_closed, const Value& b, bool b_closed, bool low, int default_offset) {
  if (a_closed == b_closed || a.is_null() || b.is_null())
    return a_closed == b_closed && equivalent(a, b, default_offset);
  Quantity storage;
  const auto first = a_closed ? std::optional<Value>(a) : neighbour(a, low, storage);
  const auto second = b_closed ? std::optional<Value>(b) : neighbour(b, low, storage);
  return first && second && equivalent(*first, *second, default_offset);
}

bool equivalent_intervals(const IntervalValue& a, const IntervalValue& b, int default_offset) {
  return equivalent_ends(a.low, a.low_closed, b.low, b.low_closed, true, default_offset) &&
         equivalent_ends(a.high, a.high_closed, b.high, b.high_closed, false, default_offset);
}

/// The codings of a FHIR CodeableConcept: its list of Codings; another may be of extensions.
Value codings_of(const Object& codeable_concept) {
  static const auto kCodingType = model::find_type("Coding");
  for (uint16_t i = 0; i < codeable_concept.slot_count; ++i) {
    const auto& list = codeable_concept.slots[i];
    if (list.kind != Kind::kList || list.count == 0 || list.elements[0].kind != Kind::kObject) continue;
    if (list.elements[0].object->fhir_type == kCodingType) return list;
  }
  return Value::null();
}

/// FHIR objects as what they mean: Codings as codes, CodeableConcepts as concepts, others element by element.
bool equivalent_objects(const Object& a, const Object& b, int default_offset) {
  if (&a == &b) return true;
  if (a.fact != Object::kNoFact || b.fact != Object::kNoFact) return a.fact == b.fact;
  if (a.fhir_type != b.fhir_type || a.slot_count != b.slot_count) return false;
  static const auto kCodeableConceptType = model::find_type("CodeableConcept");
  if (a.concept_id != 0 && b.concept_id != 0) return a.concept_id == b.concept_id;
  if (a.fhir_type == kCodeableConceptType) {
    const auto ours = codings_of(a), theirs = codings_of(b);
    if (!ours.is_null() && !theirs.is_null() && ours.count > 0 && theirs.count > 0)
      return std::any_of(ours.begin(), ours.end(), [&](const Value& x) {
        return std::any_of(theirs.begin(), theirs.end(),
                           [&](const Value& y) { return equivalent(x, y, default_offset); });
      });
  }
  return equivalent_elements(a.slots, b.slots, a.slot_count, default_offset);
}

bool equivalent_across_kinds(const Value& a, const Value& b, int default_offset) {
  if (is_number(a) && is_number(b)) return equivalent(as_decimal(a), as_decimal(b));
  if (is_date_like(a) && is_date_like(b)) return equivalent(a.temporal, b.temporal, default_offset);
  if (a.kind == Kind::kConcept && b.kind == Kind::kCode) return holds_code(*a.concept_value, *b.code);
  if (a.kind == Kind::kCode && b.kind == Kind::kConcept) return holds_code(*b.concept_value, *a.code);
  return false;
}

}  // namespace

/// CQL 1.5, B.5.3 Equivalent.
bool equivalent(const Value& a, const Value& b, int default_offset) {
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  if (a.kind != b.kind) return equivalent_across_kinds(a, b, default_offset);
  switch (a.kind) {
    case Kind::kDecimal: return equivalent(a.decimal, b.decimal);
    case Kind::kString: return equivalent_texts(a.string(), b.string());
    case Kind::kDate:
    case Kind::kDateTime:
    case Kind::kTime: return equivalent(a.temporal, b.temporal, default_offset);
    case Kind::kQuantity: return equivalent(*a.quantity, *b.quantity);
    case Kind::kRatio: return equivalent_ratios(*a.ratio, *b.ratio);
    case Kind::kCode: return equivalent_codes(*a.code, *b.code);
    case Kind::kConcept: return equivalent_concepts(*a.concept_value, *b.concept_value);
    case Kind::kInterval: return equivalent_intervals(*a.interval, *b.interval, default_offset);
    case Kind::kList: return a.count == b.count && equivalent_elements(a.elements, b.elements, a.count, default_offset);
    case Kind::kTuple:
      return a.tuple->count == b.tuple->count &&
             equivalent_elements(a.tuple->slots, b.tuple->slots, a.tuple->count, default_offset);
    case Kind::kObject: return equivalent_objects(*a.object, *b.object, default_offset);
    default: return equal(a, b, default_offset) == Truth::kTrue;
  }
}

}  // namespace vigil
