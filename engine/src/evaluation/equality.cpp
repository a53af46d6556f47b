// SPDX-License-Identifier: Apache-2.0
// Equality: `=` in three values, and the equality of list operators (CQL 1.5, B.5 Comparison Operators).
#include "evaluation/equality.h"

#include <algorithm>

#include "evaluation/numbers.h"
#include "values/decimal.h"
#include "values/quantity.h"
#include "values/temporal.h"

namespace vigil {
namespace {

/// How two null-or-value parts of a structure relate: both null counts as equal, one null is unknown.
Truth equal_parts(const Value& a, const Value& b, int default_offset) {
  if (a.is_null() && b.is_null()) return Truth::kTrue;
  return equal(a, b, default_offset);
}

/// A list's elements in order: both null is equal, one null is not (CQL 1.5, B.5.2: "with the exception that null
/// elements are considered equal").
Truth equal_elements(const Value* a, const Value* b, uint32_t count, bool nulls_unknown, int default_offset) {
  auto result = Truth::kTrue;
  for (uint32_t i = 0; i < count && result != Truth::kFalse; ++i) {
    const bool one_null = a[i].is_null() != b[i].is_null();
    const auto part = one_null && !nulls_unknown ? Truth::kFalse : equal_parts(a[i], b[i], default_offset);
    result = logical_and(result, part);
  }
  return result;
}

/// Identity of a code is its system and code (docs/decisions: keys are concepts; version and display play no part, as
/// in the joins by index).
Truth equal_codes(const CodeValue& a, const CodeValue& b) {
  if (a.concept_id != 0 && b.concept_id != 0) return truth_of(a.concept_id == b.concept_id);
  if (a.code != b.code) return Truth::kFalse;
  if (a.system.empty() != b.system.empty()) return Truth::kUnknown;
  return truth_of(a.system == b.system);
}

/// The ends as `start of` and `end of` give them are compared by interval operators; here ends of one closedness are
/// compared directly, others after a step (CQL 1.5, B.9.7 Equal).
Truth equal_ends(const Value& a, bool a_closed, const Value& b, bool b_closed, bool low, int default_offset) {
  if (a.is_null() && b.is_null()) return a_closed && b_closed ? Truth::kTrue : Truth::kUnknown;
  if (a.is_null() || b.is_null()) {
    // A closed null end is the type's own; it differs from any other value but that one.
    const bool closed = a.is_null() ? a_closed : b_closed;
    if (!closed) return Truth::kUnknown;
    const auto& other = a.is_null() ? b : a;
    return truth_of((a.is_null() ? b_closed : a_closed) && is_extreme(other, low));
  }
  // Open ends step at the precision they have.
  const bool alike = !is_date_like(a) && a.kind != Kind::kTime ? true : a.temporal.precision == b.temporal.precision;
  if (a_closed == b_closed && (a_closed || alike)) return equal(a, b, default_offset);
  Quantity storage;
  const auto first = a_closed ? std::optional<Value>(a) : neighbour(a, low, storage);
  const auto second = b_closed ? std::optional<Value>(b) : neighbour(b, low, storage);
  return first && second ? equal(*first, *second, default_offset) : Truth::kUnknown;
}

Truth equal_intervals(const IntervalValue& a, const IntervalValue& b, int default_offset) {
  const auto closed = [](const IntervalValue& of, bool end) { return end && !of.of_any; };
  return logical_and(
      equal_ends(a.low, closed(a, a.low_closed), b.low, closed(b, b.low_closed), true, default_offset),
      equal_ends(a.high, closed(a, a.high_closed), b.high, closed(b, b.high_closed), false, default_offset));
}

/// Resources are one where they are the same fact; data types element by element, as tuples.
Truth equal_objects(const Object& a, const Object& b, int default_offset) {
  if (&a == &b) return Truth::kTrue;
  if (a.fact != Object::kNoFact || b.fact != Object::kNoFact) return truth_of(a.fact == b.fact);
  if (a.fhir_type != b.fhir_type || a.slot_count != b.slot_count) return Truth::kFalse;
  if (a.concept_id != 0 && b.concept_id != 0 && a.concept_id != b.concept_id) return Truth::kFalse;
  if (a.slot_count == 0) return Truth::kUnknown;  // of a type that was not known when it was read: nothing was kept
  return equal_elements(a.slots, b.slots, a.slot_count, true, default_offset);
}

Truth equal_concepts(const ConceptValue& a, const ConceptValue& b, int default_offset) {
  return a.count == b.count ? equal_elements(a.codes, b.codes, a.count, true, default_offset) : Truth::kFalse;
}

Truth equal_vocabularies(const VocabularyValue& a, const VocabularyValue& b) {
  return truth_of(a.is_value_set == b.is_value_set && a.id == b.id && a.version == b.version);
}

/// Values of two kinds, as choices can hold: numbers meet as decimals, a Date meets a DateTime.
Truth equal_across_kinds(const Value& a, const Value& b, int default_offset) {
  if (is_number(a) && is_number(b)) return truth_of(as_decimal(a) == as_decimal(b));
  if (is_date_like(a) && is_date_like(b)) return is_equal(order(a, b, default_offset));
  return Truth::kFalse;
}

/// The least or greatest a number can be.
const Value& extent(const Value& v, bool low) {
  if (v.kind != Kind::kUncertain) return v;
  return low ? v.interval->low : v.interval->high;
}

/// Decided where every number of one range relates so to every one of the other (CQL 1.5, Uncertainty).
Comparison order_uncertain(const Value& a, const Value& b, int default_offset) {
  if (order(extent(a, false), extent(b, true), default_offset) == Comparison::kLess) return Comparison::kLess;
  if (order(extent(a, true), extent(b, false), default_offset) == Comparison::kGreater) return Comparison::kGreater;
  return Comparison::kUnknown;
}

bool is_uncertain(const Value& a, const Value& b) { return a.kind == Kind::kUncertain || b.kind == Kind::kUncertain; }

}  // namespace

/// CQL 1.5, B.5.2 Equal.
Truth equal(const Value& a, const Value& b, int default_offset) {
  if (a.is_null() || b.is_null()) return Truth::kUnknown;
  if (is_uncertain(a, b)) return is_equal(order_uncertain(a, b, default_offset));
  if (a.kind != b.kind) return equal_across_kinds(a, b, default_offset);
  switch (a.kind) {
    case Kind::kNull: return Truth::kUnknown;
    case Kind::kBoolean: return truth_of(a.boolean == b.boolean);
    case Kind::kString: return truth_of(a.string() == b.string());
    case Kind::kInteger:
    case Kind::kLong:
    case Kind::kDecimal:
    case Kind::kDate:
    case Kind::kDateTime:
    case Kind::kTime:
    case Kind::kQuantity: return is_equal(order(a, b, default_offset));
    case Kind::kRatio:
      return logical_and(is_equal(compare(a.ratio->numerator, b.ratio->numerator)),
                         is_equal(compare(a.ratio->denominator, b.ratio->denominator)));
    case Kind::kCode: return equal_codes(*a.code, *b.code);
    case Kind::kConcept: return equal_concepts(*a.concept_value, *b.concept_value, default_offset);
    case Kind::kVocabulary: return equal_vocabularies(*a.vocabulary, *b.vocabulary);
    case Kind::kInterval: return equal_intervals(*a.interval, *b.interval, default_offset);
    case Kind::kList:
      return a.count == b.count ? equal_elements(a.elements, b.elements, a.count, false, default_offset)
                                : Truth::kFalse;
    case Kind::kTuple:
      return a.tuple->count == b.tuple->count
                 ? equal_elements(a.tuple->slots, b.tuple->slots, a.tuple->count, true, default_offset)
                 : Truth::kFalse;
    case Kind::kObject: return equal_objects(*a.object, *b.object, default_offset);
    case Kind::kUncertain: return Truth::kUnknown;
  }
  return Truth::kFalse;
}

/// CQL 1.5, B.9: "using equality semantics, with the exception that null elements are considered equal".
bool same(const Value& a, const Value& b, int default_offset) {
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  return equal(a, b, default_offset) == Truth::kTrue;
}

/// CQL 1.5, B.5.5 Greater, and its kin. Strings are compared by code points, which is the order of UTF-8 bytes.
Comparison order(const Value& a, const Value& b, int default_offset) {
  if (a.is_null() || b.is_null()) return Comparison::kUnknown;
  if (is_uncertain(a, b)) return order_uncertain(a, b, default_offset);
  if (is_number(a) && is_number(b)) {
    if (a.kind == Kind::kInteger && b.kind == Kind::kInteger) return comparison_of(a.integer <=> b.integer);
    if (a.kind == Kind::kLong && b.kind == Kind::kLong) return comparison_of(a.long_integer <=> b.long_integer);
    return comparison_of(compare(as_decimal(a), as_decimal(b)));
  }
  // A Date has the bits of the DateTime it becomes.
  if (is_date_like(a) && is_date_like(b)) return compare(a.temporal, b.temporal, std::nullopt, default_offset);
  if (a.kind != b.kind) return Comparison::kUnknown;
  switch (a.kind) {
    case Kind::kTime: return compare(a.temporal, b.temporal, std::nullopt, default_offset);
    case Kind::kString: return comparison_of(a.string().compare(b.string()) <=> 0);
    case Kind::kQuantity: return compare(*a.quantity, *b.quantity);
    case Kind::kBoolean: return comparison_of(static_cast<int>(a.boolean) <=> static_cast<int>(b.boolean));
    default: return Comparison::kUnknown;
  }
}

/// Sort clause of a query (CQL 1.5, author's guide, "Sorting": nulls are lowest). Dates of mixed precision go by their
/// first instant, the coarser first, so that the order is total where comparison leaves it open.
int sort_order(const Value& a, const Value& b, int default_offset) {
  const auto sign = [](auto x, auto y) { return x < y ? -1 : y < x ? 1 : 0; };
  if (a.is_null() || b.is_null()) return static_cast<int>(b.is_null()) - static_cast<int>(a.is_null());
  if (is_date_like(a) && is_date_like(b)) {
    const auto by_time = sign(to_milliseconds(a.temporal, default_offset), to_milliseconds(b.temporal, default_offset));
    return by_time != 0 ? by_time : sign(a.temporal.precision, b.temporal.precision);
  }
  if (a.kind == Kind::kTime && b.kind == Kind::kTime) {
    const auto by_time = sign(milliseconds_of_day(a.temporal), milliseconds_of_day(b.temporal));
    return by_time != 0 ? by_time : sign(a.temporal.precision, b.temporal.precision);
  }
  switch (order(a, b, default_offset)) {
    case Comparison::kLess: return -1;
    case Comparison::kGreater: return 1;
    default: return a.kind == b.kind || (is_number(a) && is_number(b)) ? 0 : sign(a.kind, b.kind);
  }
}

}  // namespace vigil
