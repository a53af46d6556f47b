// SPDX-License-Identifier: Apache-2.0
// Which overload of an operator or function a use means (CQL 1.5, developer's guide, "Function Resolution").
#pragma once

#include <span>
#include <string_view>

#include "semantic/module_builder.h"

namespace vigil::semantic {

/// What a use resolved to.
struct Resolution {
  Op op = Op::kConstant;
  std::vector<TypeId> parameters;  ///< with variables bound: convert the operands to these
  TypeId result;
  uint32_t cost = 0;
};

/// The nearest overload of overloads.def, if any takes these types.
std::optional<Resolution> resolve_overload(TypeTable& types, std::string_view name, std::span<const TypeId> operands);
/// Whether overloads.def has any row of this name.
bool is_known_overload(std::string_view name);
/// Whether it is one of CQL 1.5 that is not evaluated yet (not_yet.def).
bool is_not_yet(std::string_view name);
/// What an overload of this name takes, as `Round(Decimal, Integer)`, one a row of overloads.def.
std::vector<std::string> signatures_of(std::string_view name);
/// All names that authors may call, for suggestions.
std::span<const std::string_view> function_names();

}  // namespace vigil::semantic
