// SPDX-License-Identifier: Apache-2.0
// The `@name: value` tags in the comment before a declaration.
#pragma once

#include "ast/ast.h"

namespace vigil::parsing {

/// Reads the tags of a comment's text, its marks included (CQL 1.5, Developer's Guide, "Annotations"). A value goes to
/// its line's end, or to the closing quote where it begins with `"`.
std::vector<ast::Tag> read_tags(std::string_view comment);

}  // namespace vigil::parsing
