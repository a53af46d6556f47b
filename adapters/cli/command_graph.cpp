// SPDX-License-Identifier: Apache-2.0
// `vigil graph`: what depends on what.
#include <CLI/CLI.hpp>
#include <ostream>

#include "cli/command.h"
#include "cli/draw_graph.h"
#include "cli/load_rules.h"
#include "cli/nearest_name.h"
#include "cli/write_json.h"
#include "cli/write_text.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil graph rules --format svg > rules.svg        a drawing (needs Graphviz)
  vigil graph rules --impact "Warfarin"             which rules and definitions would a change reach
  vigil graph rules --requires "NSAID together with warfarin"
                                                    what the rule reads of the record
)";

class GraphCommand : public Command {
 public:
  explicit GraphCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.add_option("rules", rules_, "Rule files, and folders of *.vigil and *.cql")->required()->type_name("RULES");
    add_include_option(app, includes_);
    add_knowledge_options(app, knowledge_);
    add_format_option(app, format_, {"dot", "json", "svg"});
    auto* impact =
        app.add_option("--impact", impact_, "What depends on this definition, rule, value set, table or resource type")
            ->type_name("NAME");
    app.add_option("--requires", requires_, "What this rule or definition reads of the record")
        ->type_name("RULE")
        ->excludes(impact);
  }

  int run(const Console& console) override {
    const auto compilation = load_rulebook(console, rules_, includes_, knowledge_);
    if (!compilation) return kWrongUse;
    const auto& rulebook = *compilation->rulebook;
    if (!impact_.empty()) return write_impact(console, rulebook);
    if (!requires_.empty()) return write_required(console, rulebook);
    return write_graph(console, rulebook);
  }

 private:
  int write_graph(const Console& console, const Rulebook& rulebook) const {
    if (format_ != "svg") {
      const auto text = rulebook.graph(format_);
      console.out << text << (text.ends_with('\n') ? "" : "\n");
      return kClean;
    }
    std::string problem;
    const auto svg = draw_svg(rulebook.graph("dot"), problem);
    if (!svg) return wrong_use(console, problem, "install the package graphviz, or use --format dot");
    console.out << *svg;
    return kClean;
  }

  int write_impact(const Console& console, const Rulebook& rulebook) const {
    const auto names = rulebook.impact(impact_);
    if (!names) return report_unknown(console, rulebook, impact_);
    if (format_ == "json")
      console.out << to_text(Json(*names), /*indented=*/true) << '\n';
    else
      for (const auto& name : *names) console.out << name << '\n';
    return kClean;
  }

  int write_required(const Console& console, const Rulebook& rulebook) const {
    const auto requirements = rulebook.requirements_of(requires_);
    if (!requirements) return report_unknown(console, rulebook, requires_);
    if (format_ == "json")
      console.out << to_text(requirements_to_json(*requirements), /*indented=*/true) << '\n';
    else
      write_requirements(console.out, *requirements);
    return kClean;
  }

  static int report_unknown(const Console& console, const Rulebook& rulebook, const std::string& name) {
    return wrong_use(console, "the rules hold no `" + name + "`", did_you_mean(name, rulebook.node_names()));
  }

  std::vector<std::string> rules_;
  std::vector<std::string> includes_;
  KnowledgeOptions knowledge_;
  std::string format_;
  std::string impact_;
  std::string requires_;
};

}  // namespace

std::unique_ptr<Command> make_graph_command(CLI::App& program) {
  return std::make_unique<GraphCommand>(*program.add_subcommand("graph", "Show what rules depend on"));
}

}  // namespace vigil::cli
