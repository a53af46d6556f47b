// SPDX-License-Identifier: Apache-2.0
// `vigil kb`: what a knowledge base holds, what is wrong with it, making and comparing them. A frame: the commands
// below it do the work.
#include "cli/command_kb.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <vector>

#include "cli/load_rules.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil kb info                    what the knowledge base holds, from where and on what terms
  vigil kb lookup warfarin         what is known of a drug
  vigil kb check knowledge-base    what is wrong with it
  vigil kb build knowledge-base --out starter.vkb    all of it as one file
  vigil kb diff old new            what changed, in clinical terms
  vigil kb import rxnorm-rrf rrf --out rxnorm        drugs from a release of RxNorm

`vigil kb COMMAND --help` shows the options of a command.
)";

class KbCommand : public Command {
 public:
  explicit KbCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.require_subcommand(1);
    for (const auto make : {make_kb_info_command, make_kb_lookup_command, make_kb_check_command, make_kb_build_command,
                            make_kb_diff_command, make_kb_import_command})
      commands_.push_back(make(app));
  }

  int run(const Console& console) override {
    for (const auto& command : commands_)
      if (command->chosen()) return command->run(console);
    return kWrongUse;  // CLI11 asks for one
  }

 private:
  std::vector<std::unique_ptr<Command>> commands_;
};

}  // namespace

std::optional<KnowledgeInventory> read_knowledge_base(const std::string& path, DiagnosticSink& sink) {
  KnowledgeOptions options;
  if (!path.empty()) options.knowledge.push_back(path);
  const auto paths = knowledge_paths(options);
  if (paths.empty()) {
    sink.add(plain_error("no knowledge base was found", "name one with --knowledge or in $VIGIL_KNOWLEDGE"));
    return std::nullopt;
  }
  if (!std::filesystem::exists(paths.front())) {
    sink.add(data_diagnostic("VGL1202", {}, {paths.front()}));
    return std::nullopt;
  }
  return take_inventory(paths.front(), sink);
}

std::unique_ptr<Command> make_kb_command(CLI::App& program) {
  return std::make_unique<KbCommand>(
      *program.add_subcommand("kb", "Show, check, build, compare and import knowledge bases"));
}

}  // namespace vigil::cli
