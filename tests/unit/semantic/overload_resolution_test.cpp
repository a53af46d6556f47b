// SPDX-License-Identifier: Apache-2.0
// Which overload a use means: CQL 1.5, developer's guide, "Function Resolution".
#include <doctest/doctest.h>

#include <algorithm>

#include "semantic/overload_resolution.h"

using namespace vigil;
using namespace vigil::semantic;
using namespace vigil::model;

namespace {

struct Uses {
  TypeTable types;

  /// "parameters -> result" of what these operands resolve to; "none" where nothing takes them.
  std::string resolve(std::string_view name, const std::vector<TypeId>& operands) {
    const auto found = resolve_overload(types, name, operands);
    if (!found) return "none";
    std::string text;
    for (const auto parameter : found->parameters) text += (text.empty() ? "" : ", ") + types.name(parameter);
    return text + " -> " + types.name(found->result);
  }
  TypeId fhir(std::string_view name) { return types.fhir(find_type(name)); }
};

}  // namespace

TEST_CASE("exact operands take the overload as written, at no cost") {
  Uses u;
  CHECK(u.resolve("Add", {kInteger, kInteger}) == "Integer, Integer -> Integer");
  CHECK(u.resolve("Add", {kString, kString}) == "String, String -> String");
  CHECK(u.resolve("Add", {kDateTime, kQuantity}) == "DateTime, Quantity -> DateTime");
  CHECK(resolve_overload(u.types, "Add", std::vector{kInteger, kInteger})->cost == 0);
}

TEST_CASE("the least conversion wins") {
  Uses u;
  CHECK(u.resolve("Add", {kInteger, kLong}) == "Long, Long -> Long");
  CHECK(u.resolve("Add", {kInteger, kDecimal}) == "Decimal, Decimal -> Decimal");
  CHECK(u.resolve("Add", {kDecimal, kQuantity}) == "Quantity, Quantity -> Quantity");
  CHECK(u.resolve("Less", {kDate, kDateTime}) == "DateTime, DateTime -> Boolean");
  CHECK(u.resolve("Less", {u.fhir("Quantity"), kQuantity}) == "Quantity, Quantity -> Boolean");
  CHECK(u.resolve("Less", {u.fhir("dateTime"), kDate}) == "DateTime, DateTime -> Boolean");
}

TEST_CASE("a null takes the type of the other operand") {
  Uses u;
  CHECK(u.resolve("Add", {kAny, kInteger}) == "Integer, Integer -> Integer");
  CHECK(u.resolve("Less", {kString, kAny}) == "String, String -> Boolean");
}

TEST_CASE("operands nothing takes, other counts and unknown names resolve to none") {
  Uses u;
  CHECK(u.resolve("Add", {kString, kInteger}) == "none");
  CHECK(u.resolve("Less", {kBoolean, kBoolean}) == "none");
  CHECK(u.resolve("Add", {kInteger}) == "none");
  CHECK(u.resolve("Add", {kInteger, kInteger, kInteger}) == "none");
  CHECK(u.resolve("Frobnicate", {kInteger}) == "none");
  CHECK(u.resolve("add", {kInteger, kInteger}) == "none");
}

TEST_CASE("a type variable is bound once for all operands and the result") {
  Uses u;
  CHECK(u.resolve("First", {u.types.list(kString)}) == "List<String> -> String");
  CHECK(u.resolve("In", {kInteger, u.types.list(kInteger)}) == "Integer, List<Integer> -> Boolean");
  CHECK(u.resolve("In", {kInteger, u.types.list(kDecimal)}) == "Decimal, List<Decimal> -> Boolean");
  CHECK(u.resolve("In", {kInteger, u.types.interval(kDecimal)}) == "Decimal, Interval<Decimal> -> Boolean");
  CHECK(u.resolve("In", {kDate, u.fhir("Period")}) == "DateTime, Interval<DateTime> -> Boolean");
  CHECK(u.resolve("In", {kString, u.types.list(kInteger)}) == "none");
  CHECK(u.resolve("Equal", {kInteger, kString}) == "none");
}

TEST_CASE("lists of two types unite to a list of their choice") {
  Uses u;
  const auto choice = u.types.list(u.types.choice({kInteger, kString}));
  const auto found = resolve_overload(u.types, "Union", std::vector{u.types.list(kInteger), u.types.list(kString)});
  REQUIRE(found);
  CHECK(u.types.name(found->result) == u.types.name(choice));
  CHECK(u.resolve("Union", {u.types.list(kInteger), u.types.list(kInteger)}) ==
        "List<Integer>, List<Integer> -> List<Integer>");
}

TEST_CASE("the same name means the interval or the list by its operands") {
  Uses u;
  const auto interval = u.types.interval(kInteger);
  const auto list = u.types.list(kInteger);
  CHECK(resolve_overload(u.types, "Includes", std::vector{interval, interval})->op == Op::kIncludesInterval);
  CHECK(resolve_overload(u.types, "Includes", std::vector{interval, kInteger})->op == Op::kContainsPoint);
  CHECK(resolve_overload(u.types, "Includes", std::vector{list, list})->op == Op::kIncludesList);
  CHECK(resolve_overload(u.types, "Includes", std::vector{list, kInteger})->op == Op::kContainsElement);
}

TEST_CASE("every name offered for suggestions is one that may be used or is known to come") {
  const auto names = function_names();
  CHECK(std::is_sorted(names.begin(), names.end()));
  for (const auto* name : {"Count", "First", "Coalesce", "AgeInYears"})
    CHECK_MESSAGE(std::binary_search(names.begin(), names.end(), std::string_view(name)), name);
  CHECK(is_known_overload("Count"));
  CHECK_FALSE(is_known_overload("count"));
}
