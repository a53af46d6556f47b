// SPDX-License-Identifier: Apache-2.0
// Vigil's own function `latest`, of observations, with or without a period to look back (grammar/LANGUAGE.md).
#include <algorithm>
#include <array>

#include "evaluation/equality.h"
#include "evaluation/results.h"
#include "evaluation/temporal_shift.h"
#include "values/temporal.h"

namespace vigil {
namespace {

bool is_date(const Value& v) { return v.kind == Kind::kDateTime || v.kind == Kind::kDate; }

/// When an observation holds: its effective time, the end or else the start of an effective period; else when it was
/// issued. Null where nothing says.
Value time_of(const Run& run, const Object& observation) {
  const auto& elements = run.program().elements;
  const auto effective = run.element(observation, elements.effective);
  if (is_date(effective)) return effective;
  if (effective.kind == Kind::kObject) {
    const auto end = run.element(*effective.object, elements.end);
    if (is_date(end)) return end;
    const auto start = run.element(*effective.object, elements.start);
    if (is_date(start)) return start;
  }
  const auto issued = run.element(observation, elements.issued);
  return is_date(issued) ? issued : Value::null();
}

/// Not one that says it never was, nor one that has no result yet ("registered", FHIR R4, ObservationStatus): a sample
/// that was sent hides no result that is there.
bool counts(const Run& run, const Object& observation) {
  const auto status = run.element(observation, run.program().elements.status);
  return status.kind != Kind::kString ||
         (status.string() != "entered-in-error" && status.string() != "cancelled" && status.string() != "registered");
}

/// Of two at one time, the one issued later is.
bool is_later(const Run& run, const Object& a, const Value& time_a, const Object& b, const Value& time_b) {
  const auto offset = run.default_offset();
  const auto ms_a = to_milliseconds(time_a.temporal, offset);
  const auto ms_b = to_milliseconds(time_b.temporal, offset);
  if (ms_a != ms_b) return ms_a > ms_b;
  const auto issued_a = run.element(a, run.program().elements.issued);
  const auto issued_b = run.element(b, run.program().elements.issued);
  if (!is_date(issued_a) || !is_date(issued_b)) return false;
  return to_milliseconds(issued_a.temporal, offset) > to_milliseconds(issued_b.temporal, offset);
}

/// Whether two observations of one time say the same, as copies of one result do: then either will do.
bool say_the_same(const Run& run, const Object& a, const Object& b) {
  const auto value_a = run.element(a, run.program().elements.value),
             value_b = run.element(b, run.program().elements.value);
  return !value_a.is_null() && !value_b.is_null() && same(value_a, value_b, run.default_offset());
}

/// From when to when an observation may be dated.
struct Window {
  Temporal earliest;
  Temporal latest;
};

/// Of an imprecise date whose end is open, the beginning decides.
Truth is_within(const Window& window, const Temporal& time, int offset) {
  if (is_less(compare(window.latest, time, std::nullopt, offset)) == Truth::kTrue) return Truth::kFalse;
  return is_greater_or_equal(compare(time, window.earliest, std::nullopt, offset));
}

/// One that counts, or may do so, as a list has it.
struct Candidate {
  const Value* element = nullptr;
  Value time;  ///< null where nothing says
  Truth is_within = Truth::kTrue;
};

/// The observations of a list and, behind its end, of those that are only possible.
class Candidates {
 public:
  Candidates(const Run& run, const Value& list, const Window* window) : run_(run), list_(list), window_(window) {}

  /// visit(candidate) for each that is not certainly outside the window: `from` and `to` number the list's elements.
  template <class Visit>
  void for_each(uint32_t from, uint32_t to, Visit visit) const {
    for (const auto* element = list_.elements + from; element != list_.elements + to; ++element) {
      if (element->kind != Kind::kObject || !counts(run_, *element->object)) continue;
      Candidate one{element, time_of(run_, *element->object)};
      if (window_ != nullptr && !one.time.is_null())
        one.is_within = is_within(*window_, one.time.temporal, run_.default_offset());
      if (one.is_within != Truth::kFalse) visit(one);
    }
  }

  Candidate latest_of_list() const {
    Candidate best;
    for_each(0, list_.count, [&](const Candidate& one) {
      if (one.time.is_null() || one.is_within != Truth::kTrue) return;
      if (best.element == nullptr || is_later(run_, *one.element->object, one.time, *best.element->object, best.time))
        best = one;
    });
    return best;
  }

  /// Whether one that is there, or may be, could be later than this. Of two at one time, where `issued` does not tell,
  /// either could be meant.
  bool any_may_be_later_than(const Candidate& best) const {
    bool any = false;
    for_each(0, list_.count + list_.possible(), [&](const Candidate& one) {
      if (any || one.element->object == best.element->object) return;
      any = one.time.is_null() || may_be_later(one, best);
    });
    return any;
  }

  bool is_any_left() const {
    bool any = false;
    for_each(0, list_.count + list_.possible(), [&](const Candidate&) { any = true; });
    return any;
  }

 private:
  bool may_be_later(const Candidate& one, const Candidate& best) const {
    switch (compare(one.time.temporal, best.time.temporal, std::nullopt, run_.default_offset())) {
      case Comparison::kLess: return false;
      case Comparison::kEqual:
        return !is_later(run_, *best.element->object, best.time, *one.element->object, one.time) &&
               !say_the_same(run_, *best.element->object, *one.element->object);
      default: return true;
    }
  }

  const Run& run_;
  const Value& list_;
  const Window* window_;
};

/// Whether an element of a list is certainly there, and as it is: without a status, with one that is `unknown` or none
/// of FHIR ("Cancelled"), it may be one entered in error. DiagnosticReports have `partial` and `appended` too.
bool is_certain(const Run& run, const Value& element) {
  static constexpr std::array<std::string_view, 6> kStatuses = {"final",       "amended", "corrected",
                                                                "preliminary", "partial", "appended"};
  const auto status = run.element(*element.object, run.program().elements.status);
  return (element.flags & ~Value::kPlace) == 0 && status.kind == Kind::kString &&
         std::ranges::find(kStatuses, status.string()) != kStatuses.end();
}

/// The latest of the list. Open only where what is not certain could be later: an older one, or one that is outside the
/// window for certain, changes nothing.
Value latest(const Run& run, const Value& list, const Window* window) {
  const auto open_if = [](bool open) { return open ? uint8_t{Value::kUndetermined} : uint8_t{0}; };
  if (list.is_null()) return list.with_flags(open_if(list.undetermined()));
  const Candidates candidates(run, list, window);
  const auto best = candidates.latest_of_list();
  if (best.element == nullptr) return Value::null().with_flags(open_if(list.is_open() || candidates.is_any_left()));
  const bool open = list.is_open() || !is_certain(run, *best.element) || candidates.any_may_be_later_than(best);
  return best.element->without_flags(Value::kOfList).with_flags(open_if(open));
}

Value latest_within(Run& run, const Value& list, const Quantity& period) {
  const auto earliest = shift(Kind::kDateTime, run.now(), period, true);
  switch (earliest.outcome) {
    case Shifted::Outcome::kDone: {
      const auto tomorrow = shift(Kind::kDateTime, run.now(), Quantity{kOneDecimal, "day"}, false);
      const Window window{earliest.value, tomorrow.outcome == Shifted::Outcome::kDone ? tomorrow.value : run.now()};
      return latest(run, list, &window);
    }
    case Shifted::Outcome::kOutOfRange: return latest(run, list, nullptr);  // before the calendar begins
    case Shifted::Outcome::kNoDuration: break;
  }
  return Value::null();
}

}  // namespace

/// latest(observations).
Value op_Latest(Run& run, const Call& call) { return latest(run, call[0], nullptr); }

/// latest(observations, period): of those not before now less the period, by the calendar, nor more than a day after
/// now: clocks and time zones differ by less, and a result of next year has not been measured. Null for what is no
/// duration.
Value op_LatestWithin(Run& run, const Call& call) {
  const auto& period = call[1];
  const auto result = period.is_null() ? Value::null() : latest_within(run, call[0], *period.quantity);
  return period.undetermined() ? result.with_flags(Value::kUndetermined) : result;
}

}  // namespace vigil
