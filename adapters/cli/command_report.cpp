// SPDX-License-Identifier: Apache-2.0
// `vigil report`: the result of a replay as one HTML file.
#include <CLI/CLI.hpp>
#include <ostream>

#include "cli/command.h"
#include "replay/run_folder.h"
#include "replay/write_fhir.h"
#include "replay/write_report.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter =
    R"(One file, report.html in the folder of the result: it needs nothing else, and shows in any browser and on paper.

Examples:
  vigil report result
  vigil report result --fhir                            also MeasureReport, DetectedIssue, GuidanceResponse
  vigil report result --min-cell 5 --shift-dates        to pass on: no small counts, no cases, no true dates
)";

class ReportCommand : public Command {
 public:
  explicit ReportCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.add_option("result", result_, "Folder of a replay with its tables as SQLite")->type_name("DIR")->required();
    app.add_option("--title", options_.title, "Its heading")->type_name("TEXT");
    app.add_option("--min-cell", options_.min_cell, "Show no count from 1 to one less, and then no cases")
        ->type_name("N")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    app.add_flag("--shift-dates", options_.shift_dates, "Move each patient's dates by a number of days of its own");
    app.add_flag("--fhir", writes_fhir_, "Write the result as FHIR R4 resources too, in its folder fhir");
    app.add_option("--cases", cases_, "How many cases to show")
        ->type_name("N")
        ->check(CLI::Range(0, 1000))
        ->capture_default_str();
  }

  int run(const Console& console) override {
    DiagnosticSink sink;
    const auto data = replay::read_report_data(result_, cases_, sink);
    if (data) replay::RunFolder(result_).write_file("report.html", replay::write_report(*data, options_), sink);
    if (data && writes_fhir_) replay::write_fhir(result_, sink);
    report(console, sink);
    if (sink.has_errors()) return kFailure;
    console.out << "report: " << result_ << "/report.html\n";
    return kClean;
  }

 private:
  std::string result_;
  replay::ReportOptions options_;
  size_t cases_ = 20;
  bool writes_fhir_ = false;
};

}  // namespace

std::unique_ptr<Command> make_report_command(CLI::App& program) {
  return std::make_unique<ReportCommand>(*program.add_subcommand("report", "Make an HTML report of a replay"));
}

}  // namespace vigil::cli
