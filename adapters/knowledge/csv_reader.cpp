// SPDX-License-Identifier: Apache-2.0
// Reading CSV with recovery: a broken row costs only itself.
#include "knowledge/csv_reader.h"

#include <algorithm>

#include <vigil/source.h>

namespace vigil {

CsvReader::CsvReader(std::string_view text, char separator)
    : text_(text), separator_(separator), all_valid_utf8_(find_invalid_utf8(text) == text.size()) {}

void CsvReader::skip_blank_lines() {
  while (at_ < text_.size()) {
    size_t end = at_;
    while (end < text_.size() && text_[end] != separator_ &&
           (text_[end] == '\r' || text_[end] == ' ' || text_[end] == '\t'))
      ++end;
    if (end < text_.size() && text_[end] != '\n') return;
    at_ = std::min(end + 1, text_.size());
    ++line_;
  }
}

bool CsvReader::next(CsvRow& row) {
  skip_blank_lines();
  row.cells.clear();
  row.problem = problem_ = {};
  row.line = line_;
  unquoted_.clear();
  if (at_ >= text_.size()) return false;
  const size_t begin = at_;
  bool ok = true;
  do {
    ok = row.cells.size() < kColumnLimit ? read_field(row) : false;
    if (!ok && problem_.empty()) problem_ = "it has too many columns";
  } while (ok && at_ < text_.size() && text_[at_] == separator_ && ++at_ > 0);
  if (ok && !all_valid_utf8_ && find_invalid_utf8(text_.substr(begin, at_ - begin)) != at_ - begin) {
    ok = false;
    problem_ = "it is not valid UTF-8";
  }
  if (!ok) {
    row.cells.clear();
    row.problem = problem_;
    at_ = std::min(text_.find('\n', begin), text_.size());
    line_ = row.line;
  }
  if (at_ < text_.size()) ++at_;  // the line end
  ++line_;
  return true;
}

bool CsvReader::read_field(CsvRow& row) {
  if (at_ < text_.size() && text_[at_] == '"') return read_quoted(row);
  const char ends[] = {separator_, '\n', '\0'};
  const size_t end = std::min(text_.find_first_of(ends, at_), text_.size());
  std::string_view field = text_.substr(at_, end - at_);
  if ((end == text_.size() || text_[end] == '\n') && field.ends_with('\r')) field.remove_suffix(1);
  row.cells.push_back(field);
  at_ = end;
  return true;
}

bool CsvReader::read_quoted(CsvRow& row) {
  const size_t begin = ++at_;
  const std::string_view within = text_.substr(0, std::min(text_.size(), begin + kQuotedLimit));
  bool doubled = false;
  while (true) {
    at_ = within.find('"', at_);
    if (at_ == std::string_view::npos) {
      problem_ = "a quoted field is not closed";
      return false;
    }
    if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') break;
    doubled = true;
    at_ += 2;
  }
  const std::string_view field = text_.substr(begin, at_ - begin);
  line_ += static_cast<size_t>(std::count(field.begin(), field.end(), '\n'));
  ++at_;
  if (at_ + 1 < text_.size() && text_[at_] == '\r' && text_[at_ + 1] == '\n') ++at_;
  if (at_ + 1 == text_.size() && text_[at_] == '\r') ++at_;
  if (!at_row_end() && text_[at_] != separator_) {
    problem_ = "text follows a quoted field";
    return false;
  }
  if (!doubled) {
    row.cells.push_back(field);
    return true;
  }
  std::string& kept = unquoted_.emplace_back();
  for (size_t i = 0; i < field.size(); ++i) {
    kept += field[i];
    if (field[i] == '"') ++i;
  }
  row.cells.push_back(kept);
  return true;
}

}  // namespace vigil
