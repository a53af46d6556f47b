// SPDX-License-Identifier: Apache-2.0
// `vigil kb diff`: what changed between two knowledge bases.
#include <CLI/CLI.hpp>
#include <ostream>

#include "cli/command_kb.h"
#include "cli/options.h"
#include "cli/write_json.h"
#include "knowledge/diff_knowledge.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil kb diff knowledge-base-1.0 knowledge-base-1.1
  vigil kb diff old.vkb new.vkb --format json

Exits with 1 where something changed, with 0 where nothing did.
)";

class KbDiffCommand : public Command {
 public:
  explicit KbDiffCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.add_option("old", old_, "Knowledge base as it was")->type_name("DIR|FILE")->required();
    app.add_option("new", new_, "Knowledge base as it is")->type_name("DIR|FILE")->required();
    add_format_option(app, format_, {"text", "json"});
  }

  int run(const Console& console) override {
    DiagnosticSink sink;
    const auto before = read_knowledge_base(old_, sink);
    const auto after = read_knowledge_base(new_, sink);
    report(console, sink);
    if (!before || !after || sink.has_errors()) return kWrongUse;
    const auto changes = diff_knowledge(*before, *after);
    format_ == "json" ? write_json(console, changes) : write_text(console, changes);
    return changes.empty() ? kClean : kFindings;
  }

 private:
  static void write_json(const Console& console, const std::vector<KnowledgeChange>& changes) {
    Json json = Json::array();
    for (const auto& each : changes)
      json.push_back({{"area", each.area}, {"subject", each.subject}, {"before", each.before}, {"after", each.after}});
    console.out << to_text(json, true) << '\n';
  }

  static void write_text(const Console& console, const std::vector<KnowledgeChange>& changes) {
    for (size_t i = 0; i < changes.size(); ++i) {
      const auto& each = changes[i];
      if (i == 0 || changes[i - 1].area != each.area)
        console.out << paint(each.area, Paint::kBold, console.colour_out) << '\n';
      console.out << "  " << (each.before.empty() ? "+ " : each.after.empty() ? "- " : "~ ") << each.subject << ": ";
      if (!each.before.empty() && !each.after.empty())
        console.out << each.before << " -> " << each.after << '\n';
      else
        console.out << each.before << each.after << '\n';
    }
    console.out << counted(changes.size(), "change") << '\n';
  }

  std::string old_;
  std::string new_;
  std::string format_;
};

}  // namespace

std::unique_ptr<Command> make_kb_diff_command(CLI::App& kb) {
  return std::make_unique<KbDiffCommand>(*kb.add_subcommand("diff", "Show what changed between two knowledge bases"));
}

}  // namespace vigil::cli
