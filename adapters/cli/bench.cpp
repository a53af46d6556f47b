// SPDX-License-Identifier: Apache-2.0
// The measuring loop.
#include "cli/bench.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>

#include <vigil/primitives.h>

#include "cli/parse_limit.h"
#include "fhir/fhir_reader.h"

namespace vigil::cli {
namespace {

constexpr uint32_t kWarmUps = 3;

using Clock = std::chrono::steady_clock;

double microseconds(Clock::duration duration) { return std::chrono::duration<double, std::micro>(duration).count(); }

/// Everything that is kept from patient to patient.
class Runner {
 public:
  Runner(const Rulebook& rulebook, const Temporal& now, const BenchPlan& plan)
      : rulebook_(rulebook),
        now_(now),
        plan_(plan),
        timeline_(rulebook.read_plan(), rulebook.knowledge()),
        reader_(rulebook.read_plan()),
        evaluator_(rulebook) {}

  struct Times {
    double read = 0;
    double evaluate = 0;
    double whole = 0;
  };

  Times run(const BenchInput& input, DiagnosticSink& sink) {
    const auto begin = Clock::now();
    timeline_.clear();
    reader_.read(input.bytes, input.name, timeline_, sink);
    const auto read = Clock::now();
    timeline_.at(to_instant(now_), sink, snapshot_);
    const auto viewed = Clock::now();
    evaluate();
    const auto end = Clock::now();
    return {microseconds(read - begin), microseconds(end - viewed), microseconds(end - begin)};
  }

  void choose_trigger() {
    const bool has_drafts =
        std::ranges::any_of(snapshot_.all_facts(), [](const Fact& f) { return f.origin == Origin::kDraft; });
    trigger_.hook = !plan_.hook.empty() ? plan_.hook : has_drafts ? "order-sign" : "patient-view";
  }

 private:
  void evaluate() {
    if (rulebook_.rules().empty()) {
      evaluator_.evaluate_booleans(snapshot_, now_, plan_.definitions, booleans_);
      return;
    }
    const auto outcome = evaluator_.evaluate(snapshot_, trigger_, history_, now_);
    alerts_ += raise(rulebook_, outcome, trigger_, history_, now_).alerts.size();
  }

  const Rulebook& rulebook_;
  const Temporal& now_;
  const BenchPlan& plan_;
  Timeline timeline_;
  fhir::FhirReader reader_;
  Evaluator evaluator_;
  Snapshot snapshot_;
  Trigger trigger_;
  AlertHistory history_;
  std::vector<bool> booleans_;
  size_t alerts_ = 0;  ///< so that the work cannot be left out
};

BenchRow measure(Runner& runner, ParseLimit& limit, const BenchInput& input, uint32_t repeats, DiagnosticSink& sink) {
  BenchRow row;
  row.name = input.name;
  row.bytes = input.bytes.size();
  limit.set_text(input.bytes);
  runner.run(input, sink);
  runner.choose_trigger();
  DiagnosticSink repeated(0);
  for (uint32_t i = 0; i < kWarmUps; ++i) {
    limit.parse();
    runner.run(input, repeated);
  }
  std::vector<double> read;
  std::vector<double> evaluate;
  std::vector<double> whole;
  std::vector<double> parse;
  for (uint32_t i = 0; i < repeats; ++i) {
    const auto parse_once = [&] {
      const auto begin = Clock::now();
      limit.parse();
      parse.push_back(microseconds(Clock::now() - begin));
    };
    if (i % 2 == 0) parse_once();
    const auto times = runner.run(input, repeated);
    if (i % 2 == 1) parse_once();
    read.push_back(times.read);
    evaluate.push_back(times.evaluate);
    whole.push_back(times.whole);
  }
  row.read_us = median(std::move(read));
  row.evaluate_us = median(std::move(evaluate));
  row.whole_us = median(std::move(whole));
  row.parse_limit_us = median(std::move(parse));
  return row;
}

}  // namespace

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::vector<BenchRow> run_bench(const Rulebook& rulebook, const std::vector<BenchInput>& inputs, const Temporal& now,
                                const BenchPlan& plan, DiagnosticSink& sink) {
  Runner runner(rulebook, now, plan);
  ParseLimit limit;
  std::vector<BenchRow> rows;
  for (const auto& input : inputs) rows.push_back(measure(runner, limit, input, plan.repeats, sink));
  return rows;
}

BenchSummary summarise(const std::vector<BenchRow>& rows) {
  BenchSummary summary;
  if (rows.empty()) return summary;
  const auto mean = [&](auto BenchRow::*member) {
    double sum = 0;
    for (const auto& row : rows) sum += static_cast<double>(row.*member);
    return sum / static_cast<double>(rows.size());
  };
  summary.mean = {"mean",
                  static_cast<size_t>(mean(&BenchRow::bytes)),
                  mean(&BenchRow::read_us),
                  mean(&BenchRow::evaluate_us),
                  mean(&BenchRow::whole_us),
                  mean(&BenchRow::parse_limit_us)};
  if (summary.mean.parse_limit_us > 0) summary.whole_over_limit = summary.mean.whole_us / summary.mean.parse_limit_us;
  if (summary.mean.whole_us > 0) summary.patients_per_s = 1e6 / summary.mean.whole_us;
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0) summary.peak_rss_mb = static_cast<double>(usage.ru_maxrss) / 1024;
  return summary;
}

}  // namespace vigil::cli
