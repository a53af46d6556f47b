// SPDX-License-Identifier: Apache-2.0
#include "evaluation/equality.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "evaluation/numbers.h"
#include "values/temporal.h"

using namespace vigil;

namespace {

Value date_time(std::string_view text) {
  const auto parsed = parse_temporal(Kind::kDateTime, text);
  REQUIRE(parsed);
  return Value::of(Kind::kDateTime, parsed.value);
}

Value list_of(const std::vector<Value>& elements) {
  return Value::of(elements.data(), static_cast<uint32_t>(elements.size()));
}

}  // namespace

TEST_CASE("values of different kinds: numbers and dates meet, others differ") {
  CHECK(equal(Value::of(2), Value::of_long(2), 0) == Truth::kTrue);
  CHECK(equal(Value::of(2), Value::of(decimal_from_int64(2)), 0) == Truth::kTrue);
  CHECK(equal(Value::of(2), Value::of(std::string_view("2")), 0) == Truth::kFalse);
  const auto day = date_time("2026-03-01");
  CHECK(equal(Value::of(Kind::kDate, date_from(day.temporal)), day, 0) == Truth::kTrue);
  CHECK(equal(Value::of(true), Value::null(), 0) == Truth::kUnknown);
}

TEST_CASE("same: nulls are equal, unknown is not the same") {
  CHECK(same(Value::null(), Value::null(), 0));
  CHECK_FALSE(same(Value::null(), Value::of(1), 0));
  CHECK_FALSE(same(date_time("2026"), date_time("2026-03"), 0));
}

TEST_CASE("the request's offset decides for values that name none") {
  const auto local = date_time("2026-03-01T10:00:00"), utc = date_time("2026-03-01T09:00:00Z");
  CHECK(equal(local, utc, 60) == Truth::kTrue);
  CHECK(equal(local, utc, 0) == Truth::kFalse);
  CHECK(order(local, utc, 0) == Comparison::kGreater);
}

TEST_CASE("resources are equal as facts, data types element by element") {
  const Value slots[] = {Value::of(1), Value::null()};
  const Value others[] = {Value::of(1), Value::of(2)};
  const Object first{7, 2, 3, 0, slots}, same_fact{7, 2, 3, 0, others}, other_fact{7, 2, 4, 0, slots};
  CHECK(equal(Value::of(&first), Value::of(&same_fact), 0) == Truth::kTrue);
  CHECK(equal(Value::of(&first), Value::of(&other_fact), 0) == Truth::kFalse);
  const Object part{9, 2, Object::kNoFact, 0, slots}, other_part{9, 2, Object::kNoFact, 0, others},
      same_part{9, 2, Object::kNoFact, 0, slots};
  CHECK(equal(Value::of(&part), Value::of(&same_part), 0) == Truth::kTrue);
  CHECK(equal(Value::of(&part), Value::of(&other_part), 0) == Truth::kUnknown);
  CHECK_FALSE(equivalent(Value::of(&part), Value::of(&other_part), 0));
}

TEST_CASE("codes: by interned concept where both have one, else by text; a missing system is unknown") {
  const CodeValue a{"1", "s", {}, "one", 5}, b{"1", "s", "2026", "uno", 5}, c{"1", {}, {}, {}, 0},
      d{"1", "t", {}, {}, 0};
  CHECK(equal(Value::of(&a), Value::of(&b), 0) == Truth::kTrue);
  CHECK(equal(Value::of(&a), Value::of(&c), 0) == Truth::kUnknown);
  CHECK(equal(Value::of(&a), Value::of(&d), 0) == Truth::kFalse);
  CHECK_FALSE(equivalent(Value::of(&a), Value::of(&c), 0));
  CHECK(equivalent(Value::of(&a), Value::of(&b), 0));
}

TEST_CASE("sorting dates of mixed precision is a total order") {
  std::vector<Value> values;
  for (const auto* text : {"2026", "2026-01", "2026-01-01", "2026-01-01T00", "2026-01-01T00:00:00Z", "2025-12-31T23:59",
                           "2026-02", "2027"})
    values.push_back(date_time(text));
  values.push_back(Value::null());
  auto expected = values;
  std::stable_sort(expected.begin(), expected.end(),
                   [](const Value& a, const Value& b) { return sort_order(a, b, 0) < 0; });
  CHECK(expected.front().is_null());
  for (const auto& a : values)
    for (const auto& b : values) {
      CHECK(sort_order(a, b, 0) == -sort_order(b, a, 0));
      for (const auto& c : values)
        if (sort_order(a, b, 0) <= 0 && sort_order(b, c, 0) <= 0) CHECK(sort_order(a, c, 0) <= 0);
    }
}

TEST_CASE("lists: as long as each other, element by element") {
  const std::vector<Value> ab = {Value::of(1), Value::null()}, ac = {Value::of(1), Value::of(2)}, a = {Value::of(1)};
  CHECK(equal(list_of(ab), list_of(ab), 0) == Truth::kTrue);
  CHECK(equal(list_of(ab), list_of(ac), 0) == Truth::kFalse);
  CHECK(equal(list_of(ab), list_of(a), 0) == Truth::kFalse);
}
