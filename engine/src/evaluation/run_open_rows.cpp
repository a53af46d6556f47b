// SPDX-License-Identifier: Apache-2.0
// Whether what is missing of one source can make a row of a query: not where what is known already rules it out.
#include <algorithm>

#include "evaluation/probe_keys.h"
#include "evaluation/run.h"

namespace vigil {

Condition Run::attempt(FunctionRef<Condition()> body) {
  const auto depth = depth_;
  const auto scratch = scratch_.size();
  const auto maybe = maybe_.size();
  try {
    return body();
  } catch (const EvaluationError& error) {
    // A limit holds for the whole evaluation.
    const auto& code = error.diagnostic.code;
    if (code == "VGL0904" || code == "VGL0905" || code == "VGL0910" || code == "VGL0915") throw;
    depth_ = depth;
    scratch_.resize(scratch);
    maybe_.resize(maybe);
    return {false, true};
  }
}

/// Whether a table may have a row for the keys that do not read the slots of what is not bound.
bool Run::can_match(const TableProbe& probe, const std::vector<uint32_t>& unbound) {
  const auto match = [&] {
    const bool knows_a = !reads_slot(program_, probe.keys_a, unbound);
    const bool knows_b = probe.column_b >= 0 && !reads_slot(program_, probe.keys_b, unbound);
    const auto a = knows_a ? evaluate(probe.keys_a) : Value(), b = knows_b ? evaluate(probe.keys_b) : Value();
    return Condition{has_row_for(program_, probe, &a, &b), false};
  };
  const auto one = attempt(match);
  return one.holds || one.undetermined;
}

/// Whether a condition may hold, by those of its parts that do not read the slots of what is not bound.
bool Run::can_hold(InstructionId id, const std::vector<uint32_t>& unbound) {
  const auto& x = program_[id];
  if (x.op == Op::kAnd) {
    for (uint32_t i = 0; i < x.operand_count; ++i)
      if (!can_hold(program_.operand(x, i), unbound)) return false;
    return true;
  }
  if (reads_slot(program_, id, unbound)) return true;
  const auto test = [&] { return condition(id); };
  const auto one = attempt(test);
  return one.holds || one.undetermined;
}

/// Binds the lets that do not read what is not bound; the slots of the others join those.
void Run::bind_lets(const QueryPlan& query, std::vector<uint32_t>& unbound) {
  for (const auto& let : query.lets) {
    const auto bind = [&] {
      local(let.slot) = evaluate(let.value);
      return Condition{};
    };
    if (reads_slot(program_, let.value, unbound) || attempt(bind).undetermined) unbound.push_back(let.slot);
  }
}

/// Of what is missing of source `index`: false where a later source is known to have no element, or the condition is
/// known not to hold whatever it is.
bool Run::can_have_rows(const QueryPlan& query, size_t index) {
  std::vector<uint32_t> unbound;
  for (size_t i = index; i < query.sources.size(); ++i) unbound.push_back(query.sources[i].slot);
  bind_lets(query, unbound);
  for (size_t i = index + 1; i < query.sources.size(); ++i) {
    const auto& source = query.sources[i];
    const auto op = program_[source.value].op;
    if (source.probe >= 0 && !can_match(query.probes[static_cast<size_t>(source.probe)], unbound)) return false;
    if (!source.is_list || source.probe >= 0 || (op != Op::kRetrieve && op != Op::kDefinition && op != Op::kUnion))
      continue;
    const auto value = evaluate(source.value);
    if (value.kind == Kind::kList && value.count == 0 && !value.undetermined()) return false;
  }
  return !query.where || can_hold(query.where, unbound);
}

}  // namespace vigil
