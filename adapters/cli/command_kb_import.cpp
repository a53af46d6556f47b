// SPDX-License-Identifier: Apache-2.0
// `vigil kb import`: knowledge of others to tables of a Vigil knowledge base.
#include <CLI/CLI.hpp>
#include <ostream>

#include "cli/command_kb.h"
#include "knowledge/import_csv.h"
#include "knowledge/import_fhir.h"
#include "knowledge/import_medrt.h"
#include "knowledge/import_ndc.h"
#include "knowledge/import_rxnorm.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  vigil kb import rxnorm-rrf RxNorm_full_11032026 --version 2026-11-03 --out rxnorm
  vigil kb import medrt Core_MEDRT_2026.07.06_XML.xml --out medrt
  vigil kb import ndc ndctext --links RxNorm_full_11032026/rrf/RXNSAT.RRF --out ndc
  vigil kb import vsac value-sets.xml --out vsac
  vigil kb import fhir package/ --out terminology
  vigil kb import csv house.toml --out house        docs/recipes/import-knowledge.md shows a mapping
  vigil check rules --knowledge knowledge-base --knowledge rxnorm --knowledge medrt

Broken lines are told with their number, and the rest is loaded; then it exits with 1.
)";
constexpr size_t kFindingLimit = 1'000;  // a file of another format has a finding a line

class KbImportCommand : public Command {
 public:
  explicit KbImportCommand(CLI::App& app) : Command(app), app_(app) {
    app.footer(kFooter);
    app.require_subcommand(1);
    add("rxnorm-rrf", "Drugs, ingredients, strengths and NDC from a release of RxNorm", "release",
        "Folder with RXNCONSO.RRF and RXNREL.RRF, or the release's own", &KbImportCommand::run_rxnorm)
        .add_option("--version", version_, "Of the release, such as 2026-11-03")
        ->type_name("TEXT");
    add("medrt", "Classes and contraindications from MED-RT", "file", "Core_MEDRT_*.xml", &KbImportCommand::run_medrt);
    auto& ndc = add("ndc", "Packages of the FDA's NDC directory, and what RxNorm codes they mean", "directory",
                    "Folder with product.txt and package.txt", &KbImportCommand::run_ndc);
    ndc.add_option("--links", links_, "From NDC to RxCUI: RXNSAT.RRF, or CSV with the columns ndc and rxcui")
        ->type_name("FILE");
    ndc.add_option("--version", version_, "Of the directory, such as 2026-11-20")->type_name("TEXT");
    add("fhir", "CodeSystem, ValueSet and ConceptMap resources, alone or in Bundles", "paths", "JSON files and folders",
        &KbImportCommand::run_fhir);
    add("vsac", "Value sets of the Value Set Authority Center", "paths", "XML of SVS or FHIR JSON, files and folders",
        &KbImportCommand::run_vsac);
    add("csv", "CSV files of any columns, by a mapping", "mapping", "TOML file; the CSV files are beside it",
        &KbImportCommand::run_csv);
  }

  int run(const Console& console) override {
    DiagnosticSink sink(kFindingLimit);
    int code = kWrongUse;
    for (const auto& [import, run_import] : imports_)
      if (import->parsed()) code = (this->*run_import)(console, sink);
    report(console, sink);
    return code;
  }

 private:
  using RunImport = int (KbImportCommand::*)(const Console&, DiagnosticSink&) const;

  CLI::App& add(const char* name, const char* what, const char* from, const char* described, RunImport run_import) {
    auto* const import = app_.add_subcommand(name, what);
    import->add_option(from, from_, described)->type_name("PATH")->required();
    import->add_option("--out", out_, "Folder of the knowledge base to write")->type_name("DIR")->required();
    imports_.emplace_back(import, run_import);
    return *import;
  }

  static auto progress_to(const Console& console) {
    return [&console](std::string_view what) { console.err << "reading " << what << "\n"; };
  }
  static int ended(const Console& console, size_t broken, const char* what) {
    if (broken > 0) console.out << counted(broken, what) << " left out\n";
    return broken > 0 ? kFindings : kClean;
  }
  std::vector<std::filesystem::path> paths() const { return {from_.begin(), from_.end()}; }

  int run_rxnorm(const Console& console, DiagnosticSink& sink) const {
    const auto done = import_rxnorm(from_.front(), out_, version_, progress_to(console), sink);
    if (!done.done) return kWrongUse;
    console.out << out_ << ": " << counted(done.concepts, "drug") << ", "
                << counted(done.ingredient_rows, "ingredient row") << ", " << counted(done.strength_rows, "strength")
                << ", " << counted(done.ndc_rows, "NDC row") << '\n';
    if (done.without_ingredient > 0) console.out << counted(done.without_ingredient, "drug") << " without ingredient\n";
    return ended(console, done.broken_lines, "broken line");
  }

  int run_medrt(const Console& console, DiagnosticSink& sink) const {
    const auto done = import_medrt(from_.front(), out_, sink);
    if (!done.done) return kWrongUse;
    console.out << out_ << ": MED-RT " << done.version << ", " << counted(done.classes, "class", "classes") << " with "
                << counted(done.members, "member") << ", " << counted(done.contraindications, "contraindication")
                << '\n';
    if (done.passed_over > 0) console.out << counted(done.passed_over, "association") << " of no use here\n";
    return sink.has_errors() ? kFindings : kClean;
  }

  int run_ndc(const Console& console, DiagnosticSink& sink) const {
    const auto done = import_ndc({from_.front(), links_, version_}, out_, progress_to(console), sink);
    if (!done.done) return kWrongUse;
    console.out << out_ << ": " << counted(done.packages, "package") << " of " << counted(done.products, "product")
                << ", " << counted(done.crosswalk_rows, "crosswalk row") << '\n';
    if (links_.empty())
      console.out << "no --links were given: the directory itself leads to no RxNorm code\n";
    else if (done.linked < done.packages)
      console.out << counted(done.packages - done.linked, "package") << " without RxNorm code\n";
    return ended(console, done.broken_lines, "broken line");
  }

  int tell(const Console& console, const TerminologyImport& done, const DiagnosticSink& sink) const {
    if (!done.done) return kWrongUse;
    console.out << out_ << ": " << counted(done.value_sets, "value set") << ", "
                << counted(done.code_systems, "code system") << ", " << counted(done.concept_maps, "concept map")
                << " with " << counted(done.crosswalk_rows, "code") << " of the same meaning and "
                << counted(done.other_rows, "other") << '\n';
    if (done.left_out > 0) console.out << counted(done.left_out, "value set") << " left out: could not be expanded\n";
    const int code = ended(console, done.broken, "broken part");
    return sink.has_errors() || done.left_out > 0 ? kFindings : code;
  }

  int run_fhir(const Console& console, DiagnosticSink& sink) const {
    return tell(console, import_fhir(paths(), out_, progress_to(console), sink), sink);
  }
  int run_vsac(const Console& console, DiagnosticSink& sink) const {
    return tell(console, import_vsac(paths(), out_, progress_to(console), sink), sink);
  }

  int run_csv(const Console& console, DiagnosticSink& sink) const {
    const auto done = import_csv(from_.front(), out_, progress_to(console), sink);
    if (!done.done) return kWrongUse;
    console.out << out_ << ": " << counted(done.rows, "row") << " in " << counted(done.tables, "table") << '\n';
    return ended(console, done.broken_rows, "broken row");
  }

  CLI::App& app_;
  std::vector<std::pair<CLI::App*, RunImport>> imports_;
  std::vector<std::string> from_;
  std::string out_;
  std::string version_;
  std::string links_;
};

}  // namespace

std::unique_ptr<Command> make_kb_import_command(CLI::App& kb) {
  return std::make_unique<KbImportCommand>(*kb.add_subcommand("import", "Make a knowledge base of others' data"));
}

}  // namespace vigil::cli
