// SPDX-License-Identifier: Apache-2.0
// Goes down a false condition to the comparison that decides it.
#include "evaluation/nearest_miss.h"

#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "evaluation/numbers.h"
#include "values/quantity.h"

namespace vigil {
namespace {

constexpr uint32_t kMaxDepth = 32;

/// Two sides in one unit.
struct Sides {
  double value = 0;
  double limit = 0;
  std::string unit;
};

std::optional<Sides> sides_of(const Value& value, const Value& limit) {
  if (is_number(value) && is_number(limit))
    return Sides{to_double(as_decimal(value)), to_double(as_decimal(limit)), {}};
  if (value.kind != Kind::kQuantity || limit.kind != Kind::kQuantity) return std::nullopt;
  const auto converted = convert_to(*value.quantity, limit.quantity->unit);
  if (!converted) return std::nullopt;
  return Sides{to_double(*converted), to_double(limit.quantity->value), std::string(limit.quantity->unit)};
}

class MissFinder {
 public:
  MissFinder(Run& run, const SourceSet& sources) : run_(run), sources_(sources) {}

  std::optional<NearestMiss> find(InstructionId id, uint32_t depth) {
    if (depth > kMaxDepth || !is(id, false)) return std::nullopt;
    const auto& program = run_.program();
    const auto& x = program[id];
    switch (x.op) {
      case Op::kAnd: return find_below_and(x, depth);
      case Op::kOr: return find_below_or(x, depth);
      case Op::kDefinition: {
        const Run::Frame frame(run_, program.definitions[x.a].frame_size);
        return find(program.definitions[x.a].body, depth + 1);
      }
      case Op::kLess:
      case Op::kLessOrEqual:
      case Op::kGreater:
      case Op::kGreaterOrEqual: return measure(id, x);
      default: return std::nullopt;
    }
  }

 private:
  bool is(InstructionId id, bool truth) {
    const auto value = run_.evaluate(id);
    return value.kind == Kind::kBoolean && value.boolean == truth && !value.undetermined();
  }

  std::optional<NearestMiss> find_below_and(const Instruction& x, uint32_t depth) {
    std::optional<InstructionId> decisive;
    for (uint32_t i = 0; i < x.operand_count; ++i) {
      const auto operand = run_.program().operand(x, i);
      if (is(operand, true)) continue;
      if (decisive) return std::nullopt;
      decisive = operand;
    }
    return decisive ? find(*decisive, depth + 1) : std::nullopt;
  }

  std::optional<NearestMiss> find_below_or(const Instruction& x, uint32_t depth) {
    std::optional<NearestMiss> nearest;
    for (uint32_t i = 0; i < x.operand_count; ++i) {
      auto miss = find(run_.program().operand(x, i), depth + 1);
      if (miss && (!nearest || miss->of_limit < nearest->of_limit)) nearest = std::move(miss);
    }
    return nearest;
  }

  std::optional<NearestMiss> measure(InstructionId id, const Instruction& x) {
    const auto value = run_.evaluate(run_.program().operand(x, 0));
    auto sides = sides_of(value, run_.evaluate(run_.program().operand(x, 1)));
    if (!sides) return std::nullopt;
    NearestMiss miss;
    miss.comparison = sources_.text(run_.program().spans[id.value]);
    miss.distance = std::abs(sides->value - sides->limit);
    // A limit of 0 has no share: any distance from it is far, none is near.
    const double infinity = std::numeric_limits<double>::max();
    miss.of_limit = sides->limit != 0 ? miss.distance / std::abs(sides->limit) : miss.distance == 0 ? 0 : infinity;
    miss.unit = std::move(sides->unit);
    return miss;
  }

  Run& run_;
  const SourceSet& sources_;
};

}  // namespace

std::optional<NearestMiss> find_nearest_miss(Run& run, const SourceSet& sources, InstructionId condition) {
  try {
    return MissFinder(run, sources).find(condition, 0);
  } catch (const EvaluationError&) {
    return std::nullopt;  // of a part that `and` or `or` had no need of
  }
}

}  // namespace vigil
