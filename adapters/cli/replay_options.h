// SPDX-License-Identifier: Apache-2.0
// Options of the commands that replay histories, and their input from files.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <vigil/rulebook.h>

#include "cli/console.h"
#include "replay/run_replay.h"

namespace CLI {
class App;
}

namespace vigil::cli {

struct ReplaySettings {
  std::string store;
  std::string out;
  std::string mode = "strict";
  std::string utc_offset = "+00:00";
  std::string delays;         ///< a CSV file; empty: none
  std::string labels;         ///< a CSV file; empty: none
  std::string feedback;       ///< a CSV or NDJSON file; empty: none
  std::string subgroups;      ///< a CSV file; empty: none
  std::string triggers;       ///< a CSV file; empty: those of the histories
  std::string pseudonym_key;  ///< a file; empty: one made for the folder
  size_t threads = 0;         ///< 0: as many as there are cores
};
void add_replay_options(CLI::App& app, ReplaySettings& settings);

/// What is wrong with options that do not go together, so that one of them would do nothing; empty: nothing.
std::string contradiction_of(const ReplaySettings& settings);

/// A replay's input without its rules; reported and none where a file cannot be read. `key_folder` is where a key is
/// kept if none is given. The store must outlive it.
std::optional<replay::ReplayInput> load_replay_input(const Console& console, const ReplaySettings& settings,
                                                     const store::Store& store, const std::string& key_folder);

/// Sets the rules and the hooks they are asked at; VGL1221 for rules that are asked at none.
void set_rules(const Console& console, const Rulebook& rulebook, replay::ReplayInput& input);

size_t thread_count(const ReplaySettings& settings);

/// A line on a terminal: patients done, rate, time to go. Nothing elsewhere.
class ReplayProgress {
 public:
  explicit ReplayProgress(const Console& console) : console_(console) {}
  ~ReplayProgress();
  ReplayProgress(const ReplayProgress&) = delete;
  ReplayProgress& operator=(const ReplayProgress&) = delete;
  replay::ProgressReport report();

 private:
  void show(size_t done, size_t all);

  const Console& console_;
  std::optional<std::chrono::steady_clock::time_point> begin_;
  size_t done_before_ = 0;
  bool shown_ = false;
};

/// Whether patients of the store could not be read; then says so. The result is without them.
bool report_unreadable(const Console& console, const replay::RunTotals& totals);

}  // namespace vigil::cli
