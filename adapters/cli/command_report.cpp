// SPDX-License-Identifier: Apache-2.0
// `vigil report`: the result of a replay or a comparison as one HTML file.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>
#include <ostream>

#include "cli/command.h"
#include "replay/compare_report.h"
#include "replay/run_folder.h"
#include "replay/summaries.h"
#include "replay/write_fhir.h"
#include "replay/write_report.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter =
    R"(One file, report.html in the folder of the result: it needs nothing else, and shows in any browser and on paper. Of a
replay also summary.md and summary.csv, a line a rule; of a comparison each difference opens with both explanations.

Examples:
  vigil report result
  vigil report difference                               of `vigil compare`
  vigil report result --fhir                            also MeasureReport, DetectedIssue, GuidanceResponse
  vigil report result --min-cell 5 --shift-dates        to pass on: no small counts, no cases, no true dates
)";

class ReportCommand : public Command {
 public:
  explicit ReportCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.add_option("result", result_, "Folder of a replay or a comparison with its tables as SQLite")
        ->type_name("DIR")
        ->required();
    app.add_option("--title", title_, "Its heading")->type_name("TEXT");
    app.add_option("--min-cell", options_.min_cell, "Show no count from 1 to one less, and then no cases")
        ->type_name("N")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    app.add_flag("--shift-dates", options_.shift_dates, "Move each patient's dates by a number of days of its own");
    app.add_flag("--fhir", writes_fhir_,
                 "Write the result of a replay as FHIR R4 resources too, whole, in its folder fhir");
    app.add_option(
           "--cases", cases_,
           "How many cases to show (default: 20 of a replay; every difference of a comparison, else so many a rule)")
        ->type_name("N")
        ->check(CLI::Range(0, 1000));
  }

  int run(const Console& console) override {
    DiagnosticSink sink;
    std::error_code error;
    const bool is_comparison = std::filesystem::exists(result_ + "/compare.sqlite", error);
    if (writes_fhir_ && (options_.min_cell > 1 || options_.shift_dates))
      return wrong_use(console, "--fhir writes every case and its true date, whatever --min-cell and --shift-dates say",
                       "report without --fhir what is to be passed on");
    if (writes_fhir_ && is_comparison) return wrong_use(console, "--fhir is of a replay, and this is a comparison");
    options_.title = !title_.empty() ? title_ : is_comparison ? "What a change would change" : "What would have fired";
    if (is_comparison)
      write_comparison(sink);
    else
      write_replay(sink);
    report(console, sink);
    if (sink.has_errors()) return kFailure;
    console.out << "report: " << result_ << "/report.html\n";
    return kClean;
  }

 private:
  void write_replay(DiagnosticSink& sink) const {
    constexpr size_t kCases = 20;
    const auto data = replay::read_report_data(result_, cases_.value_or(kCases), sink);
    if (!data) return;
    const replay::RunFolder folder(result_);
    folder.write_file("report.html", replay::write_report(*data, options_), sink);
    folder.write_file("summary.md", replay::summary_as_markdown(*data, options_), sink);
    folder.write_file("summary.csv", replay::summary_as_csv(*data, options_), sink);
    if (writes_fhir_) replay::write_fhir(result_, sink);
  }

  void write_comparison(DiagnosticSink& sink) const {
    if (const auto page = replay::write_compare_report(result_, options_, cases_, sink))
      replay::RunFolder(result_).write_file("report.html", *page, sink);
  }

  std::string result_;
  std::string title_;
  replay::ReportOptions options_;
  std::optional<size_t> cases_;
  bool writes_fhir_ = false;
};

}  // namespace

std::unique_ptr<Command> make_report_command(CLI::App& program) {
  return std::make_unique<ReportCommand>(
      *program.add_subcommand("report", "Make an HTML report of a replay or a comparison"));
}

}  // namespace vigil::cli
