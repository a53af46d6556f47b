// SPDX-License-Identifier: Apache-2.0
// Random numbers that are the same on every machine; those of <random> are not, as to distributions.
#pragma once

#include <cmath>
#include <cstdint>

namespace vigil::population {

/// SplitMix64. A copy goes on from where it is.
class Random {
 public:
  Random(uint64_t seed, uint64_t stream) : state_(seed * 0x9E3779B97F4A7C15u ^ (stream + 1) * 0xD1B54A32D192ED03u) {
    next();
  }
  uint64_t next() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  /// In [0, 1).
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  /// In [0, below).
  int below(int below) { return static_cast<int>(unit() * below); }
  int between(int low, int high) { return low + below(high - low + 1); }
  bool chance(double probability) { return unit() < probability; }
  /// Of mean 0 and deviation 1, well enough: the sum of twelve.
  double normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += unit();
    return sum;
  }
  /// Minutes of this mean, many short and few long.
  int64_t exponential(double mean) { return static_cast<int64_t>(-mean * std::log1p(-unit())); }

 private:
  uint64_t state_;
};

}  // namespace vigil::population
