// SPDX-License-Identifier: Apache-2.0
// Implicit conversions: CQL 1.5, author's guide, "Implicit Conversions"; their order: developer's guide, "Conversion
// Precedence".
#include <doctest/doctest.h>

#include "semantic/conversions.h"

using namespace vigil;
using namespace vigil::semantic;
using namespace vigil::model;

namespace {

TypeId fhir(TypeTable& types, std::string_view name) { return types.fhir(find_type(name)); }

/// An expression of a type, without operands.
ExprId value_of(ModuleBuilder& module, TypeId type) { return module.add(Op::kLocal, type, {}, {}, 7); }

}  // namespace

TEST_CASE("the same type costs nothing; a nearer conversion costs less than a farther one") {
  TypeTable types;
  CHECK(conversion_cost(types, kInteger, kInteger) == 0);
  const auto subtype = conversion_cost(types, types.list(kInteger), types.list(kAny));
  const auto null = conversion_cost(types, kAny, kInteger);
  const auto simple = conversion_cost(types, kInteger, kDecimal);
  const auto complex = conversion_cost(types, types.list(kInteger), types.list(kDecimal));
  REQUIRE(subtype);
  REQUIRE(null);
  REQUIRE(simple);
  REQUIRE(complex);
  CHECK(0 < *subtype);
  CHECK(*subtype < *null);
  CHECK(*null < *simple);
  CHECK(*simple < *complex);
  CHECK(*conversion_cost(types, kInteger, kLong) < *simple);
  CHECK(*simple < *conversion_cost(types, kInteger, kQuantity));
}

TEST_CASE("what CQL converts, and only in that direction") {
  TypeTable types;
  const std::pair<TypeId, TypeId> there[] = {{kInteger, kLong},    {kInteger, kDecimal}, {kLong, kDecimal},
                                             {kDate, kDateTime},   {kCode, kConcept},    {kInteger, kQuantity},
                                             {kDecimal, kQuantity}};
  for (const auto& each : there) {
    const auto from = each.first;
    const auto to = each.second;
    CHECK_MESSAGE(conversion_cost(types, from, to), types.name(from) << " to " << types.name(to));
    CHECK_MESSAGE(!conversion_cost(types, to, from), types.name(to) << " to " << types.name(from));
  }
  CHECK_FALSE(conversion_cost(types, kString, kInteger));
  CHECK_FALSE(conversion_cost(types, kBoolean, kInteger));
  CHECK_FALSE(conversion_cost(types, kInteger, types.list(kInteger)));
  CHECK_FALSE(conversion_cost(types, types.list(kInteger), kInteger));
}

TEST_CASE("FHIR types have the System types FHIRHelpers gives them") {
  TypeTable types;
  const auto system = [&](std::string_view name) {
    const auto type = system_type_of(types, find_type(name));
    return type ? types.name(*type) : "none";
  };
  CHECK(system("boolean") == "Boolean");
  CHECK(system("code") == "String");
  CHECK(system("positiveInt") == "Integer");
  CHECK(system("instant") == "DateTime");
  CHECK(system("Quantity") == "Quantity");
  CHECK(system("Age") == "Quantity");
  CHECK(system("Coding") == "Code");
  CHECK(system("CodeableConcept") == "Concept");
  CHECK(system("Ratio") == "Ratio");
  CHECK(system("Period") == "Interval<DateTime>");
  CHECK(system("Range") == "Interval<Quantity>");
  CHECK(system("Observation") == "none");
  CHECK(system("Reference") == "none");
}

TEST_CASE("from a FHIR type through its System type, not to another") {
  TypeTable types;
  CHECK(conversion_cost(types, fhir(types, "code"), kString));
  CHECK(conversion_cost(types, fhir(types, "date"), kDateTime));
  CHECK(conversion_cost(types, fhir(types, "Coding"), kConcept));
  CHECK_FALSE(conversion_cost(types, fhir(types, "code"), kInteger));
  CHECK_FALSE(conversion_cost(types, kString, fhir(types, "code")));
  CHECK_FALSE(conversion_cost(types, fhir(types, "Observation"), kString));
  CHECK(*conversion_cost(types, fhir(types, "Coding"), kCode) <
        *conversion_cost(types, fhir(types, "Coding"), kConcept));
}

TEST_CASE("lists, intervals and tuples convert by their parts") {
  TypeTable types;
  CHECK(conversion_cost(types, types.interval(kDate), types.interval(kDateTime)));
  CHECK_FALSE(conversion_cost(types, types.interval(kDateTime), types.interval(kDate)));
  CHECK_FALSE(conversion_cost(types, types.list(kInteger), types.interval(kInteger)));
  const auto from = types.tuple({{"a", kInteger}, {"b", kString}});
  CHECK(conversion_cost(types, from, types.tuple({{"b", kString}, {"a", kDecimal}})));
  CHECK_FALSE(conversion_cost(types, from, types.tuple({{"a", kDecimal}})));
  CHECK_FALSE(conversion_cost(types, from, types.tuple({{"a", kDecimal}, {"c", kString}})));
}

TEST_CASE("a choice converts where one alternative does, and into a choice that holds the type") {
  TypeTable types;
  const auto choice = types.choice({kInteger, kString});
  CHECK(conversion_cost(types, choice, kString));
  CHECK(conversion_cost(types, choice, kDecimal));
  CHECK_FALSE(conversion_cost(types, choice, kBoolean));
  CHECK(conversion_cost(types, kInteger, choice));
  CHECK_FALSE(conversion_cost(types, kBoolean, choice));
}

TEST_CASE("converting gives an expression of the type asked for, or the value itself where none is needed") {
  typed::Module typed;
  ModuleBuilder module(typed);
  auto& types = module.types();
  const auto integer = value_of(module, kInteger);
  CHECK(convert(module, integer, kInteger) == integer);
  const std::pair<TypeId, TypeId> cases[] = {
      {kInteger, kDecimal},
      {kAny, kString},
      {fhir(types, "Coding"), kConcept},
      {fhir(types, "Period"), types.interval(kDateTime)},
      {types.list(kInteger), types.list(kDecimal)},
      {types.interval(kInteger), types.interval(kQuantity)},
      {types.tuple({{"a", kInteger}}), types.tuple({{"a", kDecimal}})},
      {types.choice({kInteger, kString}), kDecimal},
      {types.choice({fhir(types, "string"), fhir(types, "Quantity")}), kQuantity},
  };
  for (const auto& each : cases) {
    const auto from = each.first;
    const auto to = each.second;
    REQUIRE_MESSAGE(conversion_cost(types, from, to), types.name(from) << " to " << types.name(to));
    const auto value = value_of(module, from);
    const auto converted = convert(module, value, to);
    CHECK(converted != value);
    CHECK(types.name(module.type(converted)) == types.name(to));
  }
}

TEST_CASE("the common type is the nearest that all convert to, else their choice") {
  TypeTable types;
  const auto common = [&](std::vector<TypeId> all) { return types.name(common_type(types, all)); };
  CHECK(common({kInteger, kDecimal}) == "Decimal");
  CHECK(common({kDecimal, kInteger, kLong}) == "Decimal");
  CHECK(common({kAny, kInteger}) == "Integer");
  CHECK(common({kAny, kAny}) == "Any");
  CHECK(common({fhir(types, "code"), kString}) == "String");
  CHECK(common({fhir(types, "code"), fhir(types, "code")}) == types.name(fhir(types, "code")));
  CHECK(common({kInteger, kString}) == types.name(types.choice({kInteger, kString})));
  CHECK(common({types.list(kInteger), types.list(kDecimal)}) == "List<Decimal>");
}
