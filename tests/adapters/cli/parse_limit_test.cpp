// SPDX-License-Identifier: Apache-2.0
// The parse `vigil bench` compares with.
#include "cli/parse_limit.h"

#include <doctest/doctest.h>

TEST_CASE("the same text may be parsed again and again, and replaced") {
  vigil::cli::ParseLimit limit;
  limit.set_text("{\"a\": [1, 2]}");
  CHECK(limit.parse());
  CHECK(limit.parse());
  limit.set_text("{");
  CHECK_FALSE(limit.parse());
}
