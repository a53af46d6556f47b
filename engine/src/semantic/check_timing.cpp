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

/// The phrase as it is written most simply, for messages.
std::string_view words_of(const Phrase& phrase) {
  switch (phrase.relation) {
    case Relation::kSameAs: return "same as";
    case Relation::kSameOrBefore: return "same or before";
    case Relation::kSameOrAfter: return "same or after";
    case Relation::kIncludes: return "includes";
    case Relation::kIncludedIn: return "included in";
    case Relation::kDuring: return "during";
    case Relation::kBefore: return phrase.on_or ? "on or before" : "before";
    case Relation::kAfter: return phrase.on_or ? "on or after" : "after";
    case Relation::kWithin: return "within";
    case Relation::kMeets: return "meets";
    case Relation::kMeetsBefore: return "meets before";
    case Relation::kMeetsAfter: return "meets after";
    case Relation::kOverlaps: return "overlaps";
    case Relation::kOverlapsBefore: return "overlaps before";
    case Relation::kOverlapsAfter: return "overlaps after";
    case Relation::kStarts: return "starts";
    case Relation::kEnds: return "ends";
  }
  return "same as";
}

}  // namespace

/// The System type that a type is or becomes, FHIR.Period an interval; Any where there is none.
TypeId ExpressionChecker::system_or_itself(TypeId type) {
  if (!types_.is_fhir(type)) return type;
  return system_type_of(types_, types_.fhir_type(type)).value_or(model::kAny);
}

/// Whether it is a choice that may be a period, such as `effective`: Choice<FHIR.Period, FHIR.dateTime, ...>.
bool ExpressionChecker::may_be_period(TypeId type) {
  if (!types_.is_choice(type)) return false;
  const auto parts = types_[type].parts;
  const auto period = types_.interval(model::kDateTime);
  return std::any_of(parts.begin(), parts.end(), [&](TypeId part) { return system_or_itself(part) == period; });
}

/// A choice that may be a period as one: a period as it is, a point in time as the period of itself, null of others.
ExprId ExpressionChecker::choice_as_period(ExprId value) {
  const auto period = types_.interval(model::kDateTime);
  const auto is_point = [&](TypeId part) {
    const auto system = system_or_itself(part);
    return system == model::kDateTime || system == model::kDate;
  };
  return by_alternative(
      module_, value, period, module_.null(period, module_.span(value)),
      [&](TypeId part) { return system_or_itself(part) == period || is_point(part); },
      [&](ExprId as) {
        if (!is_point(type(as))) return convert(module_, as, period);
        const auto point = convert(module_, as, model::kDateTime);
        return module_.add(Op::kPointAsInterval, period, module_.span(value), {point});
      });
}

/// The start or end of an interval; a point in time is its own start and end.
ExprId ExpressionChecker::boundary(ExprId value, bool start, const Operation& operation) {
  if (!value) return none();
  auto interval = may_be_period(type(value)) ? choice_as_period(value) : value;
  const auto value_type = type(interval);
  if (types_.is_fhir(value_type))
    if (const auto system = system_type_of(types_, types_.fhir_type(value_type)))
      interval = convert(module_, value, *system);
  if (!types_.is_interval(type(interval)) && !types_.is_choice(type(interval))) return interval;
  return apply(operation.as(start ? "StartOf" : "EndOf"), {interval});
}

/// A point as the interval of itself; a null of no type stays what it is.
ExprId ExpressionChecker::as_interval(ExprId point) {
  auto t = type(point);
  if (t == model::kAny) return point;
  if (may_be_period(t)) return choice_as_period(point);
  if (types_.is_choice(t) && conversion_cost(types_, t, model::kDateTime)) {
    point = convert(module_, point, model::kDateTime);
    t = model::kDateTime;
  }
  if (types_.is_fhir(t))
    if (const auto system = system_type_of(types_, types_.fhir_type(t))) {
      point = convert(module_, point, *system);
      t = *system;
    }
  return module_.add(Op::kPointAsInterval, types_.interval(t), module_.span(point), {point});
}

ExprId ExpressionChecker::check_timing(const ast::TimingExpr& e, Span span) {
  const auto& phrase = e.phrase;
  auto left = check(e.left);
  auto right = check(e.right);
  if (!left || !right) return none();
  const Operation operation{operation_of(phrase), span, words_of(phrase), e.sign, false, {left, right}};
  if (phrase.left_boundary == Phrase::Boundary::kStart) left = boundary(left, true, operation);
  if (phrase.left_boundary == Phrase::Boundary::kEnd) left = boundary(left, false, operation);
  if (phrase.right_boundary == Phrase::Boundary::kStart) right = boundary(right, true, operation);
  if (phrase.right_boundary == Phrase::Boundary::kEnd) right = boundary(right, false, operation);
  if (!left || !right) return none();
  if (phrase.relation == Relation::kWithin) return timing_within(left, right, phrase, operation);
  if (phrase.offset != Phrase::Offset::kNone) return timing_with_offset(left, right, phrase, operation);

  const auto is_interval = [&](ExprId id) { return types_.is_interval(system_or_itself(type(id))); };
  const auto is_temporal = [&](ExprId id) {
    const auto t = system_or_itself(type(id));
    const auto point = types_.is_interval(t) ? types_.element(t) : t;
    return point == model::kDateTime || point == model::kDate || may_be_period(t);
  };
  const auto precision = phrase.precision ? 1 + static_cast<uint32_t>(*phrase.precision) : 0;
  const bool same = phrase.relation == Relation::kSameAs;
  const bool order = phrase.relation == Relation::kBefore || phrase.relation == Relation::kAfter ||
                     phrase.relation == Relation::kSameOrBefore || phrase.relation == Relation::kSameOrAfter;
  const bool before = phrase.relation == Relation::kBefore || phrase.relation == Relation::kSameOrBefore;
  const bool choice = types_.is_choice(type(left)) || types_.is_choice(type(right));
  if (order && choice) {
    // An interval is before another where it ends before the other starts; which alternative it is, shows when run.
    const bool may_be_periods = may_be_period(type(left)) || may_be_period(type(right));
    if (is_interval(left) || is_interval(right) || (may_be_periods && is_temporal(left) && is_temporal(right))) {
      left = boundary(left, !before, operation);
      right = boundary(right, before, operation);
    }
  } else if (same && choice && is_temporal(left) && is_temporal(right) &&
             (may_be_period(type(left)) || may_be_period(type(right)))) {
    if (!is_interval(left)) left = as_interval(left);
    if (!is_interval(right)) right = as_interval(right);
  } else if ((order || same) && (is_interval(left) || is_interval(right))) {
    if (!is_interval(left)) left = as_interval(left);
    if (!is_interval(right)) right = as_interval(right);
  }
  return apply(operation, {left, right}, precision);
}

/// `A 3 days or more before B`: A's boundary compared with B's boundary moved by the quantity.
ExprId ExpressionChecker::timing_with_offset(ExprId left, ExprId right, const Phrase& phrase,
                                             const Operation& operation) {
  const bool before = phrase.relation == Relation::kBefore || phrase.relation == Relation::kSameOrBefore;
  const auto span = operation.span;
  const auto quantity = check_as(phrase.quantity, model::kQuantity);
  left = boundary(left, !before, operation);
  right = boundary(right, before, operation);
  if (!left || !right || !quantity) return none();
  const auto precision = phrase.precision ? 1 + static_cast<uint32_t>(*phrase.precision) : 0;
  const auto moved = apply(operation.as(before ? "Subtract offset" : "Add offset"), {right, quantity});
  switch (phrase.offset) {
    case Phrase::Offset::kExactly: return apply(operation.as("SameAs"), {left, moved}, precision);
    case Phrase::Offset::kOrMore:
      return apply(operation.as(before ? "SameOrBefore" : "SameOrAfter"), {left, moved}, precision);
    case Phrase::Offset::kMoreThan: return apply(operation.as(before ? "Before" : "After"), {left, moved}, precision);
    case Phrase::Offset::kOrLess:
    case Phrase::Offset::kLessThan: {
      const bool closed = phrase.offset == Phrase::Offset::kOrLess;
      const auto near =
          apply(operation.as(phrase.on_or ? (before ? "SameOrBefore" : "SameOrAfter") : (before ? "Before" : "After")),
                {left, right}, precision);
      const auto far =
          apply(operation.as(before ? (closed ? "SameOrAfter" : "After") : (closed ? "SameOrBefore" : "Before")),
                {left, moved}, precision);
      return near && far ? module_.add(Op::kAnd, model::kBoolean, span, {near, far}) : none();
    }
    case Phrase::Offset::kNone: break;
  }
  return none();
}

/// `A within 3 days of B`: A is at or after B's start minus the quantity, and at or before B's end plus it.
ExprId ExpressionChecker::timing_within(ExprId left, ExprId right, const Phrase& phrase, const Operation& operation) {
  const auto span = operation.span;
  const auto quantity = check_as(phrase.quantity, model::kQuantity);
  if (!quantity) return none();
  const auto precision = phrase.precision ? 1 + static_cast<uint32_t>(*phrase.precision) : 0;
  const auto earliest = apply(operation.as("Subtract offset"), {boundary(right, true, operation), quantity});
  const auto latest = apply(operation.as("Add offset"), {boundary(right, false, operation), quantity});
  const auto low = apply(operation.as(phrase.properly ? "After" : "SameOrAfter"),
                         {boundary(left, true, operation), earliest}, precision);
  const auto high = apply(operation.as(phrase.properly ? "Before" : "SameOrBefore"),
                          {boundary(left, false, operation), latest}, precision);
  return low && high ? module_.add(Op::kAnd, model::kBoolean, span, {low, high}) : none();
}

}  // namespace vigil::semantic
