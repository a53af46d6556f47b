// SPDX-License-Identifier: Apache-2.0
// Variance between patients, and intervals.
#include "replay/rate_intervals.h"

#include <algorithm>
#include <cmath>

namespace vigil::replay {

namespace {

constexpr double kZ = 1.959963984540054;  // two-sided 95 %

/// Of the ratio: between patients, from the sums of squares.
double variance_of(const ClusteredCount& count) {
  const auto whole = static_cast<double>(count.whole);
  const auto patients = static_cast<double>(count.patients);
  const double ratio = static_cast<double>(count.part) / whole;
  const double squares = static_cast<double>(count.part_squares) - 2 * ratio * static_cast<double>(count.products) +
                         ratio * ratio * static_cast<double>(count.whole_squares);
  return patients / (patients - 1) * squares / (whole * whole);
}

/// The design effect were all times of a patient the same.
double greatest_effect(const ClusteredCount& count) {
  return static_cast<double>(count.whole_squares) / static_cast<double>(count.whole);
}

}  // namespace

void ClusteredCount::add(int64_t its_part, int64_t its_whole) {
  if (its_whole == 0) return;
  part += its_part;
  whole += its_whole;
  ++patients;
  part_squares += its_part * its_part;
  products += its_part * its_whole;
  whole_squares += its_whole * its_whole;
}

double design_effect(const ClusteredCount& count) {
  if (count.whole <= 0 || count.patients == count.whole) return 1;
  if (count.patients == 1 || count.part <= 0 || count.part >= count.whole) return greatest_effect(count);
  const auto whole = static_cast<double>(count.whole);
  const double share = static_cast<double>(count.part) / whole;
  return std::max(1.0, variance_of(count) * (whole - 1) / (share * (1 - share)));
}

RateInterval wilson_per_100(double part, double whole) {
  if (whole <= 0) return {};
  const double share = part / whole;
  const double z2 = kZ * kZ;
  const double centre = (share + z2 / (2 * whole)) / (1 + z2 / whole);
  const double half = kZ * std::sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole)) / (1 + z2 / whole);
  return {100 * share, 100 * std::max(0.0, centre - half), 100 * std::min(1.0, centre + half)};
}

RateInterval share_per_100(const ClusteredCount& count) {
  const double effect = design_effect(count);
  auto rate = wilson_per_100(static_cast<double>(count.part) / effect, static_cast<double>(count.whole) / effect);
  if (count.whole > 0) rate.per_100 = 100 * static_cast<double>(count.part) / static_cast<double>(count.whole);
  return rate;
}

RateInterval events_per_100(const ClusteredCount& count) {
  if (count.whole <= 0) return {};
  const auto whole = static_cast<double>(count.whole);
  const auto part = static_cast<double>(count.part);
  const bool shows_nothing = count.patients == 1 || count.part <= 0;
  const double effect =
      shows_nothing ? greatest_effect(count) : std::max(1.0, variance_of(count) * whole * whole / part);
  const double centre = part / effect + kZ * kZ / 2;
  const double half = kZ * std::sqrt(part / effect + kZ * kZ / 4);
  const double scale = 100 * effect / whole;
  return {100 * part / whole, std::max(0.0, (centre - half) * scale), (centre + half) * scale};
}

}  // namespace vigil::replay
