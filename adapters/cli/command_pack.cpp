// SPDX-License-Identifier: Apache-2.0
// `vigil pack`: rules as one signed file. A frame: the commands below it do the work.
#include "cli/command_pack.h"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iterator>
#include <ostream>

#include "cli/command_group.h"
#include "cli/load_rules.h"
#include "cli/write_text.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil pack build rules/allergy --out allergy.vigilpack      rules, tests, value sets and texts as one file
  vigil pack keygen --out release.pem                         a key to sign with, and release.pub.pem to trust
  vigil pack sign allergy.vigilpack --key release.pem
  vigil pack verify allergy.vigilpack --trust release.pub.pem  signature, digests, needs, and its own tests
  vigil pack show allergy.vigilpack                           what it is and holds
  vigil pack activate allergy.vigilpack                       in a running service; stage, rollback, withdraw, status

docs/recipes/release-a-pack.md goes through it. `vigil pack COMMAND --help` shows the options of a command.
)";

}  // namespace

PackSurroundings surroundings_of(const KnowledgeOptions& options) {
  PackSurroundings surroundings;
  surroundings.knowledge = knowledge_paths(options);
  surroundings.value_sets = options.value_sets;
  return surroundings;
}

std::vector<PublicKey> read_public_keys(const std::vector<std::string>& files, DiagnosticSink& sink) {
  std::vector<PublicKey> keys;
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    if (!stream)
      sink.add(data_diagnostic("VGL1244", file, {file, "it cannot be read"}));
    else if (const auto key = read_public_key(text))
      keys.push_back(*key);
    else
      sink.add(data_diagnostic("VGL1244", file, {file, "it holds no Ed25519 public key as PEM"})
                   .with_hint("vigil pack keygen makes a pair; so does openssl genpkey -algorithm ed25519"));
  }
  return keys;
}

void report_trial(const Console& console, const TriedPack& tried) {
  if (!tried.compilation) return;
  const auto& sources = *tried.compilation->sources;
  report(console, tried.compilation->diagnostics, sources);
  for (const auto& test : tried.tests) {
    if (test.passed) continue;
    write_failed_test(console.err, test, sources, {console.colour_err, true});
    console.err << '\n';
  }
}

std::unique_ptr<Command> make_pack_command(CLI::App& program) {
  return std::make_unique<CommandGroup>(
      *program.add_subcommand("pack", "Build, sign, verify and activate rule packs"), kFooter,
      std::initializer_list<CommandGroup::Maker>{
          make_pack_build_command, make_pack_keygen_command, make_pack_sign_command, make_pack_verify_command,
          make_pack_show_command, make_pack_activate_command, make_pack_stage_command, make_pack_rollback_command,
          make_pack_withdraw_command, make_pack_status_command});
}

}  // namespace vigil::cli
