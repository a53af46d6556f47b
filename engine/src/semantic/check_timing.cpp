// SPDX-License-Identifier: Apache-2.0
// Timing phrases, rewritten to comparisons of boundaries (CQL 1.5, author's guide, "Timing Phrases"; developer's guide,
// "Translation of timing phrases").
#include "diagnostics/catalogue.h"
#include "semantic/conversions.h"
#include "semantic/expression_checker.h"

namespace vigil::semantic {
namespace {

using Phrase = ast::TimingPhrase;
using Relation = Phrase::Relation;

std::string_view operation_of(const Phrase& phrase) {
  switch (phrase.relation) {
    case Relation::kSameAs: return "SameAs";
    case Relation::kSameOrBefore: return "SameOrBefore";
    case Relation::kSameOrAfter: return "SameOrAfter";
    case Relation::kIncludes: return phrase.properly ? "ProperlyIncludes" : "Includes";
    case Relation::kIncludedIn:
    case Relation::kDuring: return phrase.properly ? "ProperlyIncludedIn" : "IncludedIn";
    case Relation::kBefore: return phrase.on_or ? "SameOrBefore" : "Before";
    case Relation::kAfter: return phrase.on_or ? "SameOrAfter" : "After";
    case Relation::kMeets: return "Meets";
    case Relation::kMeetsBefore: return "MeetsBefore";
    case Relation::kMeetsAfter: return "MeetsAfter";
    case Relation::kOverlaps: return "Overlaps";
    case Relation::kOverlapsBefore: return "OverlapsBefore";
    case Relation::kOverlapsAfter: return "OverlapsAfter";
    case Relation::kStarts: return "Starts";
    case Relation::kEnds: return "Ends";
    case Relation::kWithin: break;
  }
  return "SameAs";
}

}  // namespace

/// The start or end of an interval; a point in time is its own start and end.
ExprId ExpressionChecker::boundary(ExprId value, bool start, Span span) {
  if (!value) return none();
  auto interval = value;
  const auto value_type = type(value);
  if (types_.is_fhir(value_type))
    if (const auto system = system_type_of(types_, types_.fhir_type(value_type)))
      interval = convert(module_, value, *system);
  if (!types_.is_interval(type(interval)) && !types_.is_choice(type(interval))) return interval;
  return apply(start ? "StartOf" : "EndOf", {interval}, span);
}

ExprId ExpressionChecker::check_timing(const ast::TimingExpr& e, Span span) {
  const auto& phrase = e.phrase;
  auto left = check(e.left);
  auto right = check(e.right);
  if (!left || !right) return none();
  if (phrase.left_boundary == Phrase::Boundary::kStart) left = boundary(left, true, span);
  if (phrase.left_boundary == Phrase::Boundary::kEnd) left = boundary(left, false, span);
  if (phrase.right_boundary == Phrase::Boundary::kStart) right = boundary(right, true, span);
  if (phrase.right_boundary == Phrase::Boundary::kEnd) right = boundary(right, false, span);
  if (!left || !right) return none();
  if (phrase.relation == Relation::kWithin) return timing_within(left, right, phrase, span);
  if (phrase.offset != Phrase::Offset::kNone) return timing_with_offset(left, right, phrase, span);

  const auto is_interval = [&](ExprId id) {
    const auto t = type(id);
    if (types_.is_interval(t)) return true;
    if (!types_.is_fhir(t)) return false;
    const auto system = system_type_of(types_, types_.fhir_type(t));
    return system && types_.is_interval(*system);
  };
  const auto precision = phrase.precision ? 1 + static_cast<uint32_t>(*phrase.precision) : 0;
  const bool order = phrase.relation == Relation::kBefore || phrase.relation == Relation::kAfter ||
                     phrase.relation == Relation::kSameOrBefore || phrase.relation == Relation::kSameOrAfter;
  const bool before = phrase.relation == Relation::kBefore || phrase.relation == Relation::kSameOrBefore;
  const bool lists = types_.is_list(type(left)) || types_.is_list(type(right));
  if (order && (is_interval(left) || is_interval(right))) {
    // An interval is before another where it ends before the other starts.
    left = boundary(left, !before, span);
    right = boundary(right, before, span);
  } else if (phrase.relation == Relation::kSameAs && is_interval(left) && is_interval(right)) {
    const auto starts = apply("SameAs", {boundary(left, true, span), boundary(right, true, span)}, span, precision);
    const auto ends = apply("SameAs", {boundary(left, false, span), boundary(right, false, span)}, span, precision);
    return starts && ends ? module_.add(Op::kAnd, model::kBoolean, span, {starts, ends}) : none();
  }
  (void)lists;
  return apply(operation_of(phrase), {left, right}, span, precision);
}

/// `A 3 days or more before B`: A's boundary compared with B's boundary moved by the quantity.
ExprId ExpressionChecker::timing_with_offset(ExprId left, ExprId right, const Phrase& phrase, Span span) {
  const bool before = phrase.relation == Relation::kBefore || phrase.relation == Relation::kSameOrBefore;
  const auto quantity = check_as(phrase.quantity, model::kQuantity);
  left = boundary(left, !before, span);
  right = boundary(right, before, span);
  if (!left || !right || !quantity) return none();
  const auto precision = phrase.precision ? 1 + static_cast<uint32_t>(*phrase.precision) : 0;
  const auto moved = apply(before ? "Subtract" : "Add", {right, quantity}, span);
  switch (phrase.offset) {
    case Phrase::Offset::kExactly: return apply("SameAs", {left, moved}, span, precision);
    case Phrase::Offset::kOrMore: return apply(before ? "SameOrBefore" : "SameOrAfter", {left, moved}, span, precision);
    case Phrase::Offset::kMoreThan: return apply(before ? "Before" : "After", {left, moved}, span, precision);
    case Phrase::Offset::kOrLess:
    case Phrase::Offset::kLessThan: {
      const bool closed = phrase.offset == Phrase::Offset::kOrLess;
      const auto near = apply(phrase.on_or ? (before ? "SameOrBefore" : "SameOrAfter") : (before ? "Before" : "After"),
                              {left, right}, span, precision);
      const auto far = apply(before ? (closed ? "SameOrAfter" : "After") : (closed ? "SameOrBefore" : "Before"),
                             {left, moved}, span, precision);
      return near && far ? module_.add(Op::kAnd, model::kBoolean, span, {near, far}) : none();
    }
    case Phrase::Offset::kNone: break;
  }
  return none();
}

/// `A within 3 days of B`: A is at or after B's start minus the quantity, and at or before B's end plus it.
ExprId ExpressionChecker::timing_within(ExprId left, ExprId right, const Phrase& phrase, Span span) {
  const auto quantity = check_as(phrase.quantity, model::kQuantity);
  if (!quantity) return none();
  const auto precision = phrase.precision ? 1 + static_cast<uint32_t>(*phrase.precision) : 0;
  const auto earliest = apply("Subtract", {boundary(right, true, span), quantity}, span);
  const auto latest = apply("Add", {boundary(right, false, span), quantity}, span);
  const auto low =
      apply(phrase.properly ? "After" : "SameOrAfter", {boundary(left, true, span), earliest}, span, precision);
  const auto high =
      apply(phrase.properly ? "Before" : "SameOrBefore", {boundary(left, false, span), latest}, span, precision);
  return low && high ? module_.add(Op::kAnd, model::kBoolean, span, {low, high}) : none();
}

}  // namespace vigil::semantic
