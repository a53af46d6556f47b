// SPDX-License-Identifier: Apache-2.0
// The folder of a run: what is run, the parts that are done, and, at the end, the manifest.
//
//   run.json           what is run: id, patients, size of a part, settings, rules
//   parts/000012.part  the rows of one range of patients; there when it is whole
//   manifest.json      there when the result is whole
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vigil/diagnostic.h>

#include "replay/tables.h"

namespace vigil::replay {

/// What is run, the same for all shards.
struct RunPlan {
  std::string run_id;
  ResultKind kind = ResultKind::kReplay;
  size_t patients = 0;
  size_t patients_a_part = 1;
  std::vector<std::pair<std::string, std::string>> settings;  ///< for the table `run`
  std::string rule_rows;                                      ///< rows of the table `rules`, as a RowBuffer writes them

  size_t part_count() const { return (patients + patients_a_part - 1) / patients_a_part; }
  /// How many patients a part has: the same for any number of threads and shards, so that their parts are the same.
  static size_t part_size(size_t patients);
};

class RunFolder {
 public:
  explicit RunFolder(std::string path) : path_(std::move(path)) {}
  const std::string& path() const { return path_; }

  /// Makes the folder ready for the plan: new, or left by the same run. VGL1224 where it holds another run, VGL1226
  /// where it cannot be written.
  bool begin(const RunPlan& plan, DiagnosticSink& sink) const;
  /// The plan in it; none, with VGL1224, where there is none.
  std::optional<RunPlan> plan(DiagnosticSink& sink) const;

  /// The rows of a part; none where it is not done.
  std::optional<std::string> read_part(size_t number) const;
  bool has_part(size_t number) const;
  /// Writes a part whole or not at all.
  bool write_part(size_t number, const std::string& rows, DiagnosticSink& sink) const;
  void remove_parts() const;

  /// Whether a result is there, whole.
  bool has_result() const;
  /// The same, with its tables in this format.
  bool is_finished(std::string_view format) const;
  /// Writes a file of the folder whole or not at all.
  bool write_file(const std::string& name, const std::string& text, DiagnosticSink& sink) const;

 private:
  std::string part_path(size_t number) const;
  std::string path_;
};

}  // namespace vigil::replay
