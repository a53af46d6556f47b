// SPDX-License-Identifier: Apache-2.0
// Reading a patient against simdjson's parse of the same bytes. Aim: at most 1.7 times on a 17 KB prefetch, 1.3 on 1
// MB.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <vigil/knowledge_base.h>

#include "fhir/fhir_reader.h"
#include "support/read_plans.h"

namespace {

using namespace vigil;

std::filesystem::path data_folder() {
  const char* shared = std::getenv("VIGIL_SHARED_DATA");
  return std::filesystem::path(shared != nullptr ? shared : VIGIL_SOURCE_DIR "/../shared/data") / "bench20";
}

std::shared_ptr<const KnowledgeBase> make_knowledge() {
  DiagnosticSink sink;
  KnowledgeBaseBuilder builder;
  builder.intern("http://loinc.org", "33914-3");
  builder.intern("http://www.nlm.nih.gov/research/umls/rxnorm", "855332");
  builder.intern("http://snomed.info/sct", "59621000");
  return builder.build(sink);
}

std::vector<std::string> texts(const char* folder) {
  std::vector<std::filesystem::path> paths;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(data_folder() / folder, error))
    paths.push_back(file.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> all;
  DiagnosticSink sink;
  for (const auto& path : paths)
    if (auto bytes = fhir::read_file(path.string(), {}, sink)) {
      bytes->reserve(bytes->size() + simdjson::SIMDJSON_PADDING);
      all.push_back(std::move(*bytes));
    }
  return all;
}

void count_bytes(benchmark::State& state, const std::vector<std::string>& all) {
  size_t bytes = 0;
  for (const auto& text : all) bytes += text.size();
  state.SetBytesProcessed(static_cast<int64_t>(bytes) * static_cast<int64_t>(state.iterations()));
  state.counters["patients"] = static_cast<double>(all.size());
  state.counters["us/patient"] =
      benchmark::Counter(static_cast<double>(all.size()) * 1e-6,
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void parse_dom(benchmark::State& state, const char* folder) {
  const auto all = texts(folder);
  if (all.empty()) return state.SkipWithError("no shared data");
  simdjson::dom::parser parser;
  for (auto _ : state)
    for (const auto& text : all) benchmark::DoNotOptimize(parser.parse(text.data(), text.size(), false).error());
  count_bytes(state, all);
}

void read_fhir(benchmark::State& state, const char* folder, bool with_snapshot) {
  const auto all = texts(folder);
  if (all.empty()) return state.SkipWithError("no shared data");
  const auto knowledge = make_knowledge();
  const ReadPlan plan = test::make_bench_plan();
  fhir::FhirReader reader(plan);
  Timeline timeline(plan, *knowledge);
  Snapshot snapshot;
  DiagnosticSink sink;
  for (auto _ : state)
    for (const auto& text : all) {
      timeline.clear();
      reader.read(text, "patient.json", timeline, sink);
      if (with_snapshot) timeline.at(0, sink, snapshot);
      benchmark::DoNotOptimize(timeline.version_count());
    }
  if (!sink.all().empty()) state.SkipWithError(sink.all()[0].message.c_str());
  count_bytes(state, all);
}

BENCHMARK_CAPTURE(parse_dom, prefetch, "prefetch");
BENCHMARK_CAPTURE(read_fhir, prefetch, "prefetch", false);
BENCHMARK_CAPTURE(read_fhir, prefetch_and_snapshot, "prefetch", true);
BENCHMARK_CAPTURE(parse_dom, record, "cases");
BENCHMARK_CAPTURE(read_fhir, record, "cases", false);
BENCHMARK_CAPTURE(read_fhir, record_and_snapshot, "cases", true);

}  // namespace

BENCHMARK_MAIN();
