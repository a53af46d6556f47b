// SPDX-License-Identifier: Apache-2.0
// A whole replay: ranges of patients shared among threads, each a part of the result on disk, then put together.
//
//   replay::ReplayInput input = ...;
//   const replay::RunFolder folder("out");
//   replay::run_parts(replay::make_plan(input), replay::make_worker_maker(input), folder, {.threads = 2}, {}, sink) &&
//       replay::assemble({folder}, folder, "sqlite", sink);
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>

#include "replay/change_counts.h"
#include "replay/patient_worker.h"
#include "replay/replay_input.h"
#include "replay/run_folder.h"

namespace vigil::replay {

struct RunOptions {
  size_t threads = 1;
  size_t shard = 0;  ///< parts of which number modulo `shards` is this
  size_t shards = 1;
};

/// Patients done, of how many, after each part; called by one thread at a time.
using ProgressReport = std::function<void(size_t done, size_t all)>;

/// What is run, of the input.
RunPlan make_plan(const ReplayInput& input);
/// Workers that replay; the input must outlive them.
WorkerMaker make_worker_maker(const ReplayInput& input);
/// Rows of the table `rules`.
std::string rule_rows(std::span<const RuleInfo> rules);

/// Makes the parts of a shard that are not there yet: a run that was killed goes on where it was. The parts are the
/// same for any number of threads and shards. False, with diagnostics, where the folder is another run's or cannot be
/// written.
bool run_parts(const RunPlan& plan, const WorkerMaker& make_worker, const RunFolder& folder, const RunOptions& options,
               const ProgressReport& progress, DiagnosticSink& sink);

/// Totals of a result, by name: "patients", "triggers", and the counts of each outcome.
using RunTotals = std::vector<std::pair<std::string, int64_t>>;

struct Assembled {
  RunTotals totals;
  std::vector<ChangeSum> changes;  ///< of a comparison
};

/// Puts the parts that the folders hold together in `to`, in the order of patients. None, with VGL1227, where a part is
/// in none of them, or they are of different runs; VGL1226 where it cannot be written. The format is one of
/// sink_formats().
std::optional<Assembled> assemble(std::span<const RunFolder> from, const RunFolder& to, std::string_view format,
                                  DiagnosticSink& sink);

}  // namespace vigil::replay
