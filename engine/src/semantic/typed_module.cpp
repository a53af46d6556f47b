// SPDX-License-Identifier: Apache-2.0
// Names and policies of the operations.
#include "semantic/typed_module.h"

namespace vigil::typed {

std::string_view name(Op op) {
  static constexpr std::string_view kNames[] = {
#define VIGIL_OPERATION(name, policy) #name,
#include "semantic/operations.def"
#undef VIGIL_OPERATION
  };
  return kNames[static_cast<size_t>(op)];
}

Policy policy(Op op) {
  static constexpr Policy kPolicies[] = {
#define VIGIL_OPERATION(name, policy) Policy::policy,
#include "semantic/operations.def"
#undef VIGIL_OPERATION
  };
  return kPolicies[static_cast<size_t>(op)];
}

}  // namespace vigil::typed
