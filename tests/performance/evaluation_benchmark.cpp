// SPDX-License-Identifier: Apache-2.0
// Evaluation of loaded snapshots: operators by group, retrieves by value set, drug pairs from tables of two sizes, and
// the 20 rules of bench20 over its patients.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "knowledge/knowledge_reader.h"
#include "synthetic.h"

namespace {

using namespace vigil;
using namespace vigil::benchmark_data;

constexpr size_t kFacts = 100;

void evaluate_booleans(benchmark::State& state, Loaded& loaded, const Temporal& now,
                       const std::vector<uint32_t>& which) {
  std::vector<bool> result;
  for (auto _ : state)
    for (size_t patient = 0; patient < loaded.patient_count(); ++patient) {
      loaded.evaluator().evaluate_booleans(loaded.snapshot(patient), now, which, result);
      benchmark::DoNotOptimize(result);
    }
}

/// The time divided by a number of things.
benchmark::Counter time_per(size_t count) {
  return {static_cast<double>(count), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert};
}

/// Evaluates one Boolean definition over 100 orders and 100 observations; "per_fact" is the time divided by 100.
void evaluate_condition(benchmark::State& state, const std::string& expression) {
  Loaded loaded(library_head() + "context Patient\ndefine \"X\": " + expression + "\n", make_knowledge(20));
  loaded.add_patient(make_patient(kFacts), kNow);
  evaluate_booleans(state, loaded, kNow, {0});
  state.counters["per_fact"] = time_per(kFacts);
}

/// No observation passes, so that all are looked at.
void evaluate_where(benchmark::State& state, const std::string& condition) {
  evaluate_condition(state, "exists ([Observation] O where " + condition + ")");
}

void add_operator_groups() {
  const std::string value = "(O.value as FHIR.Quantity).value.value";
  const std::string time = "(O.effective as FHIR.dateTime).value";
  const std::pair<const char*, std::string> groups[] = {
      {"none", "false"},
      {"logical", "(O.status = 'final' or O.status = 'amended') and not (O.status = 'final')"},
      {"comparison", value + " > 100000"},
      {"arithmetic", value + " * 2.0 + 1.5 - 0.5 > 100000"},
      {"string", "StartsWith(O.status.value, 'x') or Length(O.status.value) > 20"},
      {"quantity", "(O.value as FHIR.Quantity) > 500 'g'"},
      {"temporal", time + " on or after Now() - 1 days"},
      {"interval", time + " during Interval[@2020-01-01T00:00:00.0Z, @2021-01-01T00:00:00.0Z]"},
      {"list", "O.status in { 'amended', 'corrected', 'cancelled' }"},
      {"terminology", "exists (O.code.coding C where C.code = 'L7' and C.system = 'urn:b:other')"},
  };
  for (const auto& [name, condition] : groups)
    benchmark::RegisterBenchmark((std::string("operators/") + name).c_str(), evaluate_where, condition);
  benchmark::RegisterBenchmark("operators/aggregate", evaluate_condition,
                               "Sum([Observation] O return " + value + ") > 1000000.0");
  benchmark::RegisterBenchmark("operators/sort", evaluate_condition,
                               "Last([Observation] O sort by (effective as FHIR.dateTime).value) is null");
}

/// One retrieve of a tenth of the orders, among 20 … 20,000.
void retrieve_by_value_set(benchmark::State& state) {
  Loaded loaded(library_head() + "context Patient\ndefine \"X\": exists [MedicationRequest: \"Drugs\"]\n",
                make_knowledge(20));
  loaded.add_patient(make_patient(static_cast<size_t>(state.range(0))), kNow);
  evaluate_booleans(state, loaded, kNow, {0});
}

/// A drug-pair rule that finds nothing to say, over tables of 20 and 20,000 rows.
void pair_join(benchmark::State& state) {
  const std::string rule = R"(
table "Pairs" { a Code, b Code } symmetric (a, b)
context Patient
rule "Pair"
  category 'drug-interaction'
  on       'patient-view'
  for      current [MedicationRequest] One,
           current [MedicationRequest] Other,
           "Pairs" P
  when     P.a in codes(One) and P.b in codes(Other) and One.id > Other.id
  alert    '{One.medication} with {Other.medication}'
)";
  Loaded loaded(library_head() + rule, make_knowledge(static_cast<size_t>(state.range(0))));
  loaded.add_patient(make_patient(20), kNow);
  const Trigger trigger{"patient-view", {}, {}, {}};
  size_t findings = 0;
  for (auto _ : state) {
    const auto outcome = loaded.evaluator().evaluate(loaded.snapshot(0), trigger, {}, kNow);
    findings = outcome.results.at(0).findings.size();
    benchmark::DoNotOptimize(findings);
  }
  state.counters["findings"] = static_cast<double>(findings);
}

/// The 20 rules in plain CQL over the patients of a folder; "per_patient" is comparable with other engines' figures.
void bench20(benchmark::State& state, const char* folder) {
  const char* shared = std::getenv("VIGIL_SHARED_DATA");
  const auto data = std::filesystem::path(shared != nullptr ? shared : VIGIL_SOURCE_DIR "/../shared/data") / "bench20";
  DiagnosticSink sink;
  const auto text = fhir::read_file((data / "CdsRules.cql").string(), {}, sink);
  if (!text) return state.SkipWithError("no shared data");
  KnowledgeBaseBuilder builder;
  read_knowledge(VIGIL_SOURCE_DIR "/knowledge-base", builder, sink);
  read_value_sets(data / "valuesets", builder, sink);
  Loaded loaded(*text, builder.build(sink));
  constexpr Temporal kThen{2020, 7, 25, 0, 0, 0, Precision::kMillisecond, 0, 0};
  std::vector<std::filesystem::path> paths;
  for (const auto& file : std::filesystem::directory_iterator(data / folder)) paths.push_back(file.path());
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) loaded.add_patient(fhir::read_file(path.string(), {}, sink).value(), kThen);
  std::vector<uint32_t> which;
  const auto definitions = loaded.rulebook().definitions();
  for (uint32_t i = 0; i < definitions.size(); ++i)
    if (definitions[i].name.starts_with('R')) which.push_back(i);
  evaluate_booleans(state, loaded, kThen, which);
  state.counters["per_patient"] = time_per(loaded.patient_count());
}

BENCHMARK(retrieve_by_value_set)->RangeMultiplier(10)->Range(20, 20000);
BENCHMARK(pair_join)->Arg(20)->Arg(20000);
BENCHMARK_CAPTURE(bench20, prefetch, "prefetch");
BENCHMARK_CAPTURE(bench20, record, "cases");

}  // namespace

int main(int argc, char** argv) {
  add_operator_groups();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
