// SPDX-License-Identifier: Apache-2.0
// `vigil explain`: what a diagnostic means.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <ostream>

#include <vigil/rulebook.h>

#include "cli/command.h"
#include "cli/find_files.h"
#include "cli/nearest_name.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil explain VGL0201
  vigil explain --all      every code, with its message
)";

std::string_view word(Severity severity) {
  switch (severity) {
    case Severity::kError: return "error";
    case Severity::kWarning: return "warning";
    case Severity::kNote: return "note";
  }
  return "";
}

std::string in_capitals(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

class ExplainCommand : public Command {
 public:
  explicit ExplainCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    auto* code = app.add_option("code", code_, "The code of a diagnostic, such as VGL0201")->type_name("CODE");
    app.add_flag("--all", all_, "List every code with its message")->excludes(code);
  }

  int run(const Console& console) override {
    if (all_) {
      for (const auto code : all_codes()) write_message(console, *describe_code(code));
      return kClean;
    }
    if (code_.empty()) return wrong_use(console, "explain needs a code", "such as: vigil explain VGL0201");
    const auto description = describe_code(in_capitals(code_));
    if (!description) return report_unknown(console);
    const auto page = find_beside_program("docs/errors/" + std::string(description->code) + ".md");
    std::ifstream file(page.value_or(""), std::ios::binary);
    if (file && file.peek() != std::ifstream::traits_type::eof())
      console.out << file.rdbuf();
    else
      write_message(console, *description);
    return kClean;
  }

 private:
  static void write_message(const Console& console, const CodeDescription& description) {
    console.out << description.code << "  " << word(description.severity) << ": " << description.message << '\n';
  }

  int report_unknown(const Console& console) const {
    const auto codes = all_codes();
    auto hint = did_you_mean(in_capitals(code_), std::vector<std::string>(codes.begin(), codes.end()));
    if (hint.empty()) hint = "vigil explain --all lists all codes";
    const auto error = data_diagnostic("VGL1204", {}, {code_}).with_hint(std::move(hint));
    report(console, {&error, 1});
    return kWrongUse;
  }

  std::string code_;
  bool all_ = false;
};

}  // namespace

std::unique_ptr<Command> make_explain_command(CLI::App& program) {
  return std::make_unique<ExplainCommand>(*program.add_subcommand("explain", "Show what a diagnostic means"));
}

}  // namespace vigil::cli
