// SPDX-License-Identifier: Apache-2.0
// What an author probably meant where an operation or a type does not fit.
#pragma once

#include <span>
#include <string>

#include "semantic/expression_checker.h"

namespace vigil::semantic {

/// What to change where no overload takes these operands; empty where nothing better is known.
std::string hint_for_operation(ModuleBuilder& module, const Operation& operation, std::span<const ExprId> operands);

/// What to change where `wanted` is needed and `value` stands.
std::string hint_for_wanted(ModuleBuilder& module, ExprId value, TypeId wanted);

}  // namespace vigil::semantic
