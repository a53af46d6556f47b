// SPDX-License-Identifier: Apache-2.0
// `vigil fmt`: lays rule texts out in one style.
#include <vigil/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <ostream>
#include <sstream>
#include <system_error>

#include "cli/command.h"
#include "cli/find_files.h"
#include "cli/white_space_diff.h"

namespace vigil::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFooter = R"(Examples:
  vigil fmt rules                     format all .vigil and .cql files below a folder, in place
  vigil fmt --check rules             list the files that are not formatted, for a pipeline or a commit hook
  vigil fmt --diff warfarin.vigil     show what would change
  vigil fmt - < warfarin.vigil        format standard input to standard output, for an editor

Only white space changes: the rules mean the same. A file with errors of syntax is left as it is.
Exits with 0, with 1 where --check finds files that would change, with 2 where there are errors.
)";

constexpr std::string_view kStandardInput = "-";

/// Replaces a file in one step, so that no reader and no crash sees half of it. What went wrong, or empty.
std::string replace_file(const fs::path& path, const std::string& text) {
  std::error_code error;
  const auto target = fs::canonical(path, error);  // the file behind a link
  if (error) return error.message();
  auto written = target;
  written += ".vigil-fmt";
  {
    std::ofstream file(written, std::ios::binary);
    if (!file.write(text.data(), static_cast<std::streamsize>(text.size())).flush()) {
      fs::remove(written, error);
      return "it cannot be written";
    }
  }
  fs::permissions(written, fs::status(target, error).permissions(), error);
  fs::rename(written, target, error);
  if (!error) return {};
  auto message = error.message();
  fs::remove(written, error);
  return message;
}

class FmtCommand : public Command {
 public:
  explicit FmtCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.add_option("path", paths_, "Rule files, and folders of *.vigil and *.cql; `-` is standard input")
        ->required()
        ->type_name("PATH");
    app.add_flag("--check", check_, "Change nothing; list the files that would change, and exit with 1 if there are");
    app.add_flag("--diff", diff_, "Change nothing; print what would change as a unified diff");
  }

  int run(const Console& console) override {
    DiagnosticSink sink;
    std::vector<RuleText> texts;
    if (std::erase(paths_, kStandardInput) > 0) {
      std::ostringstream text;
      text << std::cin.rdbuf();
      texts.push_back({std::string(kStandardInput), std::move(text).str()});
    }
    for (const auto& path : find_files(paths_, {".vigil", ".cql"}, sink))
      if (auto text = read_rule_text(path, sink)) texts.push_back(std::move(*text));
    report(console, sink);
    Counts counts;
    counts.wrong = sink.errors();
    for (const auto& text : texts) format_one(console, text, counts);
    summarise(console, counts);
    if (counts.unwritten > 0) return kFailure;
    if (counts.wrong > 0) return kWrongUse;
    return check_ && counts.changed > 0 ? kFindings : kClean;
  }

 private:
  struct Counts {
    size_t changed = 0;
    size_t formatted = 0;  ///< were so before
    size_t wrong = 0;
    size_t unwritten = 0;
    bool printed_text = false;
  };

  void format_one(const Console& console, const RuleText& rules, Counts& counts) const {
    const auto result = format(rules.text, rules.name == kStandardInput ? "<stdin>" : rules.name);
    if (!result.formatted()) {
      report(console, result.diagnostics, result.sources);
      ++counts.wrong;
      return;
    }
    const bool changes = result.text != rules.text;
    ++(changes ? counts.changed : counts.formatted);
    if (check_ || diff_) {
      if (changes && diff_) console.out << white_space_diff(rules.name, rules.text, result.text);
      if (changes && !diff_) console.out << rules.name << '\n';
    } else if (rules.name == kStandardInput) {
      console.out << result.text;
      counts.printed_text = true;
    } else if (changes) {
      write(console, rules.name, result.text, counts);
    }
  }

  static void write(const Console& console, const std::string& name, const std::string& text, Counts& counts) {
    const auto problem = replace_file(name, text);
    if (problem.empty()) return;
    --counts.changed;
    ++counts.unwritten;
    const auto error = plain_error("`" + name + "` could not be replaced: " + problem);
    report(console, {&error, 1});
  }

  /// Beside the text or a diff the summary would disturb, so there it goes to `err`.
  void summarise(const Console& console, const Counts& counts) const {
    if (counts.printed_text && paths_.empty()) return;
    auto& out = diff_ || counts.printed_text ? console.err : console.out;
    out << counted(counts.changed, "file") << ' ' << (check_ || diff_ ? "would change" : "changed") << ", "
        << counts.formatted << " unchanged";
    if (counts.wrong > 0) out << ", " << counts.wrong << " with errors";
    out << '\n';
  }

  std::vector<std::string> paths_;
  bool check_ = false;
  bool diff_ = false;
};

}  // namespace

std::unique_ptr<Command> make_fmt_command(CLI::App& program) {
  return std::make_unique<FmtCommand>(*program.add_subcommand("fmt", "Lay rules out in one style"));
}

}  // namespace vigil::cli
