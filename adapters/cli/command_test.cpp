// SPDX-License-Identifier: Apache-2.0
// `vigil test`: runs the tests that stand beside the rules.
#include <CLI/CLI.hpp>
#include <ostream>

#include "cli/command.h"
#include "cli/load_rules.h"
#include "cli/write_json.h"
#include "cli/write_text.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil test rules                          all tests below a folder
  vigil test warfarin.vigil --only topical  those with `topical` in their name
  vigil test rules --verbose                name those that pass, too

A failed test shows what was expected, what came out, and why. Exits with 1 where a test failed. Rules without tests are
a warning and 0; an --only that no test's name contains is a mistake of the command, and 2.
)";

class TestCommand : public Command {
 public:
  explicit TestCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.add_option("path", paths_, "Rule files, and folders of *.vigil and *.cql")->required()->type_name("PATH");
    add_include_option(app, includes_);
    app.add_option("--only", only_, "Only tests whose name contains this")->type_name("SUBSTRING");
    app.add_flag("--verbose,-v", verbose_, "Name the tests that pass, too");
    add_knowledge_options(app, knowledge_);
    add_format_option(app, format_, {"text", "json"});
  }

  int run(const Console& console) override {
    const auto compilation = load_rulebook(console, paths_, includes_, knowledge_);
    if (!compilation) return kWrongUse;
    const auto results = run_tests(*compilation->rulebook, only_);
    if (results.empty() && !only_.empty())
      return wrong_use(console, "no test's name contains `" + only_ + "`", "leave out --only to run all tests");
    if (results.empty()) {
      const auto warning = data_diagnostic("VGL0806", paths_.front(), {})
                               .with_hint("write one beside the rule: test \"...\" given ... when ... expect ...");
      report(console, {&warning, 1});
    }
    const auto failed = static_cast<size_t>(std::ranges::count(results, false, &TestResult::passed));
    if (format_ == "json")
      write_json(console, results, *compilation->sources, failed);
    else
      write_text(console, results, *compilation->sources, failed);
    return failed > 0 ? kFindings : kClean;
  }

 private:
  void write_text(const Console& console, const std::vector<TestResult>& results, const SourceSet& sources,
                  size_t failed) const {
    for (const auto& test : results) {
      if (!test.passed) {
        write_failed_test(console.out, test, sources, {console.colour_out, true});
        console.out << '\n';
      } else if (verbose_) {
        console.out << paint("passed", Paint::kGreen, console.colour_out) << ' ' << test.library << " · " << test.name
                    << '\n';
      }
    }
    const auto line = std::to_string(results.size() - failed) + " passed, " + std::to_string(failed) + " failed";
    console.out << paint(line, failed > 0 ? Paint::kRed : Paint::kGreen, console.colour_out) << '\n';
  }

  static void write_json(const Console& console, const std::vector<TestResult>& results, const SourceSet& sources,
                         size_t failed) {
    Json json{{"passed", results.size() - failed}, {"failed", failed}, {"tests", Json::array()}};
    for (const auto& test : results) json["tests"].push_back(test_to_json(test, sources));
    console.out << to_text(json, /*indented=*/true) << '\n';
  }

  std::vector<std::string> paths_;
  std::vector<std::string> includes_;
  std::string only_;
  bool verbose_ = false;
  KnowledgeOptions knowledge_;
  std::string format_;
};

}  // namespace

std::unique_ptr<Command> make_test_command(CLI::App& program) {
  return std::make_unique<TestCommand>(*program.add_subcommand("test", "Run the tests beside the rules"));
}

}  // namespace vigil::cli
