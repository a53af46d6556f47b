// SPDX-License-Identifier: Apache-2.0
// Where a daily count changes its rate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace vigil::replay {

/// A day from which on the rate is another.
struct ChangePoint {
  size_t day = 0;     ///< index in the counts
  double before = 0;  ///< mean a day of the segment before
  double after = 0;   ///< and of the one that begins
};

/// Segments of constant Poisson rate, by binary segmentation: a segment is split where the likelihood gains most, if it
/// gains more than chance does in a series of this length (2 ln n), and no part gets shorter than a week. Sorted.
std::vector<ChangePoint> find_change_points(std::span<const int64_t> counts);

}  // namespace vigil::replay
