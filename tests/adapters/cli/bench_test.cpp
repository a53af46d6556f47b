// SPDX-License-Identifier: Apache-2.0
// The figures of `vigil bench`.
#include "cli/bench.h"

#include <doctest/doctest.h>

using namespace vigil::cli;

TEST_CASE("the median of odd, even and no values") {
  CHECK(median({3, 1, 2}) == doctest::Approx(2));
  CHECK(median({4, 1, 3, 2}) == doctest::Approx(2.5));
  CHECK(median({}) == doctest::Approx(0));
}

TEST_CASE("the summary is the mean of the patients' medians") {
  const auto summary = summarise({{"a", 100, 1, 2, 4, 2}, {"b", 300, 3, 4, 8, 4}});
  CHECK(summary.mean.bytes == 200);
  CHECK(summary.mean.read_us == doctest::Approx(2));
  CHECK(summary.mean.whole_us == doctest::Approx(6));
  CHECK(summary.whole_over_limit == doctest::Approx(2));
  CHECK(summary.patients_per_s == doctest::Approx(1e6 / 6));
  CHECK(summary.peak_rss_mb > 0);
  CHECK(summarise({}).patients_per_s == doctest::Approx(0));
}
