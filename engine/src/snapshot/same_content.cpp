// SPDX-License-Identifier: Apache-2.0
// Deep comparison of what was read from data.
#include <algorithm>

#include <vigil/snapshot.h>

namespace vigil {

namespace {

bool same_code(const CodeValue& a, const CodeValue& b) {
  return a.code == b.code && a.system == b.system && a.version == b.version && a.display == b.display;
}

bool same_quantity(const Quantity& a, const Quantity& b) { return a.value == b.value && a.unit == b.unit; }

bool same_values(const Value* a, uint32_t a_count, const Value* b, uint32_t b_count) {
  return std::equal(a, a + a_count, b, b + b_count, [](const Value& x, const Value& y) { return same_content(x, y); });
}

}  // namespace

bool same_content(const Object& a, const Object& b) {
  return &a == &b || (a.fhir_type == b.fhir_type && same_values(a.slots, a.slot_count, b.slots, b.slot_count));
}

// The recursion is as deep as the data, which readers bound.
bool same_content(const Value& a, const Value& b) {
  if (a.kind != b.kind || a.fhir_type != b.fhir_type) return false;
  switch (a.kind) {
    case Kind::kNull: return true;
    case Kind::kBoolean: return a.boolean == b.boolean;
    case Kind::kInteger: return a.integer == b.integer;
    case Kind::kLong: return a.long_integer == b.long_integer;
    case Kind::kDecimal: return a.decimal == b.decimal;
    case Kind::kString: return a.string() == b.string();
    case Kind::kDate:
    case Kind::kDateTime:
    case Kind::kTime: return a.temporal == b.temporal;
    case Kind::kQuantity: return same_quantity(*a.quantity, *b.quantity);
    case Kind::kRatio:
      return same_quantity(a.ratio->numerator, b.ratio->numerator) &&
             same_quantity(a.ratio->denominator, b.ratio->denominator);
    case Kind::kCode: return same_code(*a.code, *b.code);
    case Kind::kConcept:
      return a.concept_value->display == b.concept_value->display &&
             same_values(a.concept_value->codes, a.concept_value->count, b.concept_value->codes,
                         b.concept_value->count);
    case Kind::kVocabulary:
      return a.vocabulary->id == b.vocabulary->id && a.vocabulary->version == b.vocabulary->version &&
             a.vocabulary->is_value_set == b.vocabulary->is_value_set;
    case Kind::kInterval:
    case Kind::kUncertain:
      return a.interval->low_closed == b.interval->low_closed && a.interval->high_closed == b.interval->high_closed &&
             same_content(a.interval->low, b.interval->low) && same_content(a.interval->high, b.interval->high);
    case Kind::kList: return same_values(a.elements, a.count, b.elements, b.count);
    case Kind::kTuple: return same_values(a.tuple->slots, a.tuple->count, b.tuple->slots, b.tuple->count);
    case Kind::kObject: return same_content(*a.object, *b.object);
  }
  return false;
}

}  // namespace vigil
