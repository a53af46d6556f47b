// SPDX-License-Identifier: Apache-2.0
// The queue, and the watch over those who wait too long.
#include "decision-log/decision_log.h"

#include <algorithm>
#include <utility>

#include "decision-log/decision_log_state.h"

namespace vigil::decision_log {
namespace {

/// So many share the cost of a group well enough.
constexpr size_t kEnough = 16;

/// A disk that is nearly full takes a probe and not a row: that it works again is believed once a row was kept, or
/// after so long without a failure.
constexpr auto kSteady = std::chrono::seconds(10);

}  // namespace

DecisionLog::State::State(std::unique_ptr<LogStore> given, KeyRing ring, LogOptions chosen)
    : store(std::move(given)),
      keys(std::move(ring)),
      options(std::move(chosen)),
      syncs_apart(store->syncs_apart()),
      writer(*store, keys) {
  writable = is_end_known = writer.start().empty();
  end = writer.end();
  writes = std::thread([this] { write_groups(); });
  if (syncs_apart) syncs = std::thread([this] { sync_groups(); });
  watches = std::thread([this] { watch(); });
}

/// What waits is written first, and what is written is then waited for.
DecisionLog::State::~State() {
  const auto set = [this](bool& flag) {
    const std::scoped_lock lock(mutex);
    flag = true;
  };
  set(ends);
  wakes.notify_all();
  watch_wakes.notify_all();
  writes.join();
  set(writing_ended);
  sync_wakes.notify_all();
  if (syncs.joinable()) syncs.join();
  watches.join();
}

DecisionLog::DecisionLog(std::unique_ptr<LogStore> store, KeyRing keys, LogOptions options)
    : state_(std::make_unique<State>(std::move(store), std::move(keys), std::move(options))) {}

DecisionLog::~DecisionLog() = default;

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
  if (ends || queue.size() + in_flight.size() >= options.max_queue) return give_up(std::move(waiting->confirm), lock);
  queue.push_back(std::move(waiting));
  const bool wakes_writer = (!is_open || is_due || queue.size() >= kEnough) && make_due();
  lock.unlock();  // else it would wake to wait for the mutex
  if (wakes_writer) wakes.notify_one();
}

/// Whether the writing thread is to be woken, once the mutex is free: once for each group, and when enough have come.
/// Each time is a switch of threads.
bool DecisionLog::State::make_due() {
  const bool is_news = !std::exchange(is_due, true);
  return is_news || queue.size() == enough();
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
    tell_change(lock);
  }
}

void DecisionLog::State::tell_change(std::unique_lock<std::mutex>& lock) {
  const auto now = Clock::now();
  const bool fails = !writable || counts.failures != failures_seen;
  if (fails) {
    failures_seen = counts.failures;
    recorded_at_failure = counts.recorded;
    last_failure = now;
  }
  const bool works = !fails && (counts.recorded != recorded_at_failure || now - last_failure >= kSteady);
  if (is_stop_told ? !works : !fails) return;
  is_stop_told = fails;
  if (!options.on_change) return;
  auto change = counts_now();
  change.writable = !fails;
  lock.unlock();
  options.on_change(change);
  lock.lock();
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
  return state_->counts_now();
}

LogCounts DecisionLog::State::counts_now() const {
  auto now = counts;
  now.queue = queue.size() + in_flight.size();
  now.writable = writable;
  now.end = end;
  return now;
}

}  // namespace vigil::decision_log
