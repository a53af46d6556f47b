// SPDX-License-Identifier: Apache-2.0
// Syntax errors in the author's words. Private to parser/*.cpp.
#pragma once

#include <vigil/diagnostic.h>

#include "parser/grammar_run.h"
#include "parser/parse.h"

namespace vigil::parsing {

/// What was parsed when an error came.
struct ParseSite {
  const TokenRow& row;
  const CodePoints& text;
  const TokenSlice& slice;
  Entry entry;
  const ParseLimits& limits;
  bool in_hole = false;  ///< the text is a hole of a string
};

/// VGL0101, VGL0110 or VGL0003 with the place, what could stand there, what is still open, and a hint.
Diagnostic describe_syntax_error(const SyntaxError& error, const ParseSite& site);

}  // namespace vigil::parsing
