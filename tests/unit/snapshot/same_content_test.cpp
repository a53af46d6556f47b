// SPDX-License-Identifier: Apache-2.0
// Deep comparison of values.
#include <doctest/doctest.h>

#include "facts.h"

using namespace vigil;
using test::Facts;

TEST_CASE("values are the same by kind, FHIR type and content") {
  Facts f;
  CHECK(same_content(Value::null(), Value::null()));
  CHECK(same_content(Value::of(true), Value::of(true)));
  CHECK_FALSE(same_content(Value::of(true), Value::of(1)));
  CHECK_FALSE(same_content(Value::of(1), Value::of(2)));
  CHECK_FALSE(same_content(Value::of(std::string_view("a")), Value::of(std::string_view("b"))));
  CHECK(same_content(Value::of(std::string_view("a")), Value::of(std::string_view("ab").substr(0, 1))));
  Value typed = Value::of(std::string_view("a"));
  typed.fhir_type = 5;
  CHECK_FALSE(same_content(typed, Value::of(std::string_view("a"))));
  CHECK(same_content(Value::of(std::string_view("a")).with_flags(Value::kUndetermined),
                     Value::of(std::string_view("a"))));
  CHECK(same_content(Value::of(Decimal{5, 0}), Value::of(Decimal{5, 0})));
  CHECK_FALSE(same_content(Value::of(Kind::kDate, Temporal{2000}), Value::of(Kind::kDate, Temporal{2001})));
  CHECK_FALSE(same_content(Value::of(Kind::kDate, Temporal{2000}), Value::of(Kind::kDateTime, Temporal{2000})));
}

TEST_CASE("lists and objects are compared element by element") {
  Facts f;
  CHECK(same_content(f.list({Value::of(1), Value::null()}), f.list({Value::of(1), Value::null()})));
  CHECK_FALSE(same_content(f.list({Value::of(1)}), f.list({Value::of(1), Value::null()})));
  CHECK_FALSE(same_content(f.list({Value::of(1)}), f.list({Value::of(2)})));
  CHECK(same_content(f.concept_of({{"rx", "1"}}), f.concept_of({{"rx", "1"}})));
  CHECK_FALSE(same_content(f.concept_of({{"rx", "1"}}), f.concept_of({{"rx", "2"}})));
  CHECK_FALSE(same_content(*f.make("Condition", "a"), *f.make("Encounter", "a")));
  const Quantity mg{Decimal{1, 0}, "mg"};
  const Quantity g{Decimal{1, 0}, "g"};
  CHECK_FALSE(same_content(Value::of(&mg), Value::of(&g)));
}
