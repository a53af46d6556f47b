// SPDX-License-Identifier: Apache-2.0
// `vigil import`: patients' data of a source into a store of timelines.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iomanip>
#include <ostream>

#include "cli/command.h"
#include "cli/options.h"
#include "store/import.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter =
    R"(Reads FHIR R4: bulk NDJSON (a resource a line, files in any order) and Bundles, also of type history, each plain or
gzipped, from a folder with all its folders. The store keeps every resource whole, sorted by patient.

Examples:
  vigil import export --store hospital.store
  vigil import bundles --store trial.store --memory 2000
)";

void write_totals(const Console& console, const store::Manifest& manifest) {
  size_t width = 8;
  for (const auto& [type, totals] : manifest.totals) width = std::max(width, type.size());
  const auto row = [&](std::string_view type, auto... numbers) {
    console.out << std::left << std::setw(static_cast<int>(width)) << type << std::right;
    ((console.out << std::setw(14) << numbers), ...);
    console.out << '\n';
  };
  row("type", "read", "kept", "repeated", "rejected", "out of scope");
  store::TypeTotals all;
  for (const auto& [type, totals] : manifest.totals) {
    row(type.empty() ? "(none)" : type, totals.read, totals.kept, totals.repeated, totals.rejected,
        totals.out_of_scope);
    all += totals;
  }
  row("all", all.read, all.kept, all.repeated, all.rejected, all.out_of_scope);
  console.out << '\n'
              << manifest.patients << " patients, " << manifest.versions << " versions, " << manifest.shared_resources
              << " shared resources, digest " << manifest.digest << '\n';
}

class ImportCommand : public Command {
 public:
  explicit ImportCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.add_option("source", options_.source, "What to import: a file or a folder")->type_name("FILE|DIR")->required();
    app.add_option("--store", options_.folder, "The store to make, a folder that does not hold one yet")
        ->type_name("DIR")
        ->required();
    app.add_option("--memory", memory_, "Megabytes of records to hold in memory before they are sorted to disk")
        ->type_name("MB")
        ->check(CLI::Range(1, 1 << 20))
        ->capture_default_str();
  }

  int run(const Console& console) override {
    options_.memory_bytes = size_t{memory_} << 20;
    DiagnosticSink sink;
    const auto manifest = store::import_fhir(options_, {}, sink);
    report(console, sink);
    if (!manifest) return kWrongUse;
    write_totals(console, *manifest);
    return sink.has_errors() ? kFailure : kClean;
  }

 private:
  store::ImportOptions options_;
  unsigned memory_ = 512;
};

}  // namespace

std::unique_ptr<Command> make_import_command(CLI::App& program) {
  return std::make_unique<ImportCommand>(
      *program.add_subcommand("import", "Make a store of patients' data, for replay"));
}

}  // namespace vigil::cli
