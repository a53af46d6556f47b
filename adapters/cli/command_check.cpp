// SPDX-License-Identifier: Apache-2.0
// `vigil check`: finds mistakes in rules.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "cli/command.h"
#include "cli/load_rules.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil check rules                              all .vigil and .cql files below a folder
  vigil check rules --format sarif > vigil.sarif for a code review
  vigil check warfarin.vigil --stop-after check  names and types only
  vigil check warfarin.vigil --dump lower        what the rules are lowered to

Exits with 2 where there are errors, else with 0.
)";

std::vector<std::string> stage_names() {
  std::vector<std::string> names;
  for (const auto& stage : stages()) names.emplace_back(stage.name);
  return names;
}

size_t count(const Compilation& compilation, Severity severity) {
  return static_cast<size_t>(std::ranges::count(compilation.diagnostics, severity, &Diagnostic::severity));
}

class CheckCommand : public Command {
 public:
  explicit CheckCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.add_option("path", paths_, "Rule files, and folders of *.vigil and *.cql")->required()->type_name("PATH");
    add_include_option(app, includes_);
    add_knowledge_options(app, knowledge_);
    add_format_option(app, format_, {"text", "json", "sarif"});
    app.add_option("--stop-after", stop_after_, "Last stage to run")->check(CLI::IsMember(stage_names()));
    app.add_option("--dump", dump_,
                   "Print what a stage makes, in place of diagnostics (those go to stderr); repeatable")
        ->check(CLI::IsMember(stage_names()))
        ->allow_extra_args(false);
  }

  int run(const Console& console) override {
    const auto texts = read_rule_texts(console, paths_, includes_);
    if (!texts) return kWrongUse;
    CompileOptions options;
    options.stop_after = stop_after_;
    options.dump = dump_;
    const auto compilation = compile_rules(console, *texts, knowledge_, options);
    if (!compilation) return kWrongUse;
    write(console, *compilation);
    return compilation->has_errors() ? kWrongUse : kClean;
  }

 private:
  void write(const Console& console, const Compilation& compilation) const {
    const auto& sources = *compilation.sources;
    if (!dump_.empty()) {
      report(console, compilation.diagnostics, sources);
      for (const auto& [stage, text] : compilation.dumps) {
        if (dump_.size() > 1) console.out << "--- " << stage << '\n';
        console.out << text << (text.ends_with('\n') ? "" : "\n");
      }
      console.err << summary(compilation) << '\n';
    } else if (format_ == "text") {
      console.out << render_text(compilation.diagnostics, sources, console.colour_out) << summary(compilation) << '\n';
    } else {
      console.out << (format_ == "json" ? render_json(compilation.diagnostics, sources)
                                        : render_sarif(compilation.diagnostics, sources))
                  << '\n';
      console.err << summary(compilation) << '\n';
    }
  }

  std::string summary(const Compilation& compilation) const {
    const std::string found = counted(count(compilation, Severity::kError), "error") + ", " +
                              counted(count(compilation, Severity::kWarning), "warning");
    if (!stop_after_.empty()) return "stopped after " + stop_after_ + ", " + found;
    const auto* rulebook = compilation.rulebook.get();
    return counted(rulebook == nullptr ? 0 : rulebook->rules().size(), "rule") + ", " +
           counted(rulebook == nullptr ? 0 : rulebook->definitions().size(), "definition") + ", " + found;
  }

  std::vector<std::string> paths_;
  std::vector<std::string> includes_;
  KnowledgeOptions knowledge_;
  std::string format_;
  std::string stop_after_;
  std::vector<std::string> dump_;
};

}  // namespace

std::unique_ptr<Command> make_check_command(CLI::App& program) {
  return std::make_unique<CheckCommand>(*program.add_subcommand("check", "Find mistakes in rules"));
}

}  // namespace vigil::cli
