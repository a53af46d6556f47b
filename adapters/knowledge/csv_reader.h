// SPDX-License-Identifier: Apache-2.0
// CSV text to rows (RFC 4180: quoted fields may hold commas, line ends and doubled quotes).
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace vigil {

/// One row. Cells are views of the text or of the reader, good until the next row.
struct CsvRow {
  size_t line = 0;  ///< where it begins, from 1
  std::vector<std::string_view> cells;
  std::string_view problem;  ///< what is wrong with it; then there are no cells
};

/// Reads row by row; blank lines are passed over. After a broken row it goes on with the line after the one where that
/// row began. The text must outlive the reader.
class CsvReader {
 public:
  static constexpr size_t kColumnLimit = 1024;  ///< bounds what a wrong file can take
  /// Bytes of a quoted field: how far a missing quote is looked for.
  static constexpr size_t kQuotedLimit = size_t{1} << 20;

  explicit CsvReader(std::string_view text, char separator = ',');
  /// False at the end of the text.
  bool next(CsvRow& row);

 private:
  /// Reads one field and what ends it; false where `problem_` says what is wrong.
  bool read_field(CsvRow& row);
  bool read_quoted(CsvRow& row);
  bool at_row_end() const { return at_ >= text_.size() || text_[at_] == '\n'; }
  void skip_blank_lines();

  std::string_view text_;
  char separator_;
  bool all_valid_utf8_;
  size_t at_ = 0;
  size_t line_ = 1;
  std::string_view problem_;
  std::deque<std::string> unquoted_;  ///< fields with doubled quotes, of this row
};

}  // namespace vigil
