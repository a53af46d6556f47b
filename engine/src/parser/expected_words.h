// SPDX-License-Identifier: Apache-2.0
// What could have stood at an error, as a person would say it. Private to parser/*.cpp.
#pragma once

#include "parser/grammar_run.h"

namespace vigil::parsing {

/// "an expression", "`)` or `,`": a few words for a set of token types. `entry` names what the end of the slice ends.
std::string describe_expected(const antlr4::misc::IntervalSet& expected, Entry entry);

/// The spellings of the keywords in the set; for "did you mean".
std::vector<std::string_view> expected_keywords(const antlr4::misc::IntervalSet& expected);

}  // namespace vigil::parsing
