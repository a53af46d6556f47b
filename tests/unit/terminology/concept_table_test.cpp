// SPDX-License-Identifier: Apache-2.0
#include "terminology/concept_table.h"

#include <doctest/doctest.h>

#include <string>

using namespace vigil;

TEST_CASE("ids are dense, from 1, and the same for the same pair") {
  Arena arena;
  ConceptTable table;
  CHECK(table.find("http://loinc.org", "4548-4") == 0);
  CHECK(table.intern("http://loinc.org", "4548-4", arena) == 1);
  CHECK(table.intern("http://snomed.info/sct", "4548-4", arena) == 2);
  CHECK(table.intern("http://loinc.org", "4548-4", arena) == 1);
  CHECK(table.count() == 2);
  CHECK(table.find("http://snomed.info/sct", "4548-4") == 2);
  CHECK(table.find("http://snomed.info/sct", "4548") == 0);
  CHECK(table.system(2) == "http://snomed.info/sct");
  CHECK(table.code(1) == "4548-4");
}

TEST_CASE("a pair without system or without code is no concept") {
  Arena arena;
  ConceptTable table;
  CHECK(table.intern("", "1", arena) == 0);
  CHECK(table.intern("urn:a", "", arena) == 0);
  CHECK(table.find("", "1") == 0);
  CHECK(table.find("urn:a", "") == 0);
  CHECK(table.count() == 0);
  CHECK_FALSE(table.has_system("urn:a"));
}

TEST_CASE("codes of every length are told apart, and found again after growth") {
  Arena arena;
  ConceptTable table;
  constexpr uint32_t kCodes = 20000;
  const auto code = [](uint32_t i) { return std::string(i % 23, 'x') + std::to_string(i); };
  const auto system = [](uint32_t i) { return "urn:system:" + std::to_string(i % 100); };
  for (uint32_t i = 0; i < kCodes; ++i) REQUIRE(table.intern(system(i), code(i), arena) == i + 1);
  for (uint32_t i = 0; i < kCodes; ++i) REQUIRE(table.find(system(i), code(i)) == i + 1);
  for (uint32_t i = 0; i < kCodes; ++i) REQUIRE(table.find(system(i + 1), code(i)) == 0);
}

TEST_CASE("systems whose last bytes agree are different systems") {
  Arena arena;
  ConceptTable table;
  CHECK(table.intern("urn:a:codesystem", "1", arena) == 1);
  CHECK(table.intern("urn:b:codesystem", "1", arena) == 2);
  CHECK(table.intern("s", "1", arena) == 3);
  CHECK(table.find("urn:a:codesystem", "1") == 1);
  CHECK(table.find("urn:b:codesystem", "1") == 2);
  CHECK(table.find("urn:c:codesystem", "1") == 0);
  CHECK(table.find("s", "1") == 3);
}

TEST_CASE("the first display stays, unless a final one comes") {
  Arena arena;
  ConceptTable table;
  const ConceptId id = table.intern("urn:a", "1", arena);
  CHECK(table.display(id).empty());
  table.set_display(id, "first", false, arena);
  table.set_display(id, "second", false, arena);
  CHECK(table.display(id) == "first");
  table.set_display(id, "final", true, arena);
  table.set_display(id, "later", true, arena);
  table.set_display(id, "later", false, arena);
  CHECK(table.display(id) == "final");
}
