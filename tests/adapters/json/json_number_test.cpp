// SPDX-License-Identifier: Apache-2.0
// What is a number in JSON (RFC 8259, section 6), and what is one in databases alone.
#include "json/json_number.h"

#include <doctest/doctest.h>

using namespace vigil::json;

TEST_CASE("numbers of JSON") {
  for (const auto* text : {"0", "-0", "7", "10", "-12.50", "0.5", "1e5", "1E+05", "1.5e-3"}) {
    INFO(text);
    CHECK(is_number(text));
    CHECK(to_number(text) == text);
  }
  for (const auto* text :
       {"", "-", "+", ".", "01", "-01", "1e", "1e+", "1.e5", "0x10", "1 ", " 1", "NaN", "1,5", "--1"}) {
    INFO(text);
    CHECK_FALSE(is_number(text));
    CHECK(to_number(text).empty());
  }
}

TEST_CASE("numbers as databases write them") {
  CHECK(to_number("+1.5") == "1.5");
  CHECK(to_number(".5") == "0.5");
  CHECK(to_number("-.5") == "-0.5");
  CHECK(to_number("5.") == "5");
  for (const auto* text : {"+1.5", ".5", "-.5", "5."}) CHECK_FALSE(is_number(text));
  CHECK(to_number("-.").empty());
  CHECK(to_number("+.").empty());
}
