// SPDX-License-Identifier: Apache-2.0
// Rich Release Format, as UMLS and RxNorm use it: a row a line, each column ended by `|`, nothing quoted.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>

#include "knowledge/text_file.h"

namespace vigil {

/// Reads row by row. A row with another number of columns is told (VGL1103) and left out; the rest is read.
class RrfReader {
 public:
  /// The file must outlive the reader.
  RrfReader(const TextFile& file, size_t columns, DiagnosticSink& sink) : file_(file), columns_(columns), sink_(sink) {}

  /// False at the end. `row` is good until the next call; its cells as long as the file.
  bool next();
  std::string_view operator[](size_t column) const { return cells_[column]; }
  /// Of the row, from 1.
  size_t line() const { return line_; }
  size_t broken() const { return broken_; }

 private:
  bool split(std::string_view line);

  const TextFile& file_;
  size_t columns_;
  DiagnosticSink& sink_;
  size_t at_ = 0;
  size_t line_ = 0;
  size_t broken_ = 0;
  std::vector<std::string_view> cells_;
};

}  // namespace vigil
