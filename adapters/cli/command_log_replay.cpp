// SPDX-License-Identifier: Apache-2.0
// `vigil log replay`: recorded decisions evaluated again.
#include <CLI/CLI.hpp>
#include <array>
#include <ostream>

#include "cli/command_log.h"
#include "cli/command_pack.h"
#include "cli/find_files.h"
#include "cli/load_rules.h"
#include "decision-log/replay_log.h"
#include "packs/site_overlay.h"

namespace vigil::cli {
namespace {

using decision_log::ReplayResult;

constexpr const char* kFooter = R"(Examples:
  vigil log replay decisions.db                                the shipped rules
  vigil log replay decisions.db --rules my-rules --key-file log.key
  vigil log replay decisions.db --rules new-rules --any-rules  what would other rules have said

Exits with 1 where a decision comes out otherwise. Differences may tell of patients: mind where the output goes.
)";

class ReplayCommand : public Command {
 public:
  explicit ReplayCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    add_log_options(app, options_);
    app.add_option("--rules", rules_, "Rule files, and folders of *.vigil and *.cql (default: the shipped ones)")
        ->type_name("RULES");
    app.add_flag("--any-rules", any_rules_, "Decisions of other rules or knowledge too");
    app.add_option("--pack", pack_, "A rule pack, in place of rules: its signature is not looked at")
        ->type_name("FILE");
    app.add_option("--overlay", overlay_file_, "What the site changed in what the rules raise")->type_name("FILE");
    add_knowledge_options(app, knowledge_);
  }

  int run(const Console& console) override {
    auto log = open_log(console, options_);
    if (!log) return kWrongUse;
    const auto rulebook = load(console);
    if (rulebook == nullptr || !load_overlay(console, overlay_file_, *rulebook, overlay_)) return kWrongUse;
    decision_log::LogReplay replay(*rulebook, *log->store, log->keys, any_rules_,
                                   [&](Outcome& outcome, const Temporal& now) {
                                     if (overlay_) apply_overlay(*overlay_, *rulebook, now, outcome);
                                   });
    std::array<uint64_t, 5> counts{};
    size_t sealed = 0;
    const auto problem = log->store->each(1, [&](const decision_log::LogRow& row) {
      if (row.kind != decision_log::RowKind::kDecision) return true;
      const auto replayed = replay.replay(row);
      if (replayed.result == ReplayResult::kUnreadable && log->lacks_key_of(row)) ++sealed;
      ++counts[static_cast<size_t>(replayed.result)];
      for (const auto& difference : replayed.differences)
        console.out << "row " << row.number << ": " << difference << '\n';
      return true;
    });
    if (!problem.empty()) return wrong_use(console, data_diagnostic("VGL1213", {}, {problem}));
    const auto count = [&](ReplayResult result) { return counts[static_cast<size_t>(result)]; };
    console.out << count(ReplayResult::kSame) << " the same, " << count(ReplayResult::kDifferent) << " different, "
                << count(ReplayResult::kOtherRules) << " of other rules, " << count(ReplayResult::kErased)
                << " erased, " << count(ReplayResult::kUnreadable) << " unreadable\n";
    report_sealed(console, sealed);
    return count(ReplayResult::kDifferent) + count(ReplayResult::kUnreadable) == 0 ? kClean : kFindings;
  }

 private:
  /// The rules of folders or of a pack; null where they cannot be used, which is reported.
  std::shared_ptr<const Rulebook> load(const Console& console) const {
    if (!pack_.empty()) return load_pack(console);
    auto paths = rules_;
    if (paths.empty())
      if (const auto shipped = find_beside_program("rules")) paths.push_back(shipped->string());
    auto compilation = load_rulebook(console, paths, {}, knowledge_);
    return compilation ? std::move(compilation->rulebook) : nullptr;
  }

  std::shared_ptr<const Rulebook> load_pack(const Console& console) const {
    DiagnosticSink sink;
    const auto pack = read_pack(pack_, sink);
    TriedPack tried;
    if (pack) tried = try_pack(*pack, surroundings_of(knowledge_), sink);
    report(console, sink);
    report_trial(console, tried);
    return usable_rulebook(tried, sink);
  }

  LogOptions options_;
  std::string pack_;
  std::string overlay_file_;
  std::optional<SiteOverlay> overlay_;
  std::vector<std::string> rules_;
  bool any_rules_ = false;
  KnowledgeOptions knowledge_;
};

}  // namespace

std::unique_ptr<Command> make_log_replay_command(CLI::App& log) {
  return std::make_unique<ReplayCommand>(*log.add_subcommand("replay", "Evaluate recorded decisions again"));
}

}  // namespace vigil::cli
