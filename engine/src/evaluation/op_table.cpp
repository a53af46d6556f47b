// SPDX-License-Identifier: Apache-2.0
// What the evaluator needs to know of each operation, from operations.def.
#include <array>

#include "evaluation/call.h"

namespace vigil {
namespace {

/// Picks the function by policy without naming those of special operations, which are not defined.
#define VIGIL_FUNCTION_kSpecial(name) nullptr
#define VIGIL_FUNCTION_kStrict(name) op_##name
#define VIGIL_FUNCTION_kNulls(name) op_##name
#define VIGIL_FUNCTION_kDetermined(name) op_##name

/// Aggregates leave nulls out (CQL 1.5, Aggregate Operators).
constexpr bool skips_nulls(Op op) {
  switch (op) {
    case Op::kCount:
    case Op::kSum:
    case Op::kMin:
    case Op::kMax:
    case Op::kAvg:
    case Op::kMedian:
    case Op::kMode:
    case Op::kProduct:
    case Op::kGeometricMean:
    case Op::kVariance:
    case Op::kStdDev:
    case Op::kPopulationVariance:
    case Op::kPopulationStdDev:
    case Op::kCollapse:
    case Op::kExpand: return true;
    default: return false;
  }
}

/// `x is true` of a null is false to CQL.
constexpr bool decides_null(Op op) { return op == Op::kIsTrue || op == Op::kIsFalse; }

}  // namespace

constexpr std::array<OperatorEntry, typed::kOpCount> kOperators = {{
#define VIGIL_OPERATION(name, policy) \
  {VIGIL_FUNCTION_##policy(name), typed::Policy::policy, skips_nulls(Op::k##name), decides_null(Op::k##name)},
#include "semantic/operations.def"
#undef VIGIL_OPERATION
}};

#undef VIGIL_FUNCTION_kSpecial
#undef VIGIL_FUNCTION_kStrict
#undef VIGIL_FUNCTION_kNulls
#undef VIGIL_FUNCTION_kDetermined

}  // namespace vigil
