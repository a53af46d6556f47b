// SPDX-License-Identifier: Apache-2.0
// The function of each operation, from operations.def.
#include <array>

#include "evaluation/call.h"

namespace vigil {
namespace {

/// Picks the function by policy without naming those of special operations, which are not defined.
#define VIGIL_FUNCTION_kSpecial(name) nullptr
#define VIGIL_FUNCTION_kStrict(name) op_##name
#define VIGIL_FUNCTION_kNulls(name) op_##name
#define VIGIL_FUNCTION_kDetermined(name) op_##name

constexpr std::array<OperatorFunction, typed::kOpCount> kFunctions = {
#define VIGIL_OPERATION(name, policy) VIGIL_FUNCTION_##policy(name),
#include "semantic/operations.def"
#undef VIGIL_OPERATION
};

#undef VIGIL_FUNCTION_kSpecial
#undef VIGIL_FUNCTION_kStrict
#undef VIGIL_FUNCTION_kNulls
#undef VIGIL_FUNCTION_kDetermined

}  // namespace

OperatorFunction function_of(Op op) { return kFunctions[static_cast<size_t>(op)]; }

}  // namespace vigil
