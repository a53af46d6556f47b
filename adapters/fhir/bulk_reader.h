// SPDX-License-Identifier: Apache-2.0
// A folder of NDJSON files, as a bulk data export writes it: many patients, one resource type a file.
//
//   fhir::BulkReader bulk(plan);
//   bulk.open("export", diagnostics);
//   for (size_t i = 0; i < bulk.patients().size(); ++i) {
//     timeline.clear();
//     bulk.read(i, timeline, diagnostics);
//   }
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/snapshot.h>

#include "fhir/fhir_reader.h"

namespace vigil::fhir {

/// Finds whose each line is, then reads patient by patient. A line is the patient's whom its resource refers to
/// (subject, patient, beneficiary ...). What is about no patient (a Medication, a Practitioner; an Observation of a
/// Device) is given to those patients whose data refers to it, and so on from there. Not thread-safe.
///
/// Beside what FhirReader says, and for all patients of the folder:
///   * A broken line (VGL1001) damages the type of its file if all its other lines are of one type, else everything; a
///     line that is no resource (VGL1002) likewise.
///   * A resource that does not say whose it is (VGL1003) damages its type.
///   * A file without a single resource, such as an export's log, is passed over with a note (VGL1002).
class BulkReader {
 public:
  /// The plan must outlive the reader and be that of the timelines it fills. The size limit is of one file.
  explicit BulkReader(const ReadPlan& plan, FhirReadOptions options = {});
  ~BulkReader();
  BulkReader(BulkReader&&) noexcept;

  /// Takes in all *.ndjson of a folder, in the order of their names; keeps the texts that are needed. False where the
  /// folder cannot be read (VGL1010); what is wrong inside it is reported and degrades all patients.
  bool open(const std::string& folder, DiagnosticSink& sink);
  /// The ids of the patients there are, with a Patient of their own or not, sorted.
  const std::vector<std::string>& patients() const;
  /// Adds what is known of patients()[index] to the timeline.
  void read(size_t index, Timeline& timeline, DiagnosticSink& sink);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// One patient of a data set.
struct PatientRecord {
  std::string patient_id;
  Timeline timeline;
};

/// All patients of a folder at once, sorted by id; for data sets that fit into memory.
std::vector<PatientRecord> read_bulk(const std::string& folder, const ReadPlan& plan, const KnowledgeBase& knowledge,
                                     const FhirReadOptions& options, DiagnosticSink& sink);

}  // namespace vigil::fhir
