// SPDX-License-Identifier: Apache-2.0
// Intervals against figures worked out by hand.
#include "replay/rate_intervals.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>
#include <vector>

using namespace vigil::replay;

namespace {

ClusteredCount count_of(const std::vector<std::pair<int64_t, int64_t>>& patients) {
  ClusteredCount count;
  for (const auto& [part, whole] : patients) count.add(part, whole);
  return count;
}

}  // namespace

TEST_CASE("Wilson's interval") {
  const auto some = wilson_per_100(10, 100);
  CHECK(some.per_100 == doctest::Approx(10));
  CHECK(some.low == doctest::Approx(5.5229).epsilon(0.001));
  CHECK(some.high == doctest::Approx(17.4366).epsilon(0.001));
  CHECK(wilson_per_100(0, 20).low == doctest::Approx(0));
  CHECK(wilson_per_100(0, 20).high == doctest::Approx(16.1125).epsilon(0.001));
  CHECK(wilson_per_100(0, 0).high == doctest::Approx(100));
}

TEST_CASE("patients with a time each: the interval is Wilson's") {
  std::vector<std::pair<int64_t, int64_t>> patients(100, {0, 1});
  std::fill_n(patients.begin(), 10, std::pair<int64_t, int64_t>{1, 1});
  const auto count = count_of(patients);
  CHECK(design_effect(count) == 1);
  CHECK(share_per_100(count).low == wilson_per_100(10, 100).low);
  CHECK(share_per_100(count).high == wilson_per_100(10, 100).high);
  CHECK(share_per_100(count_of(std::vector<std::pair<int64_t, int64_t>>(20, {0, 1}))).high ==
        wilson_per_100(0, 20).high);
}

TEST_CASE("four patients: the ratio's variance, the design effect, and the interval of what is left") {
  // Residuals 5/3, -4/3, 1/3, -2/3; variance 4/3 * 46/9 / 144 over (1/3 * 2/3) / 11; 12 / 2.3426 = 5.1225 times.
  const auto count = count_of({{3, 4}, {0, 4}, {1, 2}, {0, 2}, {0, 0}});
  CHECK(count.patients == 4);
  CHECK(design_effect(count) == doctest::Approx(2.342593));
  const auto share = share_per_100(count);
  CHECK(share.per_100 == doctest::Approx(100.0 / 3));
  CHECK(share.low == doctest::Approx(8.800).epsilon(0.0005));
  CHECK(share.high == doctest::Approx(72.151).epsilon(0.0005));
  // As events: variance 184/27 / 144 over (4/12) / 12, so 2.3478 events of 7.0435.
  const auto events = events_per_100(count);
  CHECK(events.low == doctest::Approx(9.9907).epsilon(0.0005));
  CHECK(events.high == doctest::Approx(111.215).epsilon(0.0005));
}

TEST_CASE("where nothing shows how alike a patient's times are, each patient counts once") {
  CHECK(design_effect(count_of({{0, 4}, {0, 4}, {0, 2}, {0, 2}})) == doctest::Approx(40.0 / 12));
  const auto none = share_per_100(count_of({{0, 5}, {0, 5}, {0, 5}, {0, 5}}));
  CHECK(none.low == 0);
  CHECK(none.high == doctest::Approx(wilson_per_100(0, 4).high));
  CHECK(share_per_100(count_of({{5, 5}, {5, 5}})).low == doctest::Approx(wilson_per_100(2, 2).low));
  CHECK(share_per_100(count_of({{3, 10}})).high == doctest::Approx(wilson_per_100(0.3, 1).high));  // one patient
  CHECK(events_per_100(count_of({{0, 5}, {0, 5}})).high == doctest::Approx(100 * 3.841459 / 2));
  CHECK(share_per_100({}).high == 100);
}

TEST_CASE("patients who are more alike than chance make no interval narrower; all the same make it that of patients") {
  CHECK(design_effect(count_of({{1, 2}, {1, 2}, {1, 2}})) == 1);
  const auto same = count_of({{10, 10}, {10, 10}, {0, 10}, {0, 10}});
  CHECK(design_effect(same) == doctest::Approx(13));  // 4/3 * (39 / 4)
  CHECK(share_per_100(same).low < wilson_per_100(20, 40).low);
}
