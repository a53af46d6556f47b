// SPDX-License-Identifier: Apache-2.0
// One patient at one instant after another, as a replay asks: the view at the instant, and the 20 rules of bench20 on
// it, starting anew each time or following the timeline. "per_instant" divides by the patients.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include "knowledge/knowledge_reader.h"
#include "synthetic.h"

namespace {

using namespace vigil;
using namespace vigil::benchmark_data;

constexpr Temporal kThen{2020, 7, 25, 0, 0, 0, Precision::kMillisecond, 0, 0};

/// The patients of bench20 and its rules; empty where there is no shared data.
class Bench20 {
 public:
  Bench20() {
    const char* shared = std::getenv("VIGIL_SHARED_DATA");
    const auto data =
        std::filesystem::path(shared != nullptr ? shared : VIGIL_SOURCE_DIR "/../shared/data") / "bench20";
    DiagnosticSink sink;
    const auto text = fhir::read_file((data / "CdsRules.cql").string(), {}, sink);
    if (!text) return;
    KnowledgeBaseBuilder builder;
    read_knowledge(VIGIL_SOURCE_DIR "/knowledge-base", builder, sink);
    read_value_sets(data / "valuesets", builder, sink);
    CompileOptions options;
    options.knowledge = builder.build(sink);
    compilation_ = compile({{"CdsRules.cql", *text}}, options);
    const auto definitions = rulebook().definitions();
    for (uint32_t i = 0; i < definitions.size(); ++i)
      if (definitions[i].name.starts_with('R')) rules_.push_back(i);
    std::vector<std::filesystem::path> paths;
    for (const auto& file : std::filesystem::directory_iterator(data / "cases")) paths.push_back(file.path());
    std::sort(paths.begin(), paths.end());
    fhir::FhirReader reader(rulebook().read_plan());
    for (const auto& path : paths) {
      auto& timeline = timelines_.emplace_back(rulebook().read_plan(), rulebook().knowledge());
      reader.read(*fhir::read_file(path.string(), {}, sink), path.string(), timeline, sink);
    }
  }
  const Rulebook& rulebook() const { return *compilation_.rulebook; }
  std::deque<Timeline>& timelines() { return timelines_; }
  const std::vector<uint32_t>& rules() const { return rules_; }

 private:
  Compilation compilation_;
  std::deque<Timeline> timelines_;
  std::vector<uint32_t> rules_;
};

Bench20& bench20() {
  static Bench20 data;
  return data;
}

benchmark::Counter per_instant() {
  return {static_cast<double>(bench20().timelines().size()),
          benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert};
}

void view(benchmark::State& state) {
  if (bench20().timelines().empty()) return state.SkipWithError("no shared data");
  Snapshot snapshot;
  DiagnosticSink sink;
  for (auto _ : state)
    for (auto& timeline : bench20().timelines()) timeline.at(0, sink, snapshot);
  state.counters["per_instant"] = per_instant();
}

void evaluate(benchmark::State& state, bool follows) {
  if (bench20().timelines().empty()) return state.SkipWithError("no shared data");
  std::deque<Snapshot> snapshots;
  std::deque<Evaluator> evaluators;
  DiagnosticSink sink;
  for (auto& timeline : bench20().timelines()) {
    snapshots.push_back(timeline.at(0, sink));
    evaluators.emplace_back(bench20().rulebook());
    if (follows) evaluators.back().follow_timeline();
  }
  std::vector<bool> result;
  auto now = kThen;
  for (auto _ : state) {
    now.minute = static_cast<uint8_t>((now.minute + 1) % 60);
    for (size_t i = 0; i < snapshots.size(); ++i)
      evaluators[i].evaluate_booleans(snapshots[i], now, bench20().rules(), result);
  }
  state.counters["per_instant"] = per_instant();
}

BENCHMARK(view);
BENCHMARK_CAPTURE(evaluate, anew, false);
BENCHMARK_CAPTURE(evaluate, following, true);

}  // namespace

BENCHMARK_MAIN();
