// SPDX-License-Identifier: Apache-2.0
// A queue and one thread, which takes what there is and records it in one transaction.
#include "cds-hooks/activation/shadow_runner.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <tuple>

#include <vigil/primitives.h>

namespace vigil::hooks {
namespace {

constexpr size_t kMostTogether = 64;  // calls a transaction

struct Job {
  Request request;
  ShadowSample sample;
};

/// What a candidate is evaluated with; made anew when another comes.
struct Room {
  Room(const std::shared_ptr<const RulePack>& rules, const EvaluateOptions& options)
      : pack(rules), data(rules), evaluator(*rules->rulebook, options) {}
  std::shared_ptr<const RulePack> pack;
  PatientData data;
  Evaluator evaluator;
};

class Shadow {
 public:
  explicit Shadow(ProtocolOptions options) : options_(std::move(options)) {}

  ComparedCall evaluate(Job& job) {
    const auto& sample = job.sample;
    const auto& service = sample.trial->service;
    ComparedCall compared;
    compared.at = to_instant(job.request.now);
    compared.decision = job.request.request_id;
    compared.service = service.id;
    compared.pack = service.pack->id;
    compared.active_version = sample.active->version;
    compared.version = service.pack->version;
    compared.digest = service.pack->digest;
    try {
      compared.disagreements = compare(*sample.active->rulebook, sample.said, *service.pack->rulebook, would_say(job));
    } catch (const std::exception&) {  // memory: what it says may hold data
      compared.failed = true;
    }
    return compared;
  }

 private:
  std::vector<RuleSummary> would_say(Job& job) {
    const auto& service = job.sample.trial->service;
    const auto& pack = service.pack;
    if (service.rules.empty()) return {};
    HookCall call;
    read_hook_call(job.request.body.reveal(), service.hook, options_.call, document_, call);  // it was read before
    if (!room_ || room_->pack != pack) room_.emplace(pack, options_.evaluation());
    const auto now = job.request.now;
    auto& data = room_->data;
    data.read(service, call, PatientData::judge_keys(service, call, options_), job.sample.fetched, options_,
              to_instant(now));
    auto outcome = room_->evaluator.evaluate(data.snapshot(), data.trigger(), {}, now);
    if (pack->overlay) apply_overlay(*pack->overlay, *pack->rulebook, now, outcome);
    return summarise(*pack->rulebook, outcome);
  }

  ProtocolOptions options_;
  JsonDocument document_;
  std::optional<Room> room_;
};

}  // namespace

struct ShadowRunner::State {
  State(std::unique_ptr<ShadowStore> opened, size_t most, ProtocolOptions options)
      : store(std::move(opened)), max_queue(most), shadow(std::move(options)), thread([this] { run(); }) {}

  void run() {
    std::deque<Job> jobs;
    while (wait_for_jobs(jobs)) {
      std::vector<ComparedCall> compared;
      for (auto& job : jobs) compared.push_back(shadow.evaluate(job));
      const bool recorded = store == nullptr || store->write(compared).empty();
      const std::scoped_lock lock(mutex);
      if (!recorded) counts.unrecorded += compared.size();
      for (const auto& call : compared) count(call);
      under_way = 0;
    }
  }

  bool wait_for_jobs(std::deque<Job>& jobs) {
    std::unique_lock lock(mutex);
    wakes.wait(lock, [this] { return ends || !queue.empty(); });
    jobs.clear();
    while (!queue.empty() && jobs.size() < kMostTogether) {
      jobs.push_back(std::move(queue.front()));
      queue.pop_front();
    }
    under_way = jobs.size();
    return !jobs.empty();
  }

  void count(const ComparedCall& call) {
    ++(call.failed ? counts.failed : counts.compared);
    for (const auto& one : call.disagreements)
      disagreements[{call.pack, call.version, one.rule, one.difference}] += one.count;
  }

  std::unique_ptr<ShadowStore> store;
  size_t max_queue;
  Shadow shadow;  ///< of the thread
  mutable std::mutex mutex;
  std::condition_variable wakes;
  std::deque<Job> queue;
  size_t under_way = 0;
  bool ends = false;
  ShadowCounts counts;
  std::map<std::tuple<std::string, std::string, std::string, Difference>, uint64_t> disagreements;
  std::thread thread;  ///< last: it begins with all the rest there
};

ShadowRunner::ShadowRunner(std::unique_ptr<ShadowStore> store, size_t max_queue, ProtocolOptions options)
    : state_(std::make_unique<State>(std::move(store), max_queue, std::move(options))) {}

ShadowRunner::~ShadowRunner() {
  {
    const std::scoped_lock lock(state_->mutex);
    state_->ends = true;
  }
  state_->wakes.notify_all();
  state_->thread.join();
}

void ShadowRunner::offer(Request request, ShadowSample sample) {
  {
    const std::scoped_lock lock(state_->mutex);
    if (state_->queue.size() >= state_->max_queue) {
      ++state_->counts.dropped;
      return;
    }
    state_->queue.push_back({std::move(request), std::move(sample)});
  }
  state_->wakes.notify_one();
}

ShadowCounts ShadowRunner::counts() const {
  const std::scoped_lock lock(state_->mutex);
  auto counts = state_->counts;
  counts.queue = state_->queue.size() + state_->under_way;
  for (const auto& [key, count] : state_->disagreements)
    counts.disagreements.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key), count});
  return counts;
}

}  // namespace vigil::hooks
