// SPDX-License-Identifier: Apache-2.0
// `vigil log`: is a decision log whole, what does it say, and do the rules say the same again.
#include "cli/command_log.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cli/command_group.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil log verify decisions.db                    was a row altered, removed or put elsewhere
  vigil log replay decisions.db                    do the rules give the same alerts again
  vigil log show decisions.db --request 4bf92f35   what was decided, and why

The key that sealed the log is read from --key-file, or from the environment's VIGIL_LOG_KEY.
`vigil log COMMAND --help` shows the options of a command.
)";

constexpr const char* kKeyHint = "a key is 32 bytes as 64 hex digits: openssl rand -hex 32";

}  // namespace

void add_log_options(CLI::App& app, LogOptions& options) {
  app.add_option("file", options.file, "The decision log: a file, or postgresql://… with --instance")
      ->type_name("LOG")
      ->required();
  app.add_option("--instance", options.instance, "Whose chain in the database")->type_name("NAME");
  app.add_option("--key-file", options.key_files,
                 "The key that sealed it, as 64 hex digits; repeatable, for older keys")
      ->type_name("FILE")
      ->allow_extra_args(false);
}

void report_sealed(const Console& console, size_t rows) {
  if (rows == 0) return;
  console.err << rows << (rows == 1 ? " row is" : " rows are") << " sealed by a key that was not given: " << kGiveKey
              << '\n';
}

std::optional<OpenLog> open_log(const Console& console, const LogOptions& options, bool read_only) {
  OpenLog log;
  for (const auto& name : options.key_files) {
    std::ifstream stream(name, std::ios::binary);
    if (!log.keys.add(std::string(std::istreambuf_iterator<char>(stream), {}))) {
      wrong_use(console, data_diagnostic("VGL1212", {}, {name}).with_hint(kKeyHint));
      return std::nullopt;
    }
  }
  if (const char* text = std::getenv("VIGIL_LOG_KEY"); text != nullptr && !log.keys.add(text)) {
    wrong_use(console, data_diagnostic("VGL1212", {}, {"$VIGIL_LOG_KEY"}).with_hint(kKeyHint));
    return std::nullopt;
  }
  std::string problem;
  const bool is_file = !decision_log::names_postgres(options.file);
  if (is_file && !read_only && !std::filesystem::exists(options.file)) {  // it would be made
    wrong_use(console, data_diagnostic("VGL1211", {}, {options.file, "there is no such file"}));
    return std::nullopt;
  }
  if (!is_file)
    log.store = decision_log::open_postgres(
        {.connection = options.file, .instance = options.instance, .read_only = read_only}, problem);
  else
    log.store = decision_log::open_sqlite({.file = options.file, .read_only = read_only}, problem);
  if (log.store == nullptr) {
    // The address of a database may hold a password.
    wrong_use(console, data_diagnostic("VGL1211", {}, {is_file ? options.file : "PostgreSQL", problem}));
    return std::nullopt;
  }
  return log;
}

std::unique_ptr<Command> make_log_command(CLI::App& program) {
  return std::make_unique<CommandGroup>(
      *program.add_subcommand("log", "Verify, replay and show a decision log"), kFooter,
      std::initializer_list<CommandGroup::Maker>{make_log_verify_command, make_log_replay_command,
                                                 make_log_show_command, make_log_feedback_command,
                                                 make_log_purge_command});
}

}  // namespace vigil::cli
