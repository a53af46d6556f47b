// SPDX-License-Identifier: Apache-2.0
// From a declaration's parse tree to the part each token plays in its layout. Private to parser/*.cpp.
#pragma once

#include "VigilParser.h"
#include "parser/source_tokens.h"
#include "parser/token_row.h"

namespace vigil::parsing {

/// Sets the roles of the tokens below `declaration`; `roles` has an entry for each token of the row.
void assign_token_roles(VigilParser::DeclarationContext* declaration, const CodePoints& text,
                        std::vector<TokenRole>& roles);

}  // namespace vigil::parsing
