// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string_view>
#include <vector>

#include <vigil/knowledge_base.h>

using namespace vigil;

TEST_CASE("versions in ascending order") {
  const std::vector<std::string_view> ascending = {
      "",     "-rc", "0.9", "1.0.0-alpha", "1.0.0-beta", "1.0.0",   "1.0.00",   "1.0.1",    "1.9",
      "1.10", "2",   "2.0", "2019-09",     "2019-09-30", "2020-01", "20200101", "20200102", "99999999999999999999999",
      "v1",   "v2"};
  for (size_t i = 0; i < ascending.size(); ++i)
    for (size_t j = 0; j < ascending.size(); ++j) {
      CAPTURE(ascending[i]);
      CAPTURE(ascending[j]);
      CHECK(compare_versions(ascending[i], ascending[j]) == (i <=> j));
    }
}
