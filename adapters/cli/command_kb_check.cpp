// SPDX-License-Identifier: Apache-2.0
// `vigil kb check`: what is wrong in a knowledge base.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "cli/command_kb.h"
#include "cli/options.h"
#include "knowledge/check_knowledge.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil kb check knowledge-base
  vigil kb check my-knowledge --strict    fail on warnings too

Exits with 2 where there are errors, with 1 where there are warnings and --strict is given, else with 0.
)";
constexpr size_t kFindingLimit = 100'000;  // a wrong column makes one a row

class KbCheckCommand : public Command {
 public:
  explicit KbCheckCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    add_knowledge_base_option(app, path_, "knowledge,--knowledge");
    app.add_flag("--strict", strict_, "Warnings fail the check");
    add_format_option(app, format_, {"text", "json", "sarif"});
  }

  int run(const Console& console) override {
    DiagnosticSink sink(kFindingLimit);
    const auto inventory = read_knowledge_base(path_, sink);
    if (inventory) check_knowledge(*inventory, sink);
    const size_t dropped = sink.dropped();
    auto findings = sink.take();
    std::ranges::stable_sort(findings, {}, &Diagnostic::severity);
    const auto count = [&](Severity severity) {
      return static_cast<size_t>(std::ranges::count(findings, severity, &Diagnostic::severity));
    };
    const size_t errors = count(Severity::kError);
    const size_t warnings = count(Severity::kWarning);
    std::string summary;
    if (inventory) summary = counted(inventory->knowledge->concept_count(), "code") + ", ";
    summary += counted(errors, "error") + ", " + counted(warnings, "warning");
    if (dropped > 0) summary += ", and " + counted(dropped, "finding") + " more than are shown";
    write(console, findings, summary);
    if (errors > 0) return kWrongUse;
    return strict_ && warnings > 0 ? kFindings : kClean;
  }

 private:
  void write(const Console& console, const std::vector<Diagnostic>& findings, const std::string& summary) const {
    if (format_ == "text") {
      console.out << render_text(findings, {}, console.colour_out) << summary << '\n';
      return;
    }
    console.out << (format_ == "json" ? render_json(findings, {}) : render_sarif(findings, {})) << '\n';
    console.err << summary << '\n';
  }

  std::string path_;
  bool strict_ = false;
  std::string format_;
};

}  // namespace

std::unique_ptr<Command> make_kb_check_command(CLI::App& kb) {
  return std::make_unique<KbCheckCommand>(*kb.add_subcommand("check", "Find mistakes in a knowledge base"));
}

}  // namespace vigil::cli
