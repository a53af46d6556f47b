// SPDX-License-Identifier: Apache-2.0
// What the callers of a decision log and its threads share; for this room's sources alone.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "decision-log/decision_log.h"
#include "decision-log/log_writer.h"

namespace vigil::decision_log {

using Clock = std::chrono::steady_clock;

/// One entry on its way. `confirm` is empty once called; guarded by the log's mutex.
struct Waiting {
  std::variant<SealedEntry, Feedback> entry;
  Confirm confirm;
  Clock::time_point until;
};
using Group = std::vector<std::shared_ptr<Waiting>>;

/// An entry goes from `queue` to the writing thread, which commits a group of them; where the disk is waited for apart
/// from that, on to the syncing thread, which waits while the next group is written; and is then confirmed. All of it
/// is guarded by the mutex but what says otherwise.
struct DecisionLog::State {
  State(std::unique_ptr<LogStore> given, KeyRing ring, LogOptions chosen);
  ~State();

  // Of the callers (decision_log.cpp).
  void append(Entry entry, Confirm confirm, bool is_open);
  void append(std::variant<SealedEntry, Feedback> entry, Confirm confirm, bool is_open);
  bool make_due();
  void give_up(Confirm confirm, std::unique_lock<std::mutex>& lock);
  void tell(std::vector<Confirm> confirms, bool recorded);
  void watch();
  void tell_change(std::unique_lock<std::mutex>& lock);
  LogCounts counts_now() const;

  // Of the threads that write (group_commit.cpp).
  void write_groups();
  void gather(std::unique_lock<std::mutex>& lock);
  size_t enough() const;
  bool write(const Group& group);
  bool probe();
  std::string write_rows(const Group& group, uint64_t dropped);
  void keep_retention();
  void hand_over(const Group& group);
  void sync_groups();
  void settle(const Group& group, bool recorded, const ChainEnd& reached);

  std::unique_ptr<LogStore> store;
  const KeyRing keys;
  const LogOptions options;
  const bool syncs_apart;
  LogWriter writer;  ///< of the writing thread
  mutable std::mutex mutex;
  std::condition_variable wakes;
  std::condition_variable sync_wakes;
  std::condition_variable watch_wakes;
  std::condition_variable told;
  std::atomic<size_t> untold{0};  ///< given, and not yet confirmed; made less under the mutex
  Group queue;
  Group in_flight;           ///< left the queue, and is not yet confirmed; in order
  Group written;             ///< of these, committed, and not yet given to the disk
  ChainEnd written_end;      ///< how far that reaches
  bool is_unsynced = false;  ///< there is something written that the disk may not hold
  bool is_syncing = false;
  LogCounts counts;
  ChainEnd end;  ///< of what is safe
  bool writable = true;
  uint64_t dropped_untold = 0;  ///< not yet said in the log
  bool ends = false;
  bool writing_ended = false;
  bool is_due = false;  ///< what waits is to be written
  size_t expected = 0;  ///< callers that may come again at once: those told last, and who came meanwhile

  // Of the writing thread alone.
  bool is_end_known = true;  ///< the writer's end of the chain is the store's
  Clock::time_point next_retention = Clock::now();
  Clock::duration last_took{};  ///< to commit the group before
  Clock::time_point last_end;   ///< of that

  // Of the watching thread alone.
  bool is_stop_told = false;
  uint64_t failures_seen = 0;
  uint64_t recorded_at_failure = 0;
  Clock::time_point last_failure;

  std::thread writes;
  std::thread syncs;
  std::thread watches;
};

}  // namespace vigil::decision_log
