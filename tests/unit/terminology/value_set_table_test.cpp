// SPDX-License-Identifier: Apache-2.0
#include "terminology/value_set_table.h"

#include <doctest/doctest.h>

using namespace vigil;

TEST_CASE("value sets by URL and version") {
  Arena arena;
  ValueSetTable table;
  CHECK(table.add("urn:b", "1.9", "B", ConceptSet({1}), arena));
  CHECK(table.add("urn:b", "1.10", "B", ConceptSet({1, 2}), arena));
  CHECK(table.add("urn:b", "", "B", ConceptSet({3}), arena));
  CHECK(table.add("urn:a", "", "A", ConceptSet({4}), arena));
  table.seal();
  REQUIRE(table.count() == 4);
  CHECK(table.find("urn:a", "") == 0);

  SUBCASE("without a version the greatest is found") {
    const auto greatest = table.find("urn:b", "");
    REQUIRE(greatest);
    CHECK(table[*greatest].version == "1.10");
  }
  SUBCASE("with a version only that one is found") {
    const auto exact = table.find("urn:b", "1.9");
    REQUIRE(exact);
    CHECK(table[*exact].version == "1.9");
    CHECK_FALSE(table.find("urn:b", "2"));
    CHECK_FALSE(table.find("urn:a", "1.9"));
  }
  SUBCASE("a canonical may carry the version") {
    CHECK(table.find("urn:b|1.9", "") == table.find("urn:b", "1.9"));
    CHECK_FALSE(table.find("urn:b|2", ""));
    CHECK(table.find("urn:b|", "") == table.find("urn:b", ""));
  }
  SUBCASE("what is not held is not found") {
    CHECK_FALSE(table.find("urn:c", ""));
    CHECK_FALSE(table.find("", ""));
  }
}

TEST_CASE("the same again is no conflict, other members are") {
  Arena arena;
  ValueSetTable table;
  CHECK(table.add("urn:a", "1", "A", ConceptSet({1, 2}), arena));
  CHECK(table.add("urn:a", "1", "A", ConceptSet({2, 1, 1}), arena));
  CHECK_FALSE(table.add("urn:a", "1", "A", ConceptSet({1}), arena));
  CHECK(table.add("urn:a", "2", "A", ConceptSet({1}), arena));
  table.seal();
  CHECK(table[0].members.ids().size() == 2);
}
