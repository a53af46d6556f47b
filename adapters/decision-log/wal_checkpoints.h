// SPDX-License-Identifier: Apache-2.0
// Moves what SQLite's write-ahead log holds into the database, beside the writing: within it, a group would wait for
// it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "decision-log/sqlite_statement.h"

namespace vigil::decision_log {

/// Of one file and the one connection that writes to it; that connection's thread alone calls these functions.
class WalCheckpoints {
 public:
  WalCheckpoints() = default;
  ~WalCheckpoints();
  WalCheckpoints(const WalCheckpoints&) = delete;
  WalCheckpoints& operator=(const WalCheckpoints&) = delete;

  /// Takes over from SQLite, which else does it within commits. What is wrong; empty where nothing is.
  std::string start(Connection& writes, const std::string& file, int busy_milliseconds);
  /// Before a transaction: a log that has grown long is moved to its end, so that SQLite begins it anew.
  void before_transaction();

 private:
  static int committed(void* self, sqlite3* database, const char* name, int pages);
  void run();

  Connection* writes_ = nullptr;
  Connection own_;    ///< of the thread
  int asked_at_ = 0;  ///< pages in the log when the thread was last asked
  std::mutex mutex_;
  std::condition_variable wakes_;
  bool is_asked_ = false;
  bool ends_ = false;
  std::atomic<bool> is_long_{false};         ///< the log; as of when the thread was last asked
  std::atomic<bool> is_nearly_done_{false};  ///< little has been written since the thread moved the rest
  std::thread thread_;
};

}  // namespace vigil::decision_log
