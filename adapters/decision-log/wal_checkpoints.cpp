// SPDX-License-Identifier: Apache-2.0
// A thread that checkpoints. SQLite lets it run beside a writer ("passive"); but a log is begun anew only when all of
// it was moved and nobody writes meanwhile, so that the writer moves the rest itself, now and then.
#include "decision-log/wal_checkpoints.h"

#include <utility>

namespace vigil::decision_log {
namespace {

/// Pages since the last time that are worth moving; 8 KB each.
constexpr int kWorthMoving = 500;
/// Pages of a log that is long.
constexpr int kLong = 2000;

void checkpoint(Connection& connection) {
  // What fails here fails again where it can be told: when rows are written.
  sqlite3_wal_checkpoint_v2(connection.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

}  // namespace

std::string WalCheckpoints::start(Connection& writes, const std::string& file, int busy_milliseconds) {
  if (auto problem = own_.open(file, /*read_only=*/false, busy_milliseconds); !problem.empty()) return problem;
  // A connection that has read nothing knows of no write-ahead log, and would move nothing.
  if (auto problem = own_.run("SELECT 1 FROM sqlite_schema LIMIT 1"); !problem.empty()) return problem;
  writes_ = &writes;
  sqlite3_wal_hook(writes.get(), &WalCheckpoints::committed, this);
  thread_ = std::thread([this] { run(); });
  return {};
}

WalCheckpoints::~WalCheckpoints() {
  if (!thread_.joinable()) return;
  sqlite3_wal_hook(writes_->get(), nullptr, nullptr);
  {
    const std::scoped_lock lock(mutex_);
    ends_ = true;
  }
  wakes_.notify_one();
  thread_.join();
}

int WalCheckpoints::committed(void* self, sqlite3* /*database*/, const char* /*name*/, int pages) {
  auto& here = *static_cast<WalCheckpoints*>(self);
  if (pages < here.asked_at_) {  // begun anew
    here.asked_at_ = 0;
    here.is_long_ = false;
  }
  if (pages - here.asked_at_ < kWorthMoving) return SQLITE_OK;
  here.asked_at_ = pages;
  here.is_long_ = pages >= kLong;
  here.is_nearly_done_ = false;
  {
    const std::scoped_lock lock(here.mutex_);
    here.is_asked_ = true;
  }
  here.wakes_.notify_one();
  return SQLITE_OK;
}

void WalCheckpoints::before_transaction() {
  if (is_long_ && is_nearly_done_.exchange(false)) checkpoint(*writes_);
}

void WalCheckpoints::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wakes_.wait(lock, [this] { return ends_ || is_asked_; });
    if (ends_) return;
    is_asked_ = false;
    lock.unlock();
    checkpoint(own_);
    // Again: what came meanwhile is less, and what comes now less still.
    if (is_long_) checkpoint(own_);
    is_nearly_done_ = true;
    lock.lock();
  }
}

}  // namespace vigil::decision_log
