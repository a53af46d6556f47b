// SPDX-License-Identifier: Apache-2.0
// The layout of rule texts: the same words in the same order, in one style.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>

namespace vigil {

/// A text in the style of grammar/LANGUAGE.md, "Layout", or why it could not be read.
struct FormatResult {
  std::string text;  ///< where there are diagnostics, the text as it was given
  SourceSet sources;
  std::vector<Diagnostic> diagnostics;  ///< errors of syntax, with spans in `sources`; empty where `text` is formatted

  bool formatted() const { return diagnostics.empty(); }
};

/// Formats the text of a .vigil or .cql file; `name` stands in diagnostics. Only white space changes: strings, quoted
/// names and comments stay as they are, and the result means the same. Formatting a result again changes nothing. The
/// author's line breaks inside expressions are kept. Thread-safe.
///   const auto result = format("define  X : 1+2", "x.cql");   // result.text == "define X: 1 + 2\n"
FormatResult format(std::string_view text, std::string_view name);

}  // namespace vigil
