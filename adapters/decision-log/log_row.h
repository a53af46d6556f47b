// SPDX-License-Identifier: Apache-2.0
// A row of the log, and its link to the row before.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <vigil/snapshot.h>

#include "crypto/hashes.h"
#include "decision-log/key_ring.h"

namespace vigil::decision_log {

/// What a row records. The numbers are stored: they never change their meaning.
enum class RowKind : uint8_t {
  kDecision = 1,
  kFeedback = 2,
  kErased = 3,   ///< sealed columns of rows up to a number were erased: `{"through":N}`
  kPurged = 4,   ///< rows up to a number were removed: `{"through":N,"hash":"…"}`, the hash of the last of them
  kDropped = 5,  ///< decisions that could not be recorded since the row before: `{"count":N}`
};
std::string_view name(RowKind kind);

/// One row. `open` is JSON and holds nothing of a patient; `sealed` holds the rest, as KeyRing sealed it.
struct LogRow {
  int64_t number = 0;  ///< from 1, without gaps
  RowKind kind = RowKind::kDecision;
  Instant at = 0;
  std::string open;
  std::optional<std::string> sealed;  ///< none once erased
  crypto::Hash sealed_hash{};
  std::string key_id;  ///< empty: `sealed` is plain
  crypto::Hash hash{};
};

/// The end of a chain: the hash of its last row. An empty log ends with number 0 and zeros.
struct ChainEnd {
  int64_t number = 0;
  crypto::Hash hash{};
};

/// The hash that makes `row` the one behind `before`; none where the row's key is not in the ring. It covers everything
/// but the sealed bytes themselves, for which their hash stands: so they can be erased, and the chain still verifies.
std::optional<crypto::Hash> link(const crypto::Hash& before, const LogRow& row, const KeyRing& keys);

/// What the sealed text of a row is bound to, besides its key.
std::string seal_context(RowKind kind, Instant at);

}  // namespace vigil::decision_log
