// SPDX-License-Identifier: Apache-2.0
// Slips that authors make often, known by the tokens around a syntax error. Private to parser/*.cpp.
#pragma once

#include <optional>

#include "parser/syntax_error_reporter.h"

namespace vigil::parsing {

/// What was probably meant: the token to blame, what should stand there, and what to change.
struct Slip {
  size_t index = 0;
  std::string expected;  ///< empty: what the parser expected
  std::string hint;
};

/// The slip behind a syntax error at token `index`, if it is a known one.
std::optional<Slip> find_slip(const ParseSite& site, const SyntaxError& error, size_t index);

}  // namespace vigil::parsing
