// SPDX-License-Identifier: Apache-2.0
// The patient's record a decision was made from, wherever the log holds it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "decision-log/key_ring.h"
#include "decision-log/log_entry.h"
#include "decision-log/log_store.h"

namespace vigil::decision_log {

enum class RecordState : uint8_t {
  kHeld,
  kErased,      ///< the row that held it is gone, or its sealed column is
  kUnreadable,  ///< no key, or not what this version writes
};

/// `text`: a Bundle, empty where there was nothing; valid until the next is read, and as long as the decision's parts.
struct HeldRecord {
  RecordState state = RecordState::kHeld;
  std::string_view text;
  int64_t row = 0;  ///< which holds it; 0: the decision's own
};

/// Reads records of decisions, some of which name another row for it. Not thread-safe; store and keys must outlive it.
class RecordReader {
 public:
  RecordReader(LogStore& store, const KeyRing& keys) : store_(store), keys_(keys) {}

  HeldRecord record_of(const SecretParts& decision);

 private:
  HeldRecord read_row(int64_t number);

  LogStore& store_;
  const KeyRing& keys_;
  std::map<int64_t, std::string> recent_;  ///< by row
};

}  // namespace vigil::decision_log
