// SPDX-License-Identifier: Apache-2.0
// Text for people.
#include "cli/write_text.h"

#include <doctest/doctest.h>

#include <sstream>

#include "cli/console.h"

using namespace vigil;

TEST_CASE("one line, shortened by code points") {
  CHECK(cli::one_line("  a\n  b\tc ", 100) == "a b c");
  CHECK(cli::one_line("ärzte", 3) == "ärz…");
  CHECK(cli::one_line("ab cd", 3) == "ab…");
  CHECK(cli::one_line("abc", 3) == "abc");
  CHECK(cli::one_line("", 3).empty());
}

TEST_CASE("an explanation is a tree of `text = value`") {
  Explanation leaf{"[MedicationRequest]", "{}", true, {}, {"MedicationRequest/1"}, {}};
  const Explanation root{"exists\n  [MedicationRequest]", "null", false, {}, {}, {leaf}};
  std::ostringstream out;
  cli::write_explanation(out, {&root, 1}, 2, {});
  CHECK(out.str() ==
        "  exists [MedicationRequest] = null\n"
        "    [MedicationRequest] = {} (undetermined)  MedicationRequest/1\n");
}

TEST_CASE("requirements, a paragraph a type") {
  const Requirement requirement{"Observation", "code", {"urn:a"}, {"http://loinc.org|1"}, {"status", "value"}};
  std::ostringstream out;
  cli::write_requirements(out, {&requirement, 1});
  CHECK(out.str() == "Observation where code in urn:a, http://loinc.org|1\n  status\n  value\n");
}

TEST_CASE("counts with their noun in the right number") {
  CHECK(cli::counted(0, "rule") == "0 rules");
  CHECK(cli::counted(1, "rule") == "1 rule");
  CHECK(cli::counted(2, "rule") == "2 rules");
  CHECK(cli::counted(1, "datum", "data") == "1 datum");
  CHECK(cli::counted(2, "datum", "data") == "2 data");
}
