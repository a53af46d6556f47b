// SPDX-License-Identifier: Apache-2.0
// The escapes of strings and quoted names.
#pragma once

#include <utility>

#include "parser/code_points.h"

namespace vigil::parsing {

/// The meant characters of a quoted text, and for each where its writing begins (with one entry more for the end).
struct Unescaped {
  std::u32string characters;
  std::vector<size_t> positions;                 ///< indexes into the CodePoints read
  std::vector<std::pair<size_t, size_t>> wrong;  ///< ranges that are no escape sequence
};

/// Decodes `text`[begin, end), what stands between the quotes. A wrong escape is kept as written.
Unescaped unescape(const CodePoints& text, size_t begin, size_t end);

}  // namespace vigil::parsing
