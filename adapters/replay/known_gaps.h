// SPDX-License-Identifier: Apache-2.0
// How well each type of a patient's record is known, from instant to instant.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <vigil/snapshot.h>

namespace vigil::replay {

/// Spans in which something of a type is missing: lost, withheld, or known on a day no one knows the hour of. A
/// timeline holds how well types are known at one instant; this tells it anew for the next. Not thread-safe.
class KnownGaps {
 public:
  void clear();
  /// Of a FHIR type; none: of all.
  void add(std::optional<uint16_t> fhir_type, Completeness completeness, Instant from, Instant to = kForever);
  /// Says how well types are known at this instant. Instants must not go back between calls, nor gaps be added.
  void tell(Instant at, Timeline& timeline);

 private:
  struct Gap {
    Instant from = kAlways;
    Instant to = kForever;
    std::optional<uint16_t> fhir_type;
    Completeness completeness = Completeness::kPartial;
  };
  using Lasting = std::pair<std::optional<uint16_t>, Completeness>;

  static void say(std::optional<uint16_t> fhir_type, Completeness completeness, Timeline& timeline);
  void close(Instant at, Timeline& timeline);
  void open(const Gap& gap);

  std::vector<Gap> gaps_;
  bool is_sorted_ = true;
  size_t next_ = 0;               ///< the first that has not begun
  std::vector<Gap> open_;         ///< begun, and to end
  std::vector<Lasting> lasting_;  ///< begun for good, the worst of each type
  Instant first_end_ = kForever;  ///< of the open ones
};

}  // namespace vigil::replay
