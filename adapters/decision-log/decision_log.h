// SPDX-License-Identifier: Apache-2.0
// The decision log: what comes is sealed, chained and committed in groups, and only then confirmed.
//
//   std::string problem;
//   auto store = decision_log::open_sqlite({.file = "decisions.db"}, problem);
//   decision_log::DecisionLog log(std::move(store), {}, {});
//   log.append(encode(decision), [reply](bool recorded) { reply(recorded ? cards : unavailable); });
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include <vigil/evaluate.h>

#include "decision-log/key_ring.h"
#include "decision-log/log_entry.h"
#include "decision-log/log_store.h"

namespace vigil::decision_log {

/// What becomes of a decision that cannot be recorded in time.
enum class WhenFull : uint8_t {
  kBlock,  ///< it is not confirmed: the caller answers that it could not
  kDrop,   ///< it is confirmed and counted; the log says how many are missing, and where
};

struct LogCounts;

struct LogOptions {
  WhenFull when_full = WhenFull::kBlock;
  std::chrono::milliseconds patience{1000};  ///< how long one waits for its commit
  size_t max_queue = 10'000;
  std::chrono::hours keep{0};         ///< rows; 0: for ever
  std::chrono::hours keep_sealed{0};  ///< what is a patient's; 0: as long as the row
  std::chrono::seconds retention_interval{3600};
  /// Told, from a thread of the log, that the store stopped taking rows, and that it takes them again: `writable`.
  /// Once each, however often it is tried meanwhile.
  std::function<void(const LogCounts&)> on_change{};
};

/// Counts since the start.
struct LogCounts {
  uint64_t recorded = 0;
  uint64_t groups = 0;    ///< commits
  uint64_t refused = 0;   ///< not confirmed
  uint64_t dropped = 0;   ///< confirmed, but not recorded
  uint64_t failures = 0;  ///< groups that could not be committed
  uint64_t queue = 0;     ///< now
  bool writable = true;
  ChainEnd end;
};

/// Called once for each entry, from the caller's thread or another: whether its answer may go out.
using Confirm = std::function<void(bool recorded)>;

/// Thread-safe. The destructor commits what waits.
class DecisionLog {
 public:
  DecisionLog(std::unique_ptr<LogStore> store, KeyRing keys, LogOptions options);
  ~DecisionLog();

  void append(Entry entry, Confirm confirm);
  void append(Feedback feedback, Confirm confirm);
  /// The same, where more may come at once: the group stays open until flush(), which the caller must call soon, or
  /// until enough wait. A group costs more than a row.
  void append_open(Entry entry, Confirm confirm);
  /// Commits what append_open() left open.
  void flush();

  /// What this user acknowledged of this patient's alerts, through this client. Not readable where the store fails.
  AlertMemory past_alerts(std::string_view client, std::string_view patient, std::string_view user);

  LogCounts counts() const;

  /// Returns when every entry given has been confirmed, either way; soon, since nobody waits longer than `patience`.
  void wait_until_told();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vigil::decision_log
