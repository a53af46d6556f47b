// SPDX-License-Identifier: Apache-2.0
// Measures what one patient costs: reading, evaluating, and the time simdjson takes to parse the same bytes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <vigil/evaluate.h>
#include <vigil/rulebook.h>

namespace vigil::cli {

/// One input, in memory.
struct BenchInput {
  std::string name;
  std::string bytes;
};

struct BenchPlan {
  std::string hook;                   ///< empty: order-sign where there are drafts, else patient-view
  std::vector<uint32_t> definitions;  ///< Boolean ones, evaluated where there are no rules
  uint32_t repeats = 21;
};

/// Medians over the repeats, in microseconds.
struct BenchRow {
  std::string name;
  size_t bytes = 0;
  double read_us = 0;         ///< clear and fill the timeline
  double evaluate_us = 0;     ///< evaluate and raise, or the definitions
  double whole_us = 0;        ///< read, view and evaluate
  double parse_limit_us = 0;  ///< simdjson's DOM parse
};

/// The same as means over the rows, with what follows from them.
struct BenchSummary {
  BenchRow mean;
  double whole_over_limit = 0;
  double patients_per_s = 0;
  double peak_rss_mb = 0;
};

/// Runs parse and whole evaluation in turns, each first every other time, so that both meet the machine in the same
/// state. Timeline, reader, snapshot and evaluator are reused from input to input. Problems with the data go to `sink`.
std::vector<BenchRow> run_bench(const Rulebook& rulebook, const std::vector<BenchInput>& inputs, const Temporal& now,
                                const BenchPlan& plan, DiagnosticSink& sink);

BenchSummary summarise(const std::vector<BenchRow>& rows);
/// Of the middle two where their number is even; 0 for none.
double median(std::vector<double> values);

}  // namespace vigil::cli
