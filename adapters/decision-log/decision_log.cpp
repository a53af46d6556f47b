// SPDX-License-Identifier: Apache-2.0
// The queue, its writing thread, and the watch over those who wait too long.
#include "decision-log/decision_log.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <ctime>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>

#include "decision-log/log_writer.h"

namespace vigil::decision_log {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kProbeInterval = std::chrono::milliseconds(250);
/// How long a group waits for more, however slow the disk is.
constexpr Clock::duration kMostGathering = std::chrono::milliseconds(5);
/// So many share the cost of a group well enough.
constexpr size_t kEnough = 16;

Instant clock_now() {
  timespec clock{};
  clock_gettime(CLOCK_REALTIME, &clock);
  return static_cast<Instant>(clock.tv_sec) * 1000 + clock.tv_nsec / 1'000'000;
}

/// One entry on its way. `confirm` is empty once called; guarded by the log's mutex.
struct Waiting {
  std::variant<SealedEntry, Feedback> entry;
  Confirm confirm;
  Clock::time_point until;
};
using Group = std::vector<std::shared_ptr<Waiting>>;

}  // namespace

struct DecisionLog::State {
  State(std::unique_ptr<LogStore> given, KeyRing ring, LogOptions chosen)
      : store(std::move(given)), keys(std::move(ring)), options(chosen), writer(*store, keys) {
    writable = writer.start().empty();
    end = writer.end();
    writes = std::thread([this] { write_groups(); });
    watches = std::thread([this] { watch(); });
  }

  void append(Entry entry, Confirm confirm, bool is_open);
  void append(std::variant<SealedEntry, Feedback> entry, Confirm confirm, bool is_open);
  /// Whether the writing thread is to be woken, once the mutex is free.
  bool make_due();
  void tell(std::vector<Confirm> confirms, bool recorded);
  void write_groups();
  void gather(std::unique_lock<std::mutex>& lock);
  bool write(const Group& group);
  std::string write_rows(const Group& group, uint64_t dropped);
  void keep_retention();
  void settle(const Group& group, bool recorded, uint64_t dropped_told);
  void watch();
  void give_up(Confirm confirm, std::unique_lock<std::mutex>& lock);

  std::unique_ptr<LogStore> store;
  const KeyRing keys;
  const LogOptions options;
  LogWriter writer;  ///< of the writing thread
  mutable std::mutex mutex;
  std::condition_variable wakes;
  std::condition_variable watch_wakes;
  std::condition_variable told;
  std::atomic<size_t> untold{0};  ///< given, and not yet confirmed; made less under the mutex
  Group queue;
  Group in_flight;
  LogCounts counts;
  ChainEnd end;
  bool writable = true;
  uint64_t dropped_untold = 0;  ///< not yet said in the log
  bool ends = false;
  Clock::time_point next_retention = Clock::now();
  bool is_due = false;          ///< what waits is to be written
  Clock::duration last_took{};  ///< to commit the group before; this and the next are of the writing thread
  Clock::time_point last_end;   ///< of that
  size_t expected = 0;          ///< callers that may come again at once: those of that group, and who came meanwhile
  std::thread writes;
  std::thread watches;
};

DecisionLog::DecisionLog(std::unique_ptr<LogStore> store, KeyRing keys, LogOptions options)
    : state_(std::make_unique<State>(std::move(store), std::move(keys), options)) {}

DecisionLog::~DecisionLog() {
  {
    const std::scoped_lock lock(state_->mutex);
    state_->ends = true;
  }
  state_->wakes.notify_all();
  state_->watch_wakes.notify_all();
  state_->writes.join();
  state_->watches.join();
}

void DecisionLog::wait_until_told() {
  std::unique_lock lock(state_->mutex);
  if (state_->make_due()) state_->wakes.notify_one();
  state_->told.wait(lock, [this] { return state_->untold == 0; });
}

/// What a confirmation holds is let go of before it counts as told: the server may end then.
void DecisionLog::State::tell(std::vector<Confirm> confirms, bool recorded) {
  for (auto& confirm : confirms) std::exchange(confirm, nullptr)(recorded);
  const std::scoped_lock lock(mutex);
  if ((untold -= confirms.size()) == 0) told.notify_all();
}

void DecisionLog::append(Entry entry, Confirm confirm) { state_->append(std::move(entry), std::move(confirm), false); }

void DecisionLog::append_open(Entry entry, Confirm confirm) {
  state_->append(std::move(entry), std::move(confirm), true);
}

void DecisionLog::append(Feedback feedback, Confirm confirm) {
  ++state_->untold;
  state_->append(std::move(feedback), std::move(confirm), false);
}

void DecisionLog::flush() {
  std::unique_lock lock(state_->mutex);
  const bool wakes = !state_->queue.empty() && state_->make_due();
  lock.unlock();
  if (wakes) state_->wakes.notify_one();
}

void DecisionLog::State::append(Entry entry, Confirm confirm, bool is_open) {
  ++untold;
  auto sealed = seal(std::move(entry), keys, &writer.records());
  if (!sealed) {
    std::unique_lock lock(mutex);
    return give_up(std::move(confirm), lock);
  }
  append(std::move(*sealed), std::move(confirm), is_open);
}

/// Not recorded: told so, or counted.
void DecisionLog::State::give_up(Confirm confirm, std::unique_lock<std::mutex>& lock) {
  const bool drops = options.when_full == WhenFull::kDrop;
  ++(drops ? counts.dropped : counts.refused);
  if (drops) ++dropped_untold;
  lock.unlock();
  std::vector<Confirm> one;
  one.push_back(std::move(confirm));
  tell(std::move(one), drops);
}

void DecisionLog::State::append(std::variant<SealedEntry, Feedback> entry, Confirm confirm, bool is_open) {
  auto waiting = std::make_shared<Waiting>();
  waiting->entry = std::move(entry);
  waiting->confirm = std::move(confirm);
  waiting->until = Clock::now() + options.patience;
  std::unique_lock lock(mutex);
  if (ends || queue.size() >= options.max_queue) return give_up(std::move(waiting->confirm), lock);
  queue.push_back(std::move(waiting));
  const bool wakes_writer = (!is_open || is_due || queue.size() >= kEnough) && make_due();
  lock.unlock();  // else it would wake to wait for the mutex
  if (wakes_writer) wakes.notify_one();
}

/// Once for each group, and when all that were expected have come: each time is a switch of threads.
bool DecisionLog::State::make_due() {
  const bool is_news = !std::exchange(is_due, true);
  return is_news || queue.size() == expected;
}

void DecisionLog::State::write_groups() {
  std::unique_lock lock(mutex);
  for (;;) {
    const auto until = writable ? next_retention : Clock::now() + kProbeInterval;
    wakes.wait_until(lock, until, [this] { return ends || is_due; });
    gather(lock);
    in_flight = std::move(queue);
    queue.clear();
    is_due = false;
    const Group group = in_flight;
    const bool is_last = ends && group.empty();
    const bool must_probe = !writable;
    lock.unlock();
    std::optional<bool> works;
    if (!group.empty())
      works = write(group);
    else if (must_probe)
      works = store->probe().empty();
    if (works.value_or(true) && Clock::now() >= next_retention) keep_retention();
    lock.lock();
    if (works) writable = *works;
    if (is_last) return;
  }
}

/// Whoever was just answered may call again at once. Where commits take long it pays to wait for them, and to let them
/// share one: at most as long as the last took, from its end on. Where commits are quick, nobody waits; nor does who
/// calls alone.
void DecisionLog::State::gather(std::unique_lock<std::mutex>& lock) {
  if (!writable) return;
  const auto until = last_end + std::min(last_took, kMostGathering);
  wakes.wait_until(lock, until, [this] { return ends || queue.size() >= expected; });
}

bool DecisionLog::State::write(const Group& group) {
  uint64_t dropped = 0;
  {
    const std::scoped_lock lock(mutex);
    dropped = dropped_untold;
  }
  auto problem = store->begin();
  if (problem.empty()) {
    problem = write_rows(group, dropped);
    const auto begin = Clock::now();
    if (problem.empty()) problem = store->commit();
    last_end = Clock::now();
    last_took = last_end - begin;
    if (!problem.empty()) store->roll_back();
  }
  if (problem.empty())
    writer.keep();
  else
    writer.forget();
  settle(group, problem.empty(), dropped);
  return problem.empty();
}

std::string DecisionLog::State::write_rows(const Group& group, uint64_t dropped) {
  std::string problem;
  if (dropped != 0) problem = writer.add_dropped(dropped, clock_now());
  for (const auto& waiting : group)
    if (problem.empty()) problem = std::visit([this](const auto& entry) { return writer.add(entry); }, waiting->entry);
  return problem;
}

void DecisionLog::State::settle(const Group& group, bool recorded, uint64_t dropped_told) {
  const bool drops = options.when_full == WhenFull::kDrop;
  std::vector<Confirm> confirms;
  {
    const std::scoped_lock lock(mutex);
    if (recorded) dropped_untold -= dropped_told;
    expected = in_flight.size() + queue.size();
    in_flight.clear();
    ++(recorded ? counts.groups : counts.failures);
    writable = recorded;  // before anybody is told
    end = writer.end();
    for (const auto& waiting : group) {
      if (recorded) ++counts.recorded;
      if (!waiting->confirm) continue;  // given up on while it was written
      if (!recorded) ++(drops ? counts.dropped : counts.refused);
      if (!recorded && drops) ++dropped_untold;
      confirms.push_back(std::exchange(waiting->confirm, nullptr));
    }
  }
  tell(std::move(confirms), recorded || drops);
}

void DecisionLog::State::keep_retention() {
  next_retention = Clock::now() + options.retention_interval;
  if (options.keep.count() == 0 && options.keep_sealed.count() == 0) return;
  auto problem = store->begin();
  if (!problem.empty()) return;
  if (options.keep.count() > 0) problem = writer.purge(oldest_kept(clock_now(), options.keep), clock_now());
  if (problem.empty() && options.keep_sealed.count() > 0)
    problem = writer.erase(oldest_kept(clock_now(), options.keep_sealed), clock_now());
  if (problem.empty()) problem = store->commit();
  if (problem.empty()) {
    writer.keep();
    const std::scoped_lock lock(mutex);
    end = writer.end();
  } else {
    store->roll_back();
    writer.forget();
  }
}

/// A store that hangs must not hang those who wait: whoever waited too long is told so. What is being written then may
/// still be recorded; the log holds more than was confirmed, never less.
void DecisionLog::State::watch() {
  const auto step = std::max(std::chrono::milliseconds(10), options.patience / 10);
  std::unique_lock lock(mutex);
  while (!ends) {
    watch_wakes.wait_for(lock, step, [this] { return ends; });
    const auto now = Clock::now();
    std::vector<Confirm> late;
    for (auto* group : {&in_flight, &queue})
      for (const auto& waiting : *group)
        if (waiting->confirm && waiting->until <= now) late.push_back(std::exchange(waiting->confirm, nullptr));
    std::erase_if(queue, [](const auto& waiting) { return !waiting->confirm; });
    for (auto& confirm : late) {
      writable = false;
      give_up(std::move(confirm), lock);
      lock.lock();
    }
  }
}

AlertMemory DecisionLog::past_alerts(std::string_view client, std::string_view patient, std::string_view user) {
  AlertMemory memory;
  if (user.empty() || patient.empty()) return memory;
  std::vector<Acknowledged> found;
  if (!state_->store->read_acknowledged(person_of(state_->keys, client, patient, user), found).empty()) {
    memory.readable = false;
    return memory;
  }
  for (const auto& one : found)
    for (auto& alert : known_alerts_of(one, state_->keys)) memory.alerts.push_back(std::move(alert));
  return memory;
}

LogCounts DecisionLog::counts() const {
  const std::scoped_lock lock(state_->mutex);
  auto counts = state_->counts;
  counts.queue = state_->queue.size() + state_->in_flight.size();
  counts.writable = state_->writable;
  counts.end = state_->end;
  return counts;
}

}  // namespace vigil::decision_log
