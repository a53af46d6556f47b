// SPDX-License-Identifier: Apache-2.0
// The commands below `vigil log`, and how they open a log.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "decision-log/key_ring.h"
#include "decision-log/log_store.h"

namespace vigil::cli {

/// `vigil log` itself.
std::unique_ptr<Command> make_log_command(CLI::App& program);
std::unique_ptr<Command> make_log_verify_command(CLI::App& log);
std::unique_ptr<Command> make_log_replay_command(CLI::App& log);
std::unique_ptr<Command> make_log_show_command(CLI::App& log);
std::unique_ptr<Command> make_log_feedback_command(CLI::App& log);
std::unique_ptr<Command> make_log_purge_command(CLI::App& log);

struct LogOptions {
  std::string file;
  std::string instance;
  std::vector<std::string> key_files;
};
void add_log_options(CLI::App& app, LogOptions& options);

/// What to do where a row's key is not at hand.
constexpr const char* kGiveKey = "give it by --key-file FILE, or in the environment's VIGIL_LOG_KEY";

struct OpenLog {
  std::unique_ptr<decision_log::LogStore> store;
  decision_log::KeyRing keys;

  /// Whether the row is sealed by a key that was not given.
  bool lacks_key_of(const decision_log::LogRow& row) const { return row.sealed && !keys.mac({}, row.key_id); }
};
/// Says that rows are sealed by keys that were not given; nothing where there are none.
void report_sealed(const Console& console, size_t rows);
/// None where it cannot be opened, which is reported.
std::optional<OpenLog> open_log(const Console& console, const LogOptions& options, bool read_only = true);

}  // namespace vigil::cli
