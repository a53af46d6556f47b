// SPDX-License-Identifier: Apache-2.0
// One patient after another, from bytes to a snapshot, with the orders of the command line.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <vigil/evaluate.h>
#include <vigil/rulebook.h>
#include <vigil/snapshot.h>

#include "cli/console.h"
#include "cli/options.h"
#include "cli/patient_files.h"
#include "fhir/fhir_reader.h"

namespace vigil::cli {

/// A file given with --order.
struct OrderFile {
  std::string name;
  std::string bytes;
};

/// Reads patients for a rulebook, reusing its memory. Not thread-safe; the rulebook must outlive it.
class PatientLoader {
 public:
  PatientLoader(const Rulebook& rulebook, const Temporal& now);

  /// Reads --order files; each patient gets them as drafts. Errors go to `sink`.
  void read_orders(const std::vector<std::string>& paths, DiagnosticSink& sink);

  /// Reads one patient. False where nothing of it could be read at all; then there is no snapshot. Everything that is
  /// wrong with the data goes to `sink`.
  bool load(const PatientSource& source, const std::vector<SetDamage>& damages, DiagnosticSink& sink);

  /// No facts at all, for definitions that need none.
  void load_nothing();

  const Snapshot& snapshot() const { return snapshot_; }
  /// The orders under review: those of --order where there are drafts besides, else empty, meaning all drafts.
  const std::vector<ResourceReference>& orders() const { return orders_; }
  /// Whether there is any order under review.
  bool has_orders() const;
  /// The patient's active orders on record.
  std::vector<ResourceReference> active_orders() const;

 private:
  void add_orders(const std::string& place, std::string_view patient_id, DiagnosticSink& sink);
  ResourceReference reference_to(const Fact& fact) const;

  const Rulebook& rulebook_;
  Instant at_;
  Timeline timeline_;
  fhir::FhirReader reader_;
  fhir::FhirReader order_reader_;
  Snapshot snapshot_;
  std::vector<OrderFile> order_files_;
  std::vector<ResourceReference> orders_;
};

/// Calls `visit(source, loader)` for each patient of the paths in order, with progress, reporting data diagnostics as
/// they come. `visit` is not called for what cannot be read. Returns kClean, or kFailure where there were errors in the
/// data, or kWrongUse where a path was wrong and no patient found.
template <class Visit>
int for_each_patient(const Console& console, const Rulebook& rulebook, const std::vector<std::string>& paths,
                     PatientLoader& loader, Visit visit) {
  DiagnosticSink path_sink;
  const auto files = PatientFiles::find(paths, rulebook.read_plan(), path_sink);
  report(console, path_sink);
  if (files.sources().empty()) {
    if (!path_sink.has_errors()) return wrong_use(console, "there is no patient in the data given");
    return kWrongUse;
  }
  bool failed = path_sink.has_errors();
  Progress progress(console, files.sources().size(), "patients");
  for (const auto& source : files.sources()) {
    progress.step();
    DiagnosticSink sink;
    const bool readable = loader.load(source, files.damages(), sink);
    if (!sink.all().empty()) progress.clear();
    report(console, sink);
    failed = failed || sink.has_errors();
    if (readable) visit(source, progress);
  }
  return failed ? kFailure : kClean;
}

}  // namespace vigil::cli
