// SPDX-License-Identifier: Apache-2.0
// `vigil import`: patients' data of a source into a store of timelines.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iomanip>
#include <ostream>
#include <thread>

#include "cli/command.h"
#include "cli/options.h"
#include "store/import.h"

namespace vigil::cli {
namespace {

constexpr const char* kFooter =
    R"(Reads FHIR R4: bulk NDJSON (a resource a line, files in any order) and Bundles, also of type history, each plain or
gzipped, from a folder with all its folders. Reads OMOP CDM 5.4: a folder of CSV tables, an SQLite database or a PostgreSQL
database, of which all tables are read as they were at one instant. Reads other CSV files with a mapping.
Passwords belong in ~/.pgpass or PGPASSWORD: other users of the machine see the command line.
The store keeps every resource whole, by patient. What is not kept is counted by type and listed in rejects.ndjson in the
store. Killed and run again, an import goes on where it was.

Examples:
  vigil import export --store hospital.store
  vigil import bundles --store trial.store --memory 4000
  vigil import omop.sqlite --store omop.store
  vigil import postgresql://reader@warehouse/research --schema cdm,vocabulary --store omop.store
  vigil import tables --mapping labs.toml --store labs.store
)";

constexpr double kMega = 1e6;

/// A line "reading 1200/3400 MB, 350 MB/s, 6 s left" on the error stream.
class ImportProgressLine {
 public:
  explicit ImportProgressLine(const Console& console) : console_(console) {}
  ~ImportProgressLine() {
    if (is_shown_) console_.err << (console_.shows_progress ? "\r\x1b[K" : "") << std::flush;
  }
  ImportProgressLine(const ImportProgressLine&) = delete;
  ImportProgressLine& operator=(const ImportProgressLine&) = delete;

  void show(const store::ImportProgress& progress) {
    const auto now = Clock::now();
    if (!is_shown_ || progress.stage != stage_) begin_ = now;
    stage_ = progress.stage;
    is_shown_ = true;
    const double seconds = std::chrono::duration<double>(now - begin_).count();
    const double rate = seconds > 0 ? static_cast<double>(progress.done - progress.found) / seconds : 0;
    const double scale = progress.in_rows ? 1 : kMega;
    const std::string_view measure = progress.in_rows ? " rows" : " MB";
    const auto scaled = [&](uint64_t amount) { return static_cast<uint64_t>(static_cast<double>(amount) / scale); };
    // A terminal has one line that changes; a file would fill with them, so there it is a line every ten seconds.
    if (!console_.shows_progress && now - written_ < std::chrono::seconds(10)) return;
    written_ = now;
    if (console_.shows_progress) console_.err << '\r';
    console_.err << (stage_ == store::ImportProgress::Stage::kReading ? "reading " : "writing ")
                 << scaled(progress.done) << '/' << scaled(progress.total) << measure << ", "
                 << static_cast<uint64_t>(rate / scale) << measure << "/s";
    if (rate > 0) {
      const double left = static_cast<double>(progress.total - progress.done) / rate;
      console_.err << ", " << static_cast<uint64_t>(left + 1) << " s left";
    }
    console_.err << (console_.shows_progress ? "\x1b[K" : "\n") << std::flush;
  }

 private:
  using Clock = std::chrono::steady_clock;
  const Console& console_;
  bool is_shown_ = false;
  store::ImportProgress::Stage stage_ = store::ImportProgress::Stage::kReading;
  Clock::time_point begin_{};
  Clock::time_point written_{};
};

void write_totals(const Console& console, const store::Manifest& manifest) {
  size_t width = 8;
  for (const auto& [type, totals] : manifest.totals) width = std::max(width, type.size());
  const auto row = [&](std::string_view type, auto... columns) {
    console.out << std::left << std::setw(static_cast<int>(width)) << type << std::right;
    ((console.out << std::setw(14) << columns), ...);
    console.out << '\n';
  };
  row("type", "read", "kept", "repeated", "rejected", "out of scope");
  store::TypeTotals all;
  for (const auto& [type, totals] : manifest.totals) {
    row(type.empty() ? "(none)" : std::string_view(type), totals.read, totals.kept, totals.repeated, totals.rejected,
        totals.out_of_scope);
    all += totals;
  }
  row("all", all.read, all.kept, all.repeated, all.rejected, all.out_of_scope);
  if (all.uncoded > 0)
    console.out << '\n'
                << counted(all.uncoded, "row") << " without a code of a system that FHIR names, kept with the text\n";
  console.out << "\nknown since";
  for (size_t i = 0; i < manifest.known_sources.size(); ++i)
    if (manifest.known_sources[i] > 0)
      console.out << "  " << store::name(static_cast<store::KnownSource>(i)) << ' ' << manifest.known_sources[i];
  console.out << '\n'
              << counted(manifest.patients, "patient") << ", " << counted(manifest.versions, "version") << ", "
              << counted(manifest.shared_resources, "shared resource") << ", digest " << manifest.digest << '\n';
}

class ImportCommand : public Command {
 public:
  explicit ImportCommand(CLI::App& app) : Command(app) {
    app.footer(kFooter);
    app.add_option("source", source_, "What to import: a file, a folder or the address of a PostgreSQL database")
        ->type_name("FILE|DIR|postgresql://…")
        ->required();
    app.add_option("--store", options_.folder, "The store to make, a folder that does not hold one yet")
        ->type_name("DIR")
        ->required();
    app.add_option("--mapping", mapping_, "Read CSV files as this mapping tells (see docs/recipes/import-patients.md)")
        ->type_name("FILE");
    app.add_option("--schema", schemas_,
                   "Where the database's tables are, divided by commas (default: the user's search path)")
        ->type_name("NAME");
    app.add_option("--memory", megabytes_, "Megabytes of records in memory; what is more is sorted on disk")
        ->type_name("MB")
        ->check(CLI::Range(1, 1 << 20))
        ->capture_default_str();
    app.add_option("--threads", options_.threads, "Threads (default: the machine's)")
        ->type_name("N")
        ->check(CLI::Range(1, 256));
    app.add_flag("--restart", options_.restart, "Begin anew where an import was interrupted");
    app.add_flag("--progress", progress_, "Tell progress also where standard error is no terminal");
    options_.threads = std::max(1u, std::thread::hardware_concurrency());
  }

  int run(const Console& console) override {
    options_.memory_bytes = size_t{megabytes_} << 20;
    DiagnosticSink sink;
    const auto source = mapping_.empty() ? store::open_source(source_, sink, schemas_)
                                         : store::open_mapped_source(source_, mapping_, sink);
    const auto manifest = source ? import(console, *source, sink) : std::nullopt;
    report(console, sink);
    if (!manifest) return kWrongUse;
    write_totals(console, *manifest);
    return sink.has_errors() ? kFailure : kClean;
  }

 private:
  std::optional<store::Manifest> import(const Console& console, const store::ImportSource& source,
                                        DiagnosticSink& sink) const {
    if (!console.shows_progress && !progress_) return store::import(source, options_, {}, sink);
    ImportProgressLine line(console);
    return store::import(
        source, options_, [&line](const auto& progress) { line.show(progress); }, sink);
  }

  std::string source_;
  std::string mapping_;
  std::string schemas_;
  store::ImportOptions options_;
  unsigned megabytes_ = 1024;
  bool progress_ = false;
};

}  // namespace

std::unique_ptr<Command> make_import_command(CLI::App& program) {
  return std::make_unique<ImportCommand>(
      *program.add_subcommand("import", "Make a store of patients' data, for replay"));
}

}  // namespace vigil::cli
