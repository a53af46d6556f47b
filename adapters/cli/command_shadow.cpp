// SPDX-License-Identifier: Apache-2.0
// `vigil shadow report`: where a candidate and the pack in force differ.
#include "cli/command_shadow.h"

#include <CLI/CLI.hpp>
#include <ostream>

#include <vigil/primitives.h>

#include "cds-hooks/activation/shadow_store.h"
#include "cli/command_group.h"
#include "cli/options.h"
#include "cli/write_json.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil shadow report /var/lib/vigil/packs/shadow.db
  vigil shadow report shadow.db --all --format json

The record holds no patient data: examples are ids of decisions, which `vigil log show LOG --request ID` shows to who may
see them.
)";

constexpr const char* kReportFooter = R"(Examples:
  vigil shadow report /var/lib/vigil/packs/shadow.db

new: only the candidate raises it; lost: only the pack in force does; tier: both, of different tier; undetermined: the
candidate could not tell where the pack in force could; determined: the other way round. Findings are counted, and calls
that have one. not-comparable: the call's deadline stopped the rule, so that nobody knows what it would have said; such
results count as no difference.
)";

class ShadowReportCommand : public Command {
 public:
  explicit ShadowReportCommand(CLI::App& app) : Command(app) {
    app.footer(kReportFooter);
    app.add_option("file", file_, "The record: shadow.db in the folder of [activation]")->type_name("FILE")->required();
    app.add_option("--examples", examples_, "Ids of decisions shown a line")->capture_default_str();
    app.add_flag("--all", all_, "All candidates, not only the latest");
    add_format_option(app, format_, {"text", "json"});
  }

  int run(const Console& console) override {
    std::string problem;
    auto reports = hooks::read_shadow_reports(file_, examples_, problem);
    if (!problem.empty()) return wrong_use(console, "`" + file_ + "` cannot be read: " + problem);
    if (!all_ && reports.size() > 1) reports.resize(1);
    if (format_ == "json") {
      write_json(console, reports);
    } else {
      if (reports.empty()) console.out << "no call was compared yet\n";
      for (const auto& one : reports) write(console.out, one);
    }
    return kClean;
  }

 private:
  static std::string change(const hooks::ShadowLine& line) {
    if (line.difference == "tier") return line.active_tier + " to " + line.candidate_tier;
    return line.active_tier.empty() ? line.candidate_tier : line.active_tier;
  }

  static void write(std::ostream& out, const hooks::ShadowReport& report) {
    out << report.pack << ": " << report.version << " beside " << report.active_version << "\n  digest   "
        << report.digest << "\n  calls    " << report.compared << " compared, " << report.differing << " differ";
    if (report.failed > 0) out << ", " << report.failed << " could not be evaluated";
    if (report.not_comparable > 0) out << ", " << counted(report.not_comparable, "result") << " not comparable";
    out << '\n';
    std::string rule;
    for (const auto& line : report.lines) {
      if (line.rule != rule) out << line.rule << '\n';
      rule = line.rule;
      const auto tiers = change(line);
      out << "  " << line.difference << std::string(line.difference.size() < 13 ? 13 - line.difference.size() : 1, ' ')
          << line.findings << (tiers.empty() ? "" : "  " + tiers) << "  in " << counted(line.calls, "call");
      for (size_t i = 0; i < line.examples.size(); ++i) out << (i == 0 ? "; as in " : ", ") << line.examples[i];
      out << '\n';
    }
  }

  static void write_json(const Console& console, const std::vector<hooks::ShadowReport>& reports) {
    Json all = Json::array();
    for (const auto& report : reports) {
      Json lines = Json::array();
      Json stopped = Json::array();
      for (const auto& line : report.lines) {
        if (line.difference == hooks::name(hooks::Difference::kNotComparable)) {
          stopped.push_back(
              {{"rule", line.rule}, {"results", line.findings}, {"calls", line.calls}, {"examples", line.examples}});
          continue;
        }
        lines.push_back({{"rule", line.rule},
                         {"difference", line.difference},
                         {"activeTier", line.active_tier},
                         {"candidateTier", line.candidate_tier},
                         {"findings", line.findings},
                         {"calls", line.calls},
                         {"examples", line.examples}});
      }
      all.push_back({{"pack", report.pack},
                     {"activeVersion", report.active_version},
                     {"version", report.version},
                     {"digest", report.digest},
                     {"compared", report.compared},
                     {"differing", report.differing},
                     {"failed", report.failed},
                     {"first", report.first},
                     {"last", report.last},
                     {"disagreements", std::move(lines)},
                     {"notComparable", std::move(stopped)}});
    }
    console.out << to_text(all, /*indented=*/true) << '\n';
  }

  std::string file_;
  size_t examples_ = 3;
  bool all_ = false;
  std::string format_;
};

std::unique_ptr<Command> make_shadow_report_command(CLI::App& shadow) {
  return std::make_unique<ShadowReportCommand>(
      *shadow.add_subcommand("report", "Summarise where a candidate and the pack in force differ"));
}

}  // namespace

std::unique_ptr<Command> make_shadow_command(CLI::App& program) {
  return std::make_unique<CommandGroup>(*program.add_subcommand("shadow", "What a candidate in shadow would have said"),
                                        kFooter,
                                        std::initializer_list<CommandGroup::Maker>{make_shadow_report_command});
}

}  // namespace vigil::cli
