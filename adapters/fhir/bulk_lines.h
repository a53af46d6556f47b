// SPDX-License-Identifier: Apache-2.0
// Whose each line of a set of NDJSON files is.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fhir/data_report.h"
#include "fhir/json_index.h"
#include "fhir/json_text.h"
#include "fhir/read_shapes.h"

namespace vigil::fhir {

/// A resource on its line.
struct BulkLine {
  std::string_view text;  ///< followed by white space or a zero
  uint32_t file = 0;      ///< in BulkLines::files()
  uint32_t number = 0;
};

/// Lines by patient, from file to file. Holds the texts of files some line of which is needed.
class BulkLines {
 public:
  explicit BulkLines(const ReadPlan& plan) : shapes_(plan) {}

  struct File {
    std::string name;
    std::string text;
  };
  /// Something that could not be told apart, and so concerns every patient.
  struct Damage {
    uint16_t fhir_type = 0;
    bool is_of_all = false;
  };

  void add_file(std::string name, std::string text, DiagnosticSink& sink);
  void damage_all() { damages_.push_back({0, true}); }

  const std::deque<File>& files() const { return files_; }
  const std::map<std::string, std::vector<BulkLine>, std::less<>>& by_patient() const { return by_patient_; }
  const std::vector<Damage>& damages() const { return damages_; }
  /// The line of a resource about no patient, by "Type/id"; null where there is none.
  const BulkLine* find_shared(std::string_view reference) const;

 private:
  /// What is learned of a file's lines; damage is decided on when the file is known.
  struct FileFacts {
    const ResourceShape* only_shape = nullptr;
    bool has_several_types = false;
    bool has_unreadable = false;
    uint32_t resources = 0;
    uint32_t others = 0;  ///< values that are no resource
    uint32_t first_other = 0;
    bool is_needed = false;
  };

  void add_line(const BulkLine& line, FileFacts& facts);
  bool give(const BulkLine& line, const JsonText& json, const ResourceShape& shape);
  std::string text_of(const JsonText& json, uint32_t object, std::string_view member);
  void damage(const ResourceShape* shape);
  void finish_file(const FileFacts& facts);

  ReadShapes shapes_;
  JsonIndex index_;
  DataReport report_;
  std::deque<File> files_;
  std::map<std::string, std::vector<BulkLine>, std::less<>> by_patient_;
  std::unordered_map<std::string, BulkLine> shared_;
  std::vector<Damage> damages_;
};

}  // namespace vigil::fhir
