// SPDX-License-Identifier: Apache-2.0
// Vigil's own function `latest`, of observations, with or without a period to look back (grammar/LANGUAGE.md).
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

/// Not one that says it never was: these are no observations at all.
bool counts(const Run& run, const Object& observation) {
  const auto status = run.element(observation, run.program().elements.status);
  return status.kind != Kind::kString || (status.string() != "entered-in-error" && status.string() != "cancelled");
}

/// The latest so far. Whatever could be later, but is not certainly so, leaves the answer open.
struct Latest {
  Value observation;
  Value time;
  bool undetermined = false;
};

bool is_later(Run& run, const Object& a, const Value& time_a, const Object& b, const Value& time_b) {
  const auto offset = run.default_offset();
  const auto ms_a = to_milliseconds(time_a.temporal, offset);
  const auto ms_b = to_milliseconds(time_b.temporal, offset);
  if (ms_a != ms_b) return ms_a > ms_b;
  const auto issued_a = run.element(a, run.program().elements.issued);
  const auto issued_b = run.element(b, run.program().elements.issued);
  if (!is_date(issued_a) || !is_date(issued_b)) return false;
  return to_milliseconds(issued_a.temporal, offset) > to_milliseconds(issued_b.temporal, offset);
}

Value latest(Run& run, const Value& list, const Temporal* earliest) {
  const auto offset = run.default_offset();
  const auto candidate_time = [&](const Value& v) {
    return v.kind == Kind::kObject && counts(run, *v.object) ? time_of(run, *v.object) : Value::null();
  };
  Latest best;
  for (const auto& element : list) {
    if (element.kind != Kind::kObject || !counts(run, *element.object)) continue;
    const auto time = time_of(run, *element.object);
    if (time.is_null()) {
      best.undetermined = true;
      continue;
    }
    if (earliest != nullptr) {
      const auto within = is_greater_or_equal(compare(time.temporal, *earliest, std::nullopt, offset));
      best.undetermined = best.undetermined || within == Truth::kUnknown;
      if (within != Truth::kTrue) continue;
    }
    // Without a status it may be one entered in error.
    best.undetermined = best.undetermined || run.element(*element.object, run.program().elements.status).is_null();
    // Of two at one time, the one issued later; where that does not tell, the answer is open.
    if (best.time.is_null() || is_later(run, *element.object, time, *best.observation.object, best.time)) {
      best.observation = element;
      best.time = time;
    }
  }
  if (best.time.is_null()) return Value::null().with_flags(best.undetermined ? Value::kUndetermined : 0);
  for (const auto& element : list) {
    const auto time = candidate_time(element);
    if (time.is_null()) continue;
    const auto order = compare(time.temporal, best.time.temporal, std::nullopt, offset);
    const bool tie = order == Comparison::kEqual && element.object != best.observation.object &&
                     !is_later(run, *best.observation.object, best.time, *element.object, time);
    if (order == Comparison::kUnknown || tie) best.undetermined = true;
  }
  return best.observation.with_flags(best.undetermined ? Value::kUndetermined : 0);
}

}  // namespace

/// latest(observations).
Value op_Latest(Run& run, const Call& call) { return latest(run, call[0], nullptr); }

/// latest(observations, period): of those not before now less the period, by the calendar. Null for what is no
/// duration.
Value op_LatestWithin(Run& run, const Call& call) {
  const auto earliest = shift(Kind::kDateTime, run.now(), *call[1].quantity, true);
  switch (earliest.outcome) {
    case Shifted::Outcome::kDone: return latest(run, call[0], &earliest.value);
    case Shifted::Outcome::kOutOfRange: return latest(run, call[0], nullptr);  // before the calendar begins
    case Shifted::Outcome::kNoDuration: break;
  }
  return Value::null();
}

}  // namespace vigil
