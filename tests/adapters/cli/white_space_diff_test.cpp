// SPDX-License-Identifier: Apache-2.0
#include "cli/white_space_diff.h"

#include <doctest/doctest.h>

namespace vigil::cli {
namespace {

TEST_CASE("equal texts have no diff") { CHECK(white_space_diff("a", "x\n", "x\n").empty()); }

TEST_CASE("a line that was split, and a line without its end") {
  CHECK(white_space_diff("a.cql", "x y\nz", "x\n  y\nz\n") ==
        "--- a.cql\n+++ a.cql\n@@ -1,2 +1,3 @@\n-x y\n-z\n\\ No newline at end of file\n+x\n+  y\n+z\n");
}

TEST_CASE("changes far apart are told with three lines of context each") {
  CHECK(white_space_diff("a", " 1\n2\n3\n4\n5\n6\n7\n8\n9\n\n\n", "1\n2\n3\n4\n5\n6\n7\n8\n9\n\n") ==
        "--- a\n+++ a\n@@ -1,4 +1,4 @@\n- 1\n+1\n 2\n 3\n 4\n@@ -8,4 +8,3 @@\n 8\n 9\n \n-\n");
}

}  // namespace
}  // namespace vigil::cli
