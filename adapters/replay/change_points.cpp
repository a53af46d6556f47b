// SPDX-License-Identifier: Apache-2.0
// Binary segmentation of Poisson counts.
#include "replay/change_points.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace vigil::replay {

namespace {

constexpr size_t kShortest = 7;

/// The logarithm of the likelihood of `sum` events in `days` days at their mean, but for terms that no split changes.
double likelihood(int64_t sum, size_t days) {
  return sum == 0 ? 0 : static_cast<double>(sum) * std::log(static_cast<double>(sum) / static_cast<double>(days));
}

class Segmenter {
 public:
  explicit Segmenter(std::span<const int64_t> counts)
      : sums_(counts.size() + 1, 0),
        least_gain_(2 * std::log(static_cast<double>(std::max<size_t>(counts.size(), 2)))) {
    std::partial_sum(counts.begin(), counts.end(), sums_.begin() + 1);
  }

  void split(size_t begin, size_t end) {
    if (end - begin < 2 * kShortest) return;
    const double whole = likelihood(sum(begin, end), end - begin);
    size_t best = 0;
    double best_gain = least_gain_;
    for (size_t at = begin + kShortest; at + kShortest <= end; ++at) {
      const double gain = likelihood(sum(begin, at), at - begin) + likelihood(sum(at, end), end - at) - whole;
      if (gain > best_gain) {
        best_gain = gain;
        best = at;
      }
    }
    if (best == 0) return;
    split(begin, best);
    points_.push_back(best);
    split(best, end);
  }

  std::vector<ChangePoint> take(size_t days) const {
    std::vector<ChangePoint> found;
    for (size_t i = 0; i < points_.size(); ++i) {
      const size_t begin = i == 0 ? 0 : points_[i - 1];
      const size_t end = i + 1 < points_.size() ? points_[i + 1] : days;
      found.push_back({points_[i], mean(begin, points_[i]), mean(points_[i], end)});
    }
    return found;
  }

 private:
  int64_t sum(size_t begin, size_t end) const { return sums_[end] - sums_[begin]; }
  double mean(size_t begin, size_t end) const {
    return static_cast<double>(sum(begin, end)) / static_cast<double>(end - begin);
  }

  std::vector<int64_t> sums_;
  double least_gain_;
  std::vector<size_t> points_;
};

}  // namespace

std::vector<ChangePoint> find_change_points(std::span<const int64_t> counts) {
  Segmenter segmenter(counts);
  segmenter.split(0, counts.size());
  return segmenter.take(counts.size());
}

}  // namespace vigil::replay
