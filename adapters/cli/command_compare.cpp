// SPDX-License-Identifier: Apache-2.0
// `vigil compare`: what a change of rules changes on a store of histories.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iomanip>
#include <ostream>
#include <sstream>

#include "cli/command.h"
#include "cli/load_rules.h"
#include "cli/replay_options.h"
#include "replay/compare_rules.h"
#include "replay/summaries.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter =
    R"(Both versions are asked at the same instants, with what was known then. The result is compare.sqlite in the folder,
with a row for each difference and the explanations of both versions, and summary.md for a review; `vigil report` makes a
page of it on which each difference opens.

  new     an alert of the second version alone       moved    on the same problem, at another time
  lost    an alert of the first version alone        tier     at another tier

Examples:
  vigil compare rules-now rules-next --store hospital.store --out difference
  vigil compare rules-now rules-next --store hospital.store --out difference --max-new-per-100 0.5    a gate for CI

Exits with 1 where there are more new alerts than --max-new-per-100.
)";

using replay::ChangeCount;
using replay::ChangeSum;

class CompareCommand : public Command {
 public:
  explicit CompareCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.add_option("rules_a", rules_a_, "Rules in use: a file, or a folder of *.vigil and *.cql")
        ->type_name("RULES_A")
        ->required();
    app.add_option("rules_b", rules_b_, "Rules proposed")->type_name("RULES_B")->required();
    add_include_option(app, includes_);
    add_replay_options(app, settings_);
    app.add_option("--max-new-per-100", limit_, "Fail where there are more new alerts per 100 triggers")
        ->type_name("X")
        ->check(CLI::NonNegativeNumber);
    app.add_option("--format", format_, "How to write the tables")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"sqlite", "ndjson"}))
        ->capture_default_str();
    add_knowledge_options(app, knowledge_);
  }

  int run(const Console& console) override {
    if (const auto contradiction = contradiction_of(settings_); !contradiction.empty())
      return wrong_use(console, contradiction, "see vigil compare --help");
    const auto a = load_rulebook(console, {rules_a_}, includes_, knowledge_);
    const auto b = load_rulebook(console, {rules_b_}, includes_, knowledge_);
    if (!a || !b) return kWrongUse;
    DiagnosticSink sink;
    const auto store = store::Store::open(settings_.store, sink);
    report(console, sink);
    if (!store) return kFailure;
    auto input = load_replay_input(console, settings_, *store, settings_.out);
    if (!input) return kWrongUse;
    replay::CompareInput both{*input, *input};
    set_rules(console, *a->rulebook, both.a);
    set_rules(console, *b->rulebook, both.b);
    return compare(console, both);
  }

 private:
  int compare(const Console& console, const replay::CompareInput& input) const {
    const replay::RunFolder folder(settings_.out);
    DiagnosticSink sink;
    std::optional<replay::Assembled> assembled;
    {
      ReplayProgress progress(console);
      if (replay::run_parts(replay::make_plan(input), replay::make_worker_maker(input), folder,
                            {thread_count(settings_)}, progress.report(), sink))
        assembled = replay::assemble({&folder, 1}, folder, format_, sink);
    }
    if (assembled) {
      const auto summary = replay::changes_as_markdown(assembled->changes, rule_names(input));
      folder.write_file("summary.md", summary, sink);
      folder.remove_parts();
      console.out << summary;
    }
    report(console, sink);
    if (!assembled || sink.has_errors()) return kFailure;
    if (report_unreadable(console, assembled->totals)) return kFailure;
    return check_gate(console, assembled->changes);
  }

  static std::vector<std::string> rule_names(const replay::CompareInput& input) {
    std::vector<std::string> names = {"all rules"};
    for (const auto& pair : input.pair_rules())
      names.push_back(pair.in_b ? input.b.rulebook->rules()[*pair.in_b].name
                                : input.a.rulebook->rules()[*pair.in_a].name);
    return names;
  }

  int check_gate(const Console& console, const std::vector<ChangeSum>& changes) const {
    if (!limit_) return kClean;
    const auto all =
        std::ranges::find_if(changes, [](const ChangeSum& sum) { return sum.rule_id == 0 && sum.subgroup == "all"; });
    if (all == changes.end()) return kClean;
    const double rate = 100.0 * static_cast<double>(all->of(ChangeCount::kAdded)) /
                        static_cast<double>(std::max<int64_t>(all->of(ChangeCount::kTriggers), 1));
    if (rate <= *limit_) return kClean;
    const auto text = [](double number) {
      std::ostringstream out;
      out << std::fixed << std::setprecision(2) << number;
      return out.str();
    };
    const auto error = data_diagnostic("VGL1228", {}, {text(rate), text(*limit_)});
    report(console, {&error, 1});
    return kFindings;
  }

  std::string rules_a_;
  std::string rules_b_;
  std::vector<std::string> includes_;
  ReplaySettings settings_;
  std::optional<double> limit_;
  std::string format_ = "sqlite";
  KnowledgeOptions knowledge_;
};

}  // namespace

std::unique_ptr<Command> make_compare_command(CLI::App& program) {
  return std::make_unique<CompareCommand>(
      *program.add_subcommand("compare", "Show what a change of rules changes in the histories of a store"));
}

}  // namespace vigil::cli
