// SPDX-License-Identifier: Apache-2.0
// Shares the parts among threads.
#include "replay/run_replay.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "replay/patient_replay.h"
#include "replay/site_days.h"
#include "replay/table_sink.h"

namespace vigil::replay {

namespace {

/// The parts of one shard, taken one by one by any number of threads.
class PartRunner {
 public:
  PartRunner(const RunPlan& plan, const WorkerMaker& make_worker, const RunFolder& folder,
             const ProgressReport& progress, DiagnosticSink& sink)
      : plan_(plan), make_worker_(make_worker), folder_(folder), progress_(progress), sink_(sink) {}

  void add(size_t part) {
    all_ += size_of(part);
    if (folder_.has_part(part))
      done_ += size_of(part);
    else
      parts_.push_back(part);
  }

  bool run(size_t threads) {
    report();
    threads = std::clamp<size_t>(threads, 1, std::max<size_t>(parts_.size(), 1));
    std::vector<std::thread> others;
    for (size_t t = 1; t < threads; ++t) others.emplace_back([this] { work(); });
    work();
    for (auto& other : others) other.join();
    return !failed_;
  }

 private:
  size_t size_of(size_t part) const {
    return std::min(plan_.patients_a_part, plan_.patients - part * plan_.patients_a_part);
  }

  void work() {
    try {
      const auto worker = make_worker_();
      for (size_t i = next_++; i < parts_.size() && !failed_; i = next_++) run_part(parts_[i], *worker);
    } catch (const std::exception& exception) {
      DiagnosticSink found;
      report_unwritable(folder_.path(), exception.what(), found);  // no memory, no thread
      fail(found);
    }
  }

  void run_part(size_t part, PatientWorker& worker) {
    RowBuffer rows;
    const size_t begin = part * plan_.patients_a_part;
    for (size_t patient = begin; patient < begin + size_of(part); ++patient) worker.work(patient, rows);
    worker.finish_part(rows);
    DiagnosticSink found;
    if (!folder_.write_part(part, rows.text(), found)) return fail(found);
    const std::scoped_lock lock(mutex_);
    done_ += size_of(part);
    report();
  }

  void fail(DiagnosticSink& found) {
    const std::scoped_lock lock(mutex_);
    for (auto& diagnostic : found.take()) sink_.add(std::move(diagnostic));
    failed_ = true;
  }
  void report() const {
    if (progress_) progress_(done_, all_);
  }

  const RunPlan& plan_;
  const WorkerMaker& make_worker_;
  const RunFolder& folder_;
  const ProgressReport& progress_;
  DiagnosticSink& sink_;
  std::vector<size_t> parts_;
  size_t all_ = 0;
  size_t done_ = 0;
  std::atomic<size_t> next_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
};

}  // namespace

std::string rule_rows(std::span<const RuleInfo> rules) {
  RowBuffer rows;
  int64_t number = 0;
  for (const auto& rule : rules) {
    std::string hooks;
    for (const auto& hook : rule.hooks) hooks.append(hooks.empty() ? "" : " ").append(hook);
    rows.begin(TableId::kRules).add(++number).add(rule.name).add(rule.library).add(rule.library_version);
    rows.add(rule.category).add(hooks).add(rule.shadow).end();
  }
  return rows.text();
}

WorkerMaker make_worker_maker(const ReplayInput& input) {
  return [&input] { return std::make_unique<PatientReplay>(input); };
}

/// Of what was given beside the store: what belongs to no patient of it, or to no rule, and so does nothing.
void add_unused(const ReplayInput& input, std::vector<std::pair<std::string, std::string>>& settings) {
  size_t given = 0;
  size_t unused = 0;
  const auto rules = input.rulebook->rules();
  for (const auto& [patient, labels] : input.labels.by_patient()) {
    const bool is_known = input.store->find(patient).has_value();
    given += labels.size();
    unused += static_cast<size_t>(std::ranges::count_if(labels, [&](const Label& label) {
      return !is_known || std::ranges::find(rules, label.rule, &RuleInfo::name) == rules.end();
    }));
  }
  if (given > 0) {
    settings.emplace_back("labels given", std::to_string(given));
    settings.emplace_back("labels of no patient or rule", std::to_string(unused));
  }
  if (!input.table) return;
  unused = 0;
  for (const auto& [patient, triggers] : *input.table)
    if (!input.store->find(patient)) unused += triggers.size();
  settings.emplace_back("triggers of no patient", std::to_string(unused));
}

RunPlan make_plan(const ReplayInput& input) {
  RunPlan plan;
  plan.run_id = input.run_id();
  plan.patients = input.store->patient_count();
  plan.patients_a_part = RunPlan::part_size(plan.patients);
  plan.rule_rows = rule_rows(input.rulebook->rules());
  plan.settings = {{"run_id", plan.run_id},
                   {"engine version", input.engine_version},
                   {"rulebook digest", std::to_string(input.rulebook->digest())},
                   {"knowledge digest", std::to_string(input.rulebook->knowledge().digest())},
                   {"store digest", input.store->digest()},
                   {"mode", std::string(name(input.options.mode))},
                   {"site's offset from UTC", offset_text(input.options.site_offset)},
                   {"triggers from", input.table ? "table" : "history"},
                   {"leakage", input.options.leakage ? "measured" : "not measured"},
                   {"feedback given", std::to_string(input.feedback.count())},
                   {"feedback without a patient", std::to_string(input.feedback.without_patient())},
                   {"rows", input.options.all_rows      ? "all"
                            : input.options.writes_rows ? "but not-met"
                                                        : "none"}};
  add_unused(input, plan.settings);
  return plan;
}

bool run_parts(const RunPlan& plan, const WorkerMaker& make_worker, const RunFolder& folder, const RunOptions& options,
               const ProgressReport& progress, DiagnosticSink& sink) {
  if (!folder.begin(plan, sink)) return false;
  PartRunner runner(plan, make_worker, folder, progress, sink);
  for (size_t part = options.shard; part < plan.part_count(); part += options.shards) runner.add(part);
  return runner.run(options.threads);
}

}  // namespace vigil::replay
