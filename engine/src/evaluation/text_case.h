// SPDX-License-Identifier: Apache-2.0
// UTF-8 text by code points: reading, and case without a locale.
#pragma once

#include <cstdint>
#include <string_view>

#include "values/arena.h"

namespace vigil {

/// Takes one code point from the front of `text`, which is not empty. A byte that is not UTF-8 stands for itself.
uint32_t take_code_point(std::string_view& text);
/// The byte where code point `index` begins; npos where there are fewer.
size_t byte_of_code_point(std::string_view text, uint32_t index);

/// Simple case mappings of Latin, Greek and Cyrillic letters; everything else is its own case.
uint32_t to_upper(uint32_t code_point);
uint32_t to_lower(uint32_t code_point);
/// Each code point mapped; the text is made in the arena.
std::string_view map_text(std::string_view text, uint32_t (*map)(uint32_t), Arena& arena);

/// White space as CQL's grammar has it, and the other blanks of Unicode.
bool is_blank(uint32_t code_point);

}  // namespace vigil
