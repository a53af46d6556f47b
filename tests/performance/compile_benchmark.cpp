// SPDX-License-Identifier: Apache-2.0
// Compile time by lines of rule text. "cold" is the first compilation of a process: the parser then fills its tables.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>

#include "synthetic.h"

namespace {

using namespace vigil;
using namespace vigil::benchmark_data;

/// Functions, definitions and rules of many shapes, twenty lines a turn.
std::string make_text(size_t lines) {
  std::string text = library_head() + "context Patient\n";
  for (size_t i = 0; static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) < lines; ++i) {
    const auto n = std::to_string(i);
    text += "define function \"Running" + n + "\"(orders List<FHIR.MedicationRequest>):\n" +
            "  orders M where M.status in { 'active', 'draft' }\n" + "define \"Orders" + n + "\": \"Running" + n +
            "\"([MedicationRequest: \"Drugs\"])\n" + "define \"Latest" + n + "\":\n" +
            "  Last([Observation: \"Labs\"] O where O.status = 'final'\n" +
            "    sort by (effective as FHIR.dateTime).value)\n" + "define \"Value" + n + "\": (\"Latest" + n +
            "\".value as FHIR.Quantity).value.value\n" + "define \"High" + n + "\": \"Value" + n +
            "\" > 5.5 and AgeInYears() between 40 and 75\n" + "rule \"Rule" + n + "\"\n" +
            "  category  'guideline-deviation'\n" + "  on        'order-select', 'order-sign'\n" +
            "  for       ordered [MedicationRequest: \"Drugs\"] Drug,\n" +
            "            current [MedicationRequest] Other\n" + "  when      Other.status = 'active' and \"High" + n +
            "\"\n" + "  unless    not exists \"Orders" + n + "\" because 'no such drug is taken'\n" +
            "  tier      passive when \"Value" + n + "\" < 6 because 'it is only a little raised'\n" +
            "  tier      interruptive\n" + "  alert     '{Drug.medication} with {Other.medication}: {\"Value" + n +
            "\"}'\n" + "    detail  'Consider another drug, or a lower dose, and measure again within a week.'\n";
  }
  return text;
}

void compile_text(benchmark::State& state) {
  const auto lines = static_cast<size_t>(state.range(0));
  const auto text = make_text(lines);
  CompileOptions options;
  options.knowledge = make_knowledge(20);
  for (auto _ : state) {
    const auto compiled = compile({{"benchmark.vigil", text}}, options);
    if (compiled.has_errors()) state.SkipWithError(compiled.diagnostics[0].message.c_str());
    benchmark::DoNotOptimize(compiled.rulebook);
  }
  state.counters["per_line"] = benchmark::Counter(
      static_cast<double>(lines), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

BENCHMARK(compile_text)->Name("compile/cold")->Arg(2000)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(compile_text)->Name("compile/warm")->Arg(20)->Arg(200)->Arg(2000)->Arg(20000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
