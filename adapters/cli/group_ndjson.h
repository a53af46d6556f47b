// SPDX-License-Identifier: Apache-2.0
// The lines of a set of NDJSON files (a bulk export), patient by patient.
#pragma once

#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/patient_files.h"

namespace vigil::cli {

struct NdjsonGroups {
  std::vector<PatientSource> patients;  ///< by id
  std::vector<SetDamage> damages;
};

/// Reads the files into `texts` and gives each line to the patient it is about; a resource about no patient (a
/// Medication, a Practitioner) to all of them. Lines that `plan` does not require are left out. A line that is no
/// resource, or does not say whose it is, damages the set. A file that does not begin with a resource (a log) is passed
/// over with a note.
NdjsonGroups group_ndjson(const std::vector<std::filesystem::path>& files, const ReadPlan& plan,
                          std::deque<std::string>& texts, DiagnosticSink& sink);

}  // namespace vigil::cli
