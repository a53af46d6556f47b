// SPDX-License-Identifier: Apache-2.0
#include "evaluation/text_case.h"

#include <doctest/doctest.h>

using namespace vigil;

TEST_CASE("case mappings come back to themselves") {
  for (uint32_t c = 0; c < 0x3000; ++c) {
    const auto upper = to_upper(c), lower = to_lower(c);
    CHECK(to_upper(upper) == upper);
    CHECK(to_lower(lower) == lower);
    if (lower != c) CHECK(to_upper(lower) == c);
  }
}

TEST_CASE("code points are read one by one; a broken byte stands for itself") {
  std::string_view text = "a\u00e9\u20ac\U0001f48a\xff";
  CHECK(take_code_point(text) == 'a');
  CHECK(take_code_point(text) == 0xE9);
  CHECK(take_code_point(text) == 0x20AC);
  CHECK(take_code_point(text) == 0x1F48A);
  CHECK(take_code_point(text) == 0xFF);
  CHECK(text.empty());
  CHECK(byte_of_code_point("\u00e9x", 1) == 2);
  CHECK(byte_of_code_point("\u00e9x", 2) == 3);
  CHECK(byte_of_code_point("\u00e9x", 3) == std::string_view::npos);
}

TEST_CASE("mapped text is in the arena and keeps broken bytes") {
  Arena arena;
  CHECK(map_text("stra\u00dfe \u00ff", to_upper, arena) == "STRA\u00dfE \u0178");
  CHECK(map_text("\xff\x41", to_lower, arena) == "\xff\x61");
  CHECK(map_text("", to_upper, arena).empty());
}

TEST_CASE("blanks") {
  for (const uint32_t c : {0x20u, 0x09u, 0x0Au, 0x0Du, 0xA0u, 0x2003u}) CHECK(is_blank(c));
  CHECK_FALSE(is_blank('a'));
}
