// SPDX-License-Identifier: Apache-2.0
// One command of the program: its options, which it adds to the command line itself, and what it does.
#pragma once

#include <memory>

#include "cli/console.h"

namespace CLI {
class App;
}

namespace vigil::cli {

/// A command; its options are set by parsing the command line it was made with.
class Command {
 public:
  virtual ~Command() = default;
  /// Whether the command line names it.
  bool chosen() const;
  /// Does the work, and returns an ExitCode.
  virtual int run(const Console& console) = 0;

 protected:
  explicit Command(CLI::App& app) : app_(app) {}
  CLI::App& app_;
};

// Each adds its subcommand to `program`, which must outlive the command.
std::unique_ptr<Command> make_check_command(CLI::App& program);
std::unique_ptr<Command> make_fmt_command(CLI::App& program);
std::unique_ptr<Command> make_run_command(CLI::App& program);
std::unique_ptr<Command> make_eval_command(CLI::App& program);
std::unique_ptr<Command> make_test_command(CLI::App& program);
std::unique_ptr<Command> make_graph_command(CLI::App& program);
std::unique_ptr<Command> make_explain_command(CLI::App& program);
std::unique_ptr<Command> make_bench_command(CLI::App& program);
std::unique_ptr<Command> make_serve_command(CLI::App& program);
std::unique_ptr<Command> make_kb_command(CLI::App& program);
std::unique_ptr<Command> make_doc_command(CLI::App& program);
std::unique_ptr<Command> make_import_command(CLI::App& program);
std::unique_ptr<Command> make_replay_command(CLI::App& program);
std::unique_ptr<Command> make_merge_command(CLI::App& program);
std::unique_ptr<Command> make_compare_command(CLI::App& program);
std::unique_ptr<Command> make_report_command(CLI::App& program);

}  // namespace vigil::cli
