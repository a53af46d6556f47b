// SPDX-License-Identifier: Apache-2.0
// Importing a population against simdjson's parse of the same lines. Aim: at least half its rate. VIGIL_BENCH_PATIENTS
// sets the size (default 20,000). Real time counts, since an import uses threads and the disk.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <cstdlib>
#include <filesystem>

#include "store/import.h"
#include "store/mapped_file.h"
#include "store/store.h"
#include "support/population/population.h"

namespace {

using namespace vigil;

/// A population in a folder of its own, gone at the end.
struct Population {
  std::string folder;
  uint64_t bytes = 0;

  Population() {
    std::string pattern = (std::filesystem::temp_directory_path() / "vigil_bench_XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    const char* set = std::getenv("VIGIL_BENCH_PATIENTS");
    std::string problem;
    bytes = population::generate({.patients = set != nullptr ? std::stoull(set) : 20'000, .folder = folder + "/in"}, {},
                                 problem);
  }
  ~Population() { std::filesystem::remove_all(folder); }
};

const Population& the_population() {
  static const Population population;
  return population;
}

void count_bytes(benchmark::State& state) {
  state.SetBytesProcessed(static_cast<int64_t>(the_population().bytes) * static_cast<int64_t>(state.iterations()));
}

/// Each line into a document, as a reader of NDJSON would.
void parse_dom(benchmark::State& state) {
  DiagnosticSink sink;
  const auto files = store::list_files(the_population().folder + "/in", sink);
  simdjson::dom::parser parser;
  for (auto _ : state)
    for (const auto& file : files) {
      std::string reason;
      const auto mapped = store::MappedFile::open(file.path, store::MappedFile::Access::kSequential, reason);
      auto text = mapped->text();
      while (!text.empty()) {
        const size_t end = std::min(text.find('\n'), text.size());
        const bool is_padded = text.size() - end > simdjson::SIMDJSON_PADDING;
        benchmark::DoNotOptimize(parser.parse(text.data(), end, !is_padded).error());
        text.remove_prefix(std::min(end + 1, text.size()));
      }
    }
  count_bytes(state);
}

void import_lines(benchmark::State& state) {
  for (auto _ : state) {
    DiagnosticSink sink;
    const auto source = store::open_fhir_source(the_population().folder + "/in", sink);
    const std::string folder = the_population().folder + "/store";
    const auto threads = static_cast<unsigned>(state.range(0));
    const auto memory = static_cast<size_t>(state.range(1)) << 20;
    const auto manifest =
        store::import(*source, {.folder = folder, .memory_bytes = memory, .threads = threads}, {}, sink);
    if (!manifest) return state.SkipWithError("the import failed");
    state.PauseTiming();
    std::filesystem::remove_all(folder);
    state.ResumeTiming();
  }
  count_bytes(state);
}

/// All patients of a store, checksums included.
void read_store(benchmark::State& state) {
  DiagnosticSink sink;
  const std::string folder = the_population().folder + "/kept";
  if (!std::filesystem::exists(folder)) {
    const auto source = store::open_fhir_source(the_population().folder + "/in", sink);
    store::import(*source, {.folder = folder, .threads = 2}, {}, sink);
  }
  const auto opened = store::Store::open(folder, sink);
  if (!opened) return state.SkipWithError("no store");
  store::PatientVersions versions;
  for (auto _ : state)
    for (size_t i = 0; i < opened->patient_count(); ++i) benchmark::DoNotOptimize(opened->read(i, versions, sink));
  count_bytes(state);
  state.counters["patients/s"] =
      benchmark::Counter(static_cast<double>(opened->patient_count()), benchmark::Counter::kIsIterationInvariantRate);
}

BENCHMARK(parse_dom)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(import_lines)
    ->ArgNames({"threads", "MB"})
    ->Args({1, 4096})
    ->Args({2, 4096})
    ->Args({2, 64})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(read_store)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
