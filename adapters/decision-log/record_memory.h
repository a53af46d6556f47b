// SPDX-License-Identifier: Apache-2.0
// Which decision holds a patient's record already: an EHR calls again and again while an order is made, each time with
// the same record.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>

#include <vigil/snapshot.h>

namespace vigil::decision_log {

/// How long after a decision others may name it for their record.
constexpr std::chrono::milliseconds kRecordShared = std::chrono::minutes(10);
/// Shorter records are not worth it, in bytes.
constexpr size_t kShortRecord = 512;

/// Tells records apart. Of one process, and never shown: see RecordMemory::id().
using RecordId = std::array<unsigned char, 16>;

/// The records of the last minutes, by what they say, and the rows that hold them. Keeps no text. Thread-safe.
class RecordMemory {
 public:
  RecordMemory();

  /// The GMAC (NIST SP 800-38D) of a text, by a key of this object's own: whoever does not know it cannot make two
  /// texts of one id, and two others share one with a chance of less than 2^-100. None where OpenSSL fails.
  std::optional<RecordId> id(std::string_view record) const;

  /// The row that holds this record, for a decision of this time; 0 where none does, or none that is recent.
  int64_t find(const RecordId& id, Instant at) const;
  /// Once the row is committed.
  void remember(const RecordId& id, int64_t number, Instant at);

 private:
  struct IdHash {
    size_t operator()(const RecordId& id) const;
  };
  struct Holder {
    int64_t number = 0;
    Instant at = 0;
  };

  std::array<unsigned char, 16> key_{};
  bool has_key_ = false;
  mutable std::mutex mutex_;
  std::unordered_map<RecordId, Holder, IdHash> holders_;
  std::deque<RecordId> oldest_;  ///< as they came
};

}  // namespace vigil::decision_log
