// SPDX-License-Identifier: Apache-2.0
// The command line's frame: help, version, exit codes, and the choice of a command.
#include "cli/program.h"

#include <CLI/CLI.hpp>
#include <array>
#include <exception>
#include <ostream>
#include <vector>

#include "cli/command.h"
#include "cli/command_log.h"
#include "cli/command_pack.h"
#include "cli/command_shadow.h"
#include "cli/nearest_name.h"

#ifndef VIGIL_VERSION
#define VIGIL_VERSION "0.0.0"
#endif

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Exit codes:
  0  done             1  findings, such as a failed test
  2  wrong rules, knowledge or usage
  3  a rule failed while it was evaluated, or data could not be read

Examples:
  vigil check rules                                        find mistakes in rules
  vigil fmt rules                                          lay rules out in one style
  vigil test rules                                         run the tests beside the rules
  vigil run rules --patient patient.json                   which alerts would this patient's orders raise
  vigil run rules --patient patient.json --explain         and why
  vigil eval --expression "5 'mg' + 1 'g'"                 what is the value of an expression
  vigil doc rules --out pages                              rules as pages to review and print
  vigil kb lookup warfarin                                 what does the knowledge base say of a drug
  vigil explain VGL0201                                    what does this diagnostic mean
  vigil serve                                              answer CDS Hooks calls with the shipped rules
  vigil pack verify x.vigilpack --trust release.pub.pem    is a signed rule pack of use here
  vigil import export --store hospital.store               bring patients' records into a store, for replay
  vigil replay rules --store hospital.store --out result   what would have fired, with what was known then
  vigil report result                                      the same as one HTML file
  vigil compare rules-a rules-b --store hospital.store --out difference

`vigil COMMAND --help` shows the options of a command, with examples. Knowledge is looked for in $VIGIL_KNOWLEDGE, then
beside the program.
)";

std::vector<std::unique_ptr<Command>> make_commands(CLI::App& program) {
  constexpr std::array kMakers = {make_check_command, make_fmt_command,     make_run_command,     make_eval_command,
                                  make_test_command,  make_graph_command,   make_explain_command, make_bench_command,
                                  make_serve_command, make_kb_command,      make_import_command,  make_replay_command,
                                  make_merge_command, make_compare_command, make_report_command,  make_doc_command,
                                  make_log_command,   make_pack_command,    make_shadow_command};
  std::vector<std::unique_ptr<Command>> commands;
  for (const auto make : kMakers) commands.push_back(make(program));
  return commands;
}

std::string uncapitalised(std::string message) {
  if (!message.empty() && message[0] >= 'A' && message[0] <= 'Z') message[0] = static_cast<char>(message[0] + 32);
  return message;
}

/// What CLI11 found wrong, with a guess at a mistyped command.
int report_parse_error(const CLI::App& program, const CLI::ParseError& error, const char* first,
                       const Console& console) {
  if (error.get_exit_code() == 0) {
    program.exit(error, console.out, console.err);
    return kClean;
  }
  if (first == nullptr) {
    console.err << program.help();
    return kWrongUse;
  }
  std::vector<std::string> names;
  for (const auto* command : program.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->parsed())
      return wrong_use(console, uncapitalised(error.what()), "see vigil " + command->get_name() + " --help");
    names.push_back(command->get_name());
  }
  if (*first == '-') return wrong_use(console, uncapitalised(error.what()), "see vigil --help");
  auto hint = did_you_mean(first, names);
  if (hint.empty()) hint = "see vigil --help";
  return wrong_use(console, std::string("`") + first + "` is no command", std::move(hint));
}

int run_chosen(const std::vector<std::unique_ptr<Command>>& commands, const Console& console) {
  for (const auto& command : commands) {
    if (!command->chosen()) continue;
    const int code = command->run(console);
    console.out.flush();
    if (console.out.good()) return code;
    const Diagnostic error = plain_error("the results could not be written", "is the disk full?");
    report(console, {&error, 1});
    return kFailure;
  }
  return kWrongUse;
}

}  // namespace

bool Command::chosen() const { return app_.parsed(); }

int run_program(int argument_count, const char* const* arguments, const Console& console) {
  try {
    CLI::App program{"Vigil: clinical decision support. Checks, tests and runs rules written in CQL and its extension.",
                     "vigil"};
    program.set_version_flag("--version", "vigil " VIGIL_VERSION);
    program.footer(kFooter);
    program.require_subcommand(1);
    const auto commands = make_commands(program);
    try {
      program.parse(argument_count, arguments);
    } catch (const CLI::ParseError& error) {
      return report_parse_error(program, error, argument_count > 1 ? arguments[1] : nullptr, console);
    }
    return run_chosen(commands, console);
  } catch (const std::exception& error) {
    const Diagnostic fault =
        plain_error(std::string("vigil failed: ") + error.what(), "please report this as a fault of Vigil");
    report(console, {&fault, 1});
    return kFailure;
  }
}

}  // namespace vigil::cli
