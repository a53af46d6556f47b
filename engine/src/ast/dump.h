// SPDX-License-Identifier: Apache-2.0
// The Ast as one-line s-expressions, for `--dump=ast` and tests.
#pragma once

#include <string>

#include "ast/ast.h"

namespace vigil::ast {

/// `(and a (= b 1))`: operators by their spelling, other nodes by their name; texts in single quotes, no spans.
std::string dump(const Library& library, ExprId id);
std::string dump(const Library& library, TypeSpecId id);
/// `(define "Name" ...)`
std::string dump(const Library& library, const Declaration& declaration);
/// The library's name, then a line for each declaration.
std::string dump(const Library& library);

}  // namespace vigil::ast
