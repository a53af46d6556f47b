// SPDX-License-Identifier: Apache-2.0
// Tables that are given beside a store: CSV with known columns.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>

#include "tables/table_reader.h"

namespace vigil::replay {

/// What a table must be like.
struct TableForm {
  std::string_view code;                      ///< of the diagnostic for a line, such as VGL1230
  std::span<const std::string_view> columns;  ///< in any order in the file
  size_t needed = 0;                          ///< of the columns, these first must be there
};

/// Goes over the lines of a CSV table, by the numbers of the form's columns. A line that cannot be used is reported,
/// and makes the table as a whole unusable; the others are still looked at.
///   GivenTable table(csv, "labels.csv", kForm, sink);
///   while (table.next()) if (table[3] != "true") table.refuse("the label is not true");
///   return table.is_whole() ? ... : none;
class GivenTable {
 public:
  /// `name` is for messages. The form's columns and the sink must outlive it.
  GivenTable(std::string_view csv, std::string name, const TableForm& form, DiagnosticSink& sink);

  /// Moves to the next line with as many cells as the header; false at the end, and where the header is not as needed.
  bool next();
  /// Empty where the line, or the whole table, has none; valid until next().
  std::string_view operator[](size_t column) const;
  /// Reports the line at hand.
  void refuse(std::string_view why);
  /// Whether all lines so far could be used.
  bool is_whole() const { return is_whole_; }

 private:
  std::string name_;
  const TableForm form_;
  DiagnosticSink& sink_;
  std::unique_ptr<tables::TableReader> reader_;
  std::vector<std::optional<size_t>> places_;  ///< of the form's columns
  bool is_whole_ = true;
};

}  // namespace vigil::replay
