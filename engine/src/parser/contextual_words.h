// SPDX-License-Identifier: Apache-2.0
// The words that are keywords only in their place. Private to parser/*.cpp.
#pragma once

#include <cstddef>
#include <string_view>

namespace vigil::parsing {

inline constexpr size_t kNoWord = 0;

/// The token type that a plain word can take, or kNoWord.
size_t contextual_word(std::u32string_view text);

/// The word of such a token type; empty for others.
std::string_view contextual_spelling(size_t type);

}  // namespace vigil::parsing
