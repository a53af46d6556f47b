// SPDX-License-Identifier: Apache-2.0
// `vigil kb`: what a knowledge base holds, what is wrong with it, making and comparing them. A frame: the commands
// below it do the work.
#include "cli/command_kb.h"

#include <CLI/CLI.hpp>
#include <filesystem>

#include "cli/command_group.h"
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
  return std::make_unique<CommandGroup>(
      *program.add_subcommand("kb", "Show, check, build, compare and import knowledge bases"), kFooter,
      std::initializer_list<CommandGroup::Maker>{make_kb_info_command, make_kb_lookup_command, make_kb_check_command,
                                                 make_kb_build_command, make_kb_diff_command, make_kb_import_command});
}

}  // namespace vigil::cli
