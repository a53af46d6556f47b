// SPDX-License-Identifier: Apache-2.0
// Goes through a chain and finds what was altered, removed or put elsewhere.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "decision-log/key_ring.h"
#include "decision-log/log_store.h"

namespace vigil::decision_log {

struct Verification {
  bool holds = false;
  std::string problem;     ///< the first one: "row 7 was altered"
  bool lacks_key = false;  ///< the problem is a key that was not given: nothing is known of the rows it sealed
  int64_t first = 0;       ///< number of the first row that is there; those before were purged
  int64_t last = 0;
  crypto::Hash last_hash{};
  int64_t erased = 0;             ///< rows whose sealed column was erased
  uint64_t missing = 0;           ///< decisions that the log says were dropped
  std::array<int64_t, 6> rows{};  ///< by RowKind
};

/// `anchor`: an end of this chain as it was told elsewhere before; it must still be part of it.
Verification verify(LogStore& store, const KeyRing& keys, const std::optional<ChainEnd>& anchor = {});

/// What is to be said before anything is written: where the last row was sealed by a key that is not at hand, new rows
/// would be plain, or sealed by a key that nobody meant. Empty where it is at hand, or the row cannot be read.
std::string lacks_key(LogStore& store, const KeyRing& keys);

}  // namespace vigil::decision_log
