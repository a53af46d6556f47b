// SPDX-License-Identifier: Apache-2.0
// What operators on lists say of lists that are not wholly known (docs/decisions: unknown is never silently false).
#include <doctest/doctest.h>

#include <vector>

#include "evaluation/run.h"

using namespace vigil;

namespace {

/// A run without facts, and lists whose elements live as long.
struct Bench {
  Program program;
  Snapshot snapshot;
  Run run{program, {}};
  std::vector<std::vector<Value>> elements;

  Bench() {
    elements.reserve(32);
    run.begin(snapshot, {}, nullptr);
  }
  /// `possible` of the elements, from the end, are possible only.
  Value list(std::vector<Value> all, uint8_t flags = 0, uint16_t possible = 0) {
    elements.push_back(std::move(all));
    auto value =
        Value::of(elements.back().data(), static_cast<uint32_t>(elements.back().size() - possible)).with_flags(flags);
    value.fhir_type = possible;
    return value;
  }
  Value call(Value (*function)(Run&, const Call&), const Value& a, const Value& b = {}) {
    const Value operands[] = {a, b};
    return function(run, {operands, 2, 0, 0, {}, {}});
  }
};

Value one() { return Value::of(1); }
Value perhaps(int32_t i) { return Value::of(i).with_flags(Value::kPresence); }
Value truth(bool b, bool unsure) { return Value::of(b).with_flags(unsure ? Value::kUndetermined : 0); }

bool is(const Value& value, bool expected, bool undetermined) {
  return (expected ? value.is_true() : value.is_false()) && value.undetermined() == undetermined;
}

constexpr uint8_t kMore = Value::kUndetermined | Value::kOpen;
constexpr uint8_t kSome = Value::kUndeterminedElements;

}  // namespace

TEST_CASE("exists: one certain element decides, whatever else there may be") {
  Bench b;
  CHECK(is(b.call(op_Exists, b.list({one()})), true, false));
  CHECK(is(b.call(op_Exists, b.list({one()}, kMore)), true, false));
  CHECK(is(b.call(op_Exists, b.list({perhaps(1)}, kSome)), true, true));
  CHECK(is(b.call(op_Exists, b.list({perhaps(1), one()}, kSome)), true, false));
  CHECK(is(b.call(op_Exists, b.list({})), false, false));
  CHECK(is(b.call(op_Exists, b.list({}, kMore)), false, true));
  CHECK(is(b.call(op_Exists, b.list({one()}, Value::kUndetermined, 1)), false, true));
  CHECK(is(b.call(op_Exists, Value::null()), false, false));
  CHECK(is(b.call(op_Exists, Value::null().with_flags(Value::kUndetermined)), false, true));
}

TEST_CASE("in and contains: a certain element equal to a certain value decides") {
  Bench b;
  CHECK(is(b.call(op_InList, one(), b.list({one()}, kMore)), true, false));
  CHECK(is(b.call(op_InList, one(), b.list({perhaps(1)}, kSome)), true, true));
  CHECK(is(b.call(op_InList, perhaps(1), b.list({one()})), true, true));
  CHECK(is(b.call(op_InList, one(), b.list({Value::of(2)})), false, false));
  CHECK(is(b.call(op_InList, one(), b.list({Value::of(2)}, kMore)), false, true));
  CHECK(is(b.call(op_InList, perhaps(1), b.list({Value::of(2)})), false, true));
  CHECK(is(b.call(op_InList, perhaps(1), b.list({})), false, false));
  CHECK(is(b.call(op_ContainsElement, b.list({one()}, kMore), one()), true, false));
  CHECK(is(b.call(op_ContainsElement, Value::null().with_flags(Value::kUndetermined), one()), false, true));
}

TEST_CASE("AllTrue and AnyTrue: a certain false or true decides") {
  Bench b;
  CHECK(is(b.call(op_AllTrue, b.list({truth(false, false)}, kMore)), false, false));
  CHECK(is(b.call(op_AllTrue, b.list({truth(false, true)}, kSome)), false, true));
  CHECK(is(b.call(op_AllTrue, b.list({truth(true, false)}, kMore)), true, true));
  CHECK(is(b.call(op_AllTrue, b.list({truth(true, false)})), true, false));
  CHECK(is(b.call(op_AnyTrue, b.list({truth(true, false)}, kMore)), true, false));
  CHECK(is(b.call(op_AnyTrue, b.list({truth(false, false)}, kMore)), false, true));
  CHECK(is(b.call(op_AnyTrue, b.list({})), false, false));
}

TEST_CASE("union and distinct keep what is possible, and make certain what is so on one side") {
  Bench b;
  const auto both = b.call(op_Union, b.list({perhaps(1)}, kSome), b.list({one(), Value::of(2)}));
  REQUIRE(both.count == 2);
  CHECK(both.elements[0].flags == 0);
  CHECK(both.flags == 0);
  const auto possible =
      b.call(op_Union, b.list({one(), Value::of(3)}, Value::kUndetermined, 1), b.list({Value::of(2)}));
  CHECK(possible.count == 2);
  CHECK(possible.possible() == 1);
  CHECK_FALSE(possible.is_open());
  CHECK(b.call(op_Union, b.list({one()}), Value::null().with_flags(Value::kUndetermined)).is_open());
  const auto distinct = b.call(op_Distinct, b.list({one(), one(), one()}, Value::kUndetermined, 1));
  CHECK(distinct.count == 1);
  CHECK(distinct.possible() == 0);
}

TEST_CASE("intersect: certain only where it is on both sides") {
  Bench b;
  const auto result = b.call(op_Intersect, b.list({one(), Value::of(2)}), b.list({perhaps(1), Value::of(2)}, kSome));
  REQUIRE(result.count == 2);
  CHECK(result.elements[0].undetermined());
  CHECK_FALSE(result.elements[1].undetermined());
  CHECK(b.call(op_Intersect, b.list({one()}), b.list({}, kMore)).is_open());
}

TEST_CASE("except: what the second list may have besides could take elements away") {
  Bench b;
  const auto open = b.call(op_Except, b.list({one(), Value::of(2)}), b.list({one()}, kMore));
  REQUIRE(open.count == 1);
  CHECK(open.elements[0].undetermined());
  const auto possible = b.call(op_Except, b.list({one(), Value::of(2)}), b.list({one()}, Value::kUndetermined, 1));
  REQUIRE(possible.count == 2);
  CHECK(possible.elements[0].undetermined());
  CHECK_FALSE(possible.elements[1].undetermined());
  CHECK(b.call(op_Except, b.list({one()}), b.list({perhaps(1)}, kSome)).is_open());
  CHECK(b.call(op_Except, b.list({one()}), b.list({one()})).flags == 0);
}

TEST_CASE("flatten keeps what is possible inside") {
  Bench b;
  const auto inner = b.list({one(), Value::of(2)}, Value::kUndetermined, 1);
  const auto flat = b.call(op_Flatten, b.list({inner, b.list({Value::of(3)})}));
  CHECK(flat.count == 2);
  CHECK(flat.possible() == 1);
  CHECK_FALSE(flat.is_open());
}

TEST_CASE("every operation that is not special has a function") {
  for (size_t i = 0; i < typed::kOpCount; ++i) {
    const auto op = static_cast<Op>(i);
    CHECK((function_of(op) == nullptr) == (typed::policy(op) == typed::Policy::kSpecial));
  }
}
