// SPDX-License-Identifier: Apache-2.0
// What an author wrote, as a tree: CQL 1.5 plus rule, test and table. Nothing is resolved here.
// A library owns all its parts: declarations in order, expressions and types in arenas.
#pragma once

#include <string>
#include <vector>

#include "ast/declaration.h"
#include "ast/expression.h"

namespace vigil::ast {

/// One file. Immutable once parsed.
struct Library {
  SourceId source;
  std::vector<Name> name;  ///< parts of the qualified name; empty: unnamed
  std::string version;
  std::vector<Declaration> declarations;  ///< in source order
  std::vector<Expr> expressions{1};       ///< [0] is no expression
  std::vector<TypeSpec> types{1};         ///< [0] is no type
  std::vector<Span> comments;             ///< in source order, for the formatter
  std::vector<Name> broken;               ///< names of the declarations left out for a mistake, already reported

  const Expr& operator[](ExprId id) const { return expressions[id.value]; }
  const TypeSpec& operator[](TypeSpecId id) const { return types[id.value]; }
};

/// "A.B" of the parts.
std::string join(const std::vector<Name>& parts);

}  // namespace vigil::ast
