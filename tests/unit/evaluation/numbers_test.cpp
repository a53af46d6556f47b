// SPDX-License-Identifier: Apache-2.0
#include "evaluation/numbers.h"

#include <doctest/doctest.h>

#include "values/temporal.h"

using namespace vigil;

TEST_CASE("neighbours go by the type's step and end at its end") {
  Quantity storage;
  CHECK(neighbour(Value::of(4), true, storage)->integer == 5);
  CHECK_FALSE(neighbour(Value::of(INT32_MAX), true, storage));
  CHECK_FALSE(neighbour(Value::of(INT32_MIN), false, storage));
  CHECK(neighbour(Value::of_long(INT64_MAX), false, storage)->long_integer == INT64_MAX - 1);
  CHECK(to_string(neighbour(Value::of(*parse_decimal("1.5")), true, storage)->decimal).view() == "1.50000001");
  CHECK_FALSE(neighbour(Value::of(std::string_view("a")), true, storage));

  const Quantity dose{*parse_decimal("5"), "mg"};
  const auto next = neighbour(Value::of(&dose), false, storage);
  REQUIRE(next);
  CHECK(next->quantity == &storage);
  CHECK(to_string(next->quantity->value).view() == "4.99999999");
  CHECK(next->quantity->unit == "mg");
}

TEST_CASE("the ends of the types are their own extremes") {
  Quantity storage;
  for (const auto kind :
       {Kind::kInteger, Kind::kLong, Kind::kDecimal, Kind::kQuantity, Kind::kDate, Kind::kDateTime, Kind::kTime})
    for (const bool low : {true, false}) {
      const auto end = extreme_of(kind, low, "mg", storage);
      CHECK(end.kind == kind);
      CHECK(is_extreme(end, low));
      CHECK_FALSE(is_extreme(end, !low));
      CHECK_FALSE(neighbour(end, !low, storage));
    }
  CHECK(extreme_of(Kind::kString, true, {}, storage).is_null());
  CHECK_FALSE(is_extreme(Value::of(std::string_view("a")), true));
}
