// SPDX-License-Identifier: Apache-2.0
// Whether the numbers and dates that an author wrote exist.
#pragma once

#include <string_view>

namespace vigil::parsing {

/// Whether digits, without sign, are within -`limit` - 1 to `limit`; `limit` is the greatest value as digits.
bool fits(std::string_view digits, bool negative, std::string_view limit);

/// An Integer of 32 bits, a Long of 64 bits, and a Decimal below 10^28 with at most 8 fraction digits.
bool is_integer(std::string_view digits, bool negative);
bool is_long(std::string_view digits, bool negative);
bool is_decimal(std::string_view number);

/// What is wrong with a date, a DateTime or a time (the text behind `@`, of the lexer's form); empty: nothing.
std::string_view calendar_mistake(std::string_view text);

}  // namespace vigil::parsing
