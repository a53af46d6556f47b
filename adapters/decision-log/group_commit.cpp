// SPDX-License-Identifier: Apache-2.0
// The thread that writes entries in groups, and the one that waits for the disk while the next group is written.
#include <algorithm>
#include <ctime>
#include <utility>

#include "decision-log/decision_log_state.h"

namespace vigil::decision_log {
namespace {

constexpr auto kProbeInterval = std::chrono::milliseconds(250);
/// How long a group waits for more, however slow the disk is.
constexpr Clock::duration kMostGathering = std::chrono::milliseconds(5);

Instant clock_now() {
  timespec clock{};
  clock_gettime(CLOCK_REALTIME, &clock);
  return static_cast<Instant>(clock.tv_sec) * 1000 + clock.tv_nsec / 1'000'000;
}

}  // namespace

void DecisionLog::State::write_groups() {
  std::unique_lock lock(mutex);
  for (;;) {
    const auto until = writable ? next_retention : Clock::now() + kProbeInterval;
    wakes.wait_until(lock, until, [this] { return ends || is_due; });
    gather(lock);
    const Group group = std::exchange(queue, {});
    in_flight.insert(in_flight.end(), group.begin(), group.end());
    is_due = false;
    const bool is_last = ends && group.empty();
    const bool must_probe = !writable;
    lock.unlock();
    bool works = true;
    if (!group.empty())
      works = write(group);
    else if (must_probe)
      works = probe();
    if (works && Clock::now() >= next_retention) keep_retention();
    if (is_last) return;
    lock.lock();
  }
}

bool DecisionLog::State::probe() {
  const bool works = store->probe().empty();
  const std::scoped_lock lock(mutex);
  return writable = works;
}

/// So many are worth a group. Where the disk is waited for apart, half of those who call wait there while the other
/// half come here.
size_t DecisionLog::State::enough() const { return syncs_apart ? (expected + 1) / 2 : expected; }

/// Whoever was just answered may call again at once, and a group costs more than a row: it pays to wait for them while
/// nothing is lost by it. That is while the disk is busy with the groups before; where commit() waits for the disk
/// itself, at most as long as the last one took, from its end on. Where commits are quick, nobody waits; nor does who
/// calls alone.
void DecisionLog::State::gather(std::unique_lock<std::mutex>& lock) {
  if (!writable) return;
  const auto enough_came = [this] { return ends || queue.size() >= enough(); };
  wakes.wait(lock, [&] { return !is_syncing || enough_came(); });
  wakes.wait_until(lock, last_end + std::min(last_took, kMostGathering), enough_came);
}

bool DecisionLog::State::write(const Group& group) {
  uint64_t dropped = 0;
  {
    const std::scoped_lock lock(mutex);
    dropped = dropped_untold;
  }
  auto problem = store->begin();
  if (problem.empty()) {
    if (!is_end_known) problem = writer.start();
    if (problem.empty()) problem = write_rows(group, dropped);
    const auto begin = Clock::now();
    if (problem.empty()) problem = store->commit();
    if (!syncs_apart) {
      last_end = Clock::now();
      last_took = last_end - begin;
    }
    if (!problem.empty()) store->roll_back();
    // What is told to have failed may have been made, where the answer was lost.
    is_end_known = problem.empty();
  }
  const bool works = problem.empty();
  {
    const std::scoped_lock lock(mutex);
    ++(works ? counts.groups : counts.failures);
    if (works) dropped_untold -= dropped;
    writable = works;  // before anybody is told
  }
  if (works) {
    writer.keep();
    hand_over(group);
  } else {
    writer.forget();
    settle(group, false, {});
  }
  return works;
}

std::string DecisionLog::State::write_rows(const Group& group, uint64_t dropped) {
  std::string problem;
  if (dropped != 0) problem = writer.add_dropped(dropped, clock_now());
  for (const auto& waiting : group)
    if (problem.empty()) problem = std::visit([this](const auto& entry) { return writer.add(entry); }, waiting->entry);
  return problem;
}

void DecisionLog::State::keep_retention() {
  next_retention = Clock::now() + options.retention_interval;
  if (options.keep.count() == 0 && options.keep_sealed.count() == 0) return;
  auto problem = store->begin();
  if (!problem.empty()) return;
  if (!is_end_known) problem = writer.start();
  if (problem.empty() && options.keep.count() > 0)
    problem = writer.purge(oldest_kept(clock_now(), options.keep), clock_now());
  if (problem.empty() && options.keep_sealed.count() > 0)
    problem = writer.erase(oldest_kept(clock_now(), options.keep_sealed), clock_now());
  if (problem.empty()) problem = store->commit();
  is_end_known = problem.empty();
  if (is_end_known) {
    writer.keep();
    hand_over({});
  } else {
    store->roll_back();
    writer.forget();
  }
}

/// What is committed is told, or first waits for the disk.
void DecisionLog::State::hand_over(const Group& group) {
  if (!syncs_apart) return settle(group, true, writer.end());
  const std::scoped_lock lock(mutex);
  written.insert(written.end(), group.begin(), group.end());
  written_end = writer.end();
  is_unsynced = true;
  if (!is_syncing) sync_wakes.notify_one();
}

void DecisionLog::State::sync_groups() {
  std::unique_lock lock(mutex);
  for (;;) {
    sync_wakes.wait(lock, [this] { return writing_ended || is_unsynced; });
    if (!std::exchange(is_unsynced, false)) return;
    const Group group = std::exchange(written, {});
    const ChainEnd reached = written_end;
    is_syncing = true;
    lock.unlock();
    const auto begin = Clock::now();
    const bool is_safe = store->sync().empty();
    lock.lock();
    last_end = Clock::now();
    last_took = last_end - begin;
    is_syncing = false;
    if (!is_safe) {
      ++counts.failures;
      writable = false;
    }
    const bool wakes_writer = !queue.empty();
    lock.unlock();
    if (wakes_writer) wakes.notify_one();
    settle(group, is_safe, reached);
    lock.lock();
  }
}

/// Confirms a group, or says that it is not recorded.
void DecisionLog::State::settle(const Group& group, bool recorded, const ChainEnd& reached) {
  const bool drops = options.when_full == WhenFull::kDrop;
  std::vector<Confirm> confirms;
  {
    const std::scoped_lock lock(mutex);
    expected = in_flight.size() + queue.size();
    if (recorded) end = reached;
    for (const auto& waiting : group) {
      if (recorded) ++counts.recorded;
      if (!waiting->confirm) continue;  // given up on while it was written
      if (!recorded) ++(drops ? counts.dropped : counts.refused);
      if (!recorded && drops) ++dropped_untold;
      confirms.push_back(std::exchange(waiting->confirm, nullptr));
    }
    std::erase_if(in_flight, [](const auto& waiting) { return !waiting->confirm; });
  }
  tell(std::move(confirms), recorded || drops);
}

}  // namespace vigil::decision_log
