// SPDX-License-Identifier: Apache-2.0
// Rates with 95 % intervals that know of patients: triggers of one patient are alike, so they tell less than as many of
// as many patients.
//
// A rate is a ratio of sums over patients; its variance that of the ratio estimator (Cochran, Sampling Techniques,
// 1977, 6.3). Divided by what it would be were all times independent, it is the design effect (Kish, Survey Sampling,
// 1965, 8.2), and numbers divided by that are worth as many independent ones (Rao and Scott, Biometrics
// 1992;48:577-585): the interval is of these. Of patients with a time each it is the common one.
#pragma once

#include <cstdint>

namespace vigil::replay {

/// Parts of wholes, patient by patient, as sums: in any order, from any number of shards, they come to the same.
struct ClusteredCount {
  int64_t part = 0;
  int64_t whole = 0;
  int64_t patients = 0;  ///< with a whole that is not 0
  int64_t part_squares = 0;
  int64_t products = 0;  ///< of part and whole
  int64_t whole_squares = 0;

  /// One patient's.
  void add(int64_t its_part, int64_t its_whole);
};

/// A rate in percent with its interval. Of nothing all are 0, the upper end 100.
struct RateInterval {
  double per_100 = 0;
  double low = 0;
  double high = 100;
};

/// How many times the variance of a share is what it would be of independent times; never below 1. Where all or none
/// are parts, or there is one patient, nothing shows how alike those of a patient are: then as if all were the same.
double design_effect(const ClusteredCount& count);

/// A share with Wilson's score interval (Wilson 1927; Brown, Cai and DasGupta 2001) of independent times.
RateInterval wilson_per_100(double part, double whole);
/// The same of times of patients.
RateInterval share_per_100(const ClusteredCount& count);
/// A rate whose parts may be more than the whole, as alerts per order: the score interval of a Poisson mean, widened
/// likewise.
RateInterval events_per_100(const ClusteredCount& count);

}  // namespace vigil::replay
