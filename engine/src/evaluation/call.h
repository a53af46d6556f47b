// SPDX-License-Identifier: Apache-2.0
// What an operator function gets: its operands' values, and the run for memory, clock and knowledge.
#pragma once

#include <array>
#include <span>

#include "program/program.h"

namespace vigil {

class Run;

/// One call of an operator. Operands are evaluated; with policy kStrict none is null.
struct Call {
  const Value* operands = nullptr;
  uint32_t count = 0;
  uint32_t a = 0;  ///< as operations.def says for the operation
  uint32_t b = 0;
  model::TypeId type;  ///< of the result
  Span span;

  const Value& operator[](uint32_t i) const { return operands[i]; }
};

/// An operator: a pure function of its operands and of the run's snapshot, clock and knowledge base.
using OperatorFunction = Value (*)(Run& run, const Call& call);

#define VIGIL_OPERATION(name, policy) Value op_##name(Run& run, const Call& call);
#include "semantic/operations.def"
#undef VIGIL_OPERATION

/// What the evaluator needs to know of an operation.
struct OperatorEntry {
  OperatorFunction function = nullptr;  ///< null for the special ones
  typed::Policy policy = typed::Policy::kSpecial;
  bool skips_nulls = false;   ///< an aggregate: it leaves nulls out, yet what is missing could change the result
  bool decides_null = false;  ///< a null is an answer to it, yet the datum that made it null could make another
};
extern const std::array<OperatorEntry, typed::kOpCount> kOperators;  ///< by operation
/// The function of an operation; null for the special ones.
inline OperatorFunction function_of(Op op) { return kOperators[static_cast<size_t>(op)].function; }

}  // namespace vigil
