// SPDX-License-Identifier: Apache-2.0
// How often each part of a rule was true, false or open.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <tuple>

#include <vigil/outcome.h>

#include "replay/row_buffer.h"

namespace vigil::replay {

/// Sums over decisions that are explained. Not thread-safe.
class ClauseCoverage {
 public:
  void add(uint32_t rule, std::span<const Explanation> clauses);
  /// As rows of clause_coverage.
  void write(RowBuffer& rows) const;
  void clear() { counts_.clear(); }

 private:
  static constexpr size_t kTruths = 5;  ///< in the order of the table's columns
  void add(uint32_t rule, const std::string& part, const Explanation& clause, size_t level);

  std::map<std::tuple<uint32_t, std::string, std::string>, std::array<int64_t, kTruths>> counts_;
};

}  // namespace vigil::replay
