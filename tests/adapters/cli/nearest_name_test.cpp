// SPDX-License-Identifier: Apache-2.0
// did_you_mean.
#include "cli/nearest_name.h"

#include <doctest/doctest.h>

#include <vector>

using vigil::cli::did_you_mean;

TEST_CASE("the nearest name is suggested, whatever its case") {
  const std::vector<std::string> known = {"check", "run", "graph"};
  CHECK(did_you_mean("chekc", known) == "did you mean `check`?");
  CHECK(did_you_mean("GRAPH", known) == "did you mean `graph`?");
  CHECK(did_you_mean("rum", known) == "did you mean `run`?");
}

TEST_CASE("nothing near, nothing suggested") {
  const std::vector<std::string> known = {"check", "run"};
  CHECK(did_you_mean("evaluate", known).empty());
  CHECK(did_you_mean("", known).empty());
  CHECK(did_you_mean("check", {}).empty());
}
