// SPDX-License-Identifier: Apache-2.0
// Which patients there are in the paths of the command line, before any of them is read for good.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/snapshot.h>

namespace vigil::cli {

/// One patient's data: a file, or the lines about it in a set of NDJSON files.
struct PatientSource {
  std::string name;                     ///< as results name it: the file, or "Patient/1"
  std::string path;                     ///< empty for lines
  std::string id;                       ///< of the patient, for lines
  std::vector<std::string_view> lines;  ///< views into PatientFiles
};

/// The lines as NDJSON.
std::string join_lines(const std::vector<std::string_view>& lines);

/// Something in a data set that could not be read or belongs to a patient unknown: no patient of the set is complete.
struct SetDamage {
  std::string resource_type;  ///< empty: of any type
  Completeness completeness = Completeness::kDamaged;
};

/// The patients, sorted by name. Owns the texts of data sets, of which only the lines that `plan` requires are kept.
class PatientFiles {
 public:
  /// A folder gives a patient for each .json in it (folders inside are not looked into), and those of all its .ndjson
  /// together; a file is one patient. What is wrong with a path goes to `sink`: VGL1202, VGL1201, or of a line VGL1001
  /// ...
  static PatientFiles find(const std::vector<std::string>& paths, const ReadPlan& plan, DiagnosticSink& sink);

  const std::vector<PatientSource>& sources() const { return sources_; }
  /// Of the set a source with lines comes from.
  const std::vector<SetDamage>& damages() const { return damages_; }

 private:
  std::vector<PatientSource> sources_;
  std::vector<SetDamage> damages_;
  std::deque<std::string> texts_;
};

}  // namespace vigil::cli
