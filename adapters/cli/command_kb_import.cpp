// SPDX-License-Identifier: Apache-2.0
// `vigil kb import`: knowledge of others to tables of a Vigil knowledge base.
#include <CLI/CLI.hpp>
#include <ostream>

#include "cli/command_kb.h"
#include "knowledge/import_medrt.h"
#include "knowledge/import_rxnorm.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil kb import rxnorm-rrf RxNorm_full_11032026 --version 2026-11-03 --out rxnorm
  vigil kb import medrt Core_MEDRT_2026.07.06_XML.xml --out medrt
  vigil check rules --knowledge knowledge-base --knowledge rxnorm --knowledge medrt

Broken lines are told with their number, and the rest is loaded; then it exits with 1.
)";
constexpr size_t kFindingLimit = 1'000;  // a file of another format has a finding a line

class KbImportCommand : public Command {
 public:
  explicit KbImportCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.require_subcommand(1);
    auto* const rxnorm =
        app.add_subcommand("rxnorm-rrf", "Drugs, ingredients, strengths and NDC from a release of RxNorm");
    rxnorm->add_option("release", from_, "Folder with RXNCONSO.RRF and RXNREL.RRF, or the release's own")
        ->type_name("DIR")
        ->required();
    rxnorm->add_option("--version", version_, "Of the release, such as 2026-11-03")->type_name("TEXT");
    medrt_ = app.add_subcommand("medrt", "Classes and contraindications from MED-RT");
    medrt_->add_option("file", from_, "Core_MEDRT_*.xml")->type_name("FILE")->required();
    for (auto* const each : {rxnorm, medrt_})
      each->add_option("--out", out_, "Folder of the knowledge base to write")->type_name("DIR")->required();
  }

  int run(const Console& console) override {
    DiagnosticSink sink(kFindingLimit);
    const int code = medrt_->parsed() ? run_medrt(console, sink) : run_rxnorm(console, sink);
    report(console, sink);
    return code;
  }

 private:
  int run_rxnorm(const Console& console, DiagnosticSink& sink) const {
    const auto progress = [&](std::string_view what) { console.err << "reading " << what << "\n"; };
    const auto done = import_rxnorm(from_, out_, version_, progress, sink);
    if (!done.done) return kWrongUse;
    console.out << out_ << ": " << done.concepts << " drugs, " << done.ingredient_rows << " ingredient rows, "
                << done.strength_rows << " strengths, " << done.ndc_rows << " NDC rows\n";
    if (done.without_ingredient > 0) console.out << done.without_ingredient << " drugs lead to no ingredient\n";
    if (done.broken_lines > 0) console.out << done.broken_lines << " broken lines were left out\n";
    return done.broken_lines > 0 ? kFindings : kClean;
  }

  int run_medrt(const Console& console, DiagnosticSink& sink) const {
    const auto done = import_medrt(from_, out_, sink);
    if (!done.done) return kWrongUse;
    console.out << out_ << ": MED-RT " << done.version << ", " << done.classes << " classes with " << done.members
                << " members, " << done.contraindications << " contraindications\n";
    if (done.passed_over > 0) console.out << done.passed_over << " associations are of no use here\n";
    return sink.has_errors() ? kFindings : kClean;
  }

  std::string from_;
  std::string out_;
  std::string version_;
  CLI::App* medrt_ = nullptr;
};

}  // namespace

std::unique_ptr<Command> make_kb_import_command(CLI::App& kb) {
  return std::make_unique<KbImportCommand>(*kb.add_subcommand("import", "Make a knowledge base of others' data"));
}

}  // namespace vigil::cli
