// SPDX-License-Identifier: Apache-2.0
// CSV as RFC 4180 has it, read through a buffer, so that a table may be larger than memory.
#include <algorithm>
#include <fstream>

#include "tables/table_reader.h"

namespace vigil::tables {
namespace {

constexpr size_t kBufferBytes = size_t{1} << 20;

class CsvTable : public TableReader {
 public:
  explicit CsvTable(std::unique_ptr<std::istream> file) : file_(std::move(file)) {}

  bool open() {
    if (!*file_ || !read_row()) return false;
    if (!values_.empty() && values_[0].starts_with("\xEF\xBB\xBF")) values_[0].remove_prefix(3);
    for (const auto& name : values_) columns_.push_back(lower(name));
    return true;
  }

  std::optional<size_t> column(std::string_view name) const override { return find_column(columns_, name); }
  bool next() override {
    do {
      if (!read_row()) return false;
    } while (values_.size() == 1 && values_[0].empty());  // an empty line
    if (problem_.empty() && values_.size() != columns_.size()) problem_ = "it has another number of columns";
    return true;
  }
  std::string_view problem() const override { return problem_; }
  std::string_view value(size_t column) const override {
    return column < values_.size() ? std::string_view(values_[column]) : std::string_view{};
  }
  uint64_t line() const override { return line_; }
  uint64_t bytes_done() const override { return before_ + at_; }

 private:
  /// Makes the text at `at_` longer; false at the end of the file.
  bool fill() {
    if (!*file_) return false;
    buffer_.erase(0, at_);
    before_ += at_;
    at_ = 0;
    const size_t begin = buffer_.size();
    buffer_.resize(begin + kBufferBytes);
    file_->read(buffer_.data() + begin, static_cast<std::streamsize>(kBufferBytes));
    buffer_.resize(begin + static_cast<size_t>(file_->gcount()));
    return buffer_.size() > begin;
  }

  /// The end of the row that begins at `at_`, which is then whole in the buffer; its line feed, or the text's end.
  size_t find_end() {
    size_t from = 0;
    bool is_quoted = false;
    for (;;) {
      for (size_t i = at_ + from; i < buffer_.size(); ++i) {
        if (buffer_[i] == '"' && delimiter_ != '\t')
          is_quoted = !is_quoted;
        else if (buffer_[i] == '\n' && !is_quoted)
          return i;
      }
      from = buffer_.size() - at_;
      if (fill()) continue;
      if (is_quoted) problem_ = "a quote is not closed";
      return buffer_.size();
    }
  }

  bool read_row() {
    problem_ = {};
    line_ = next_line_;
    if (at_ >= buffer_.size() && !fill()) return false;
    if (columns_.empty()) choose_delimiter();
    const size_t end = find_end();
    auto row = std::string_view(buffer_).substr(at_, end - at_);
    next_line_ += 1 + static_cast<uint64_t>(std::count(row.begin(), row.end(), '\n'));
    if (row.ends_with('\r')) row.remove_suffix(1);
    split(row);
    at_ = std::min(end + 1, buffer_.size());
    return true;
  }

  void choose_delimiter() {
    const auto first = std::string_view(buffer_).substr(0, buffer_.find('\n'));
    for (const char c : {'\t', ';', ','})
      if (first.find(c) != std::string_view::npos) {
        delimiter_ = c;
        return;
      }
  }

  /// Values are views of the row, or of `unquoted_` where quotes stand in them.
  void split(std::string_view row) {
    values_.clear();
    unquoted_.clear();
    unquoted_.reserve(row.size());
    for (;;) {
      if (row.starts_with('"') && delimiter_ != '\t') {
        values_.push_back(take_quoted(row));
        if (row.empty()) return;
        row.remove_prefix(1);
        continue;
      }
      const size_t end = std::min(row.find(delimiter_), row.size());
      values_.push_back(row.substr(0, end));
      if (end == row.size()) return;
      row.remove_prefix(end + 1);
    }
  }

  /// A quoted value; `row` then begins with the delimiter, or is empty.
  std::string_view take_quoted(std::string_view& row) {
    const size_t begin = unquoted_.size();
    size_t i = 1;
    for (; i < row.size(); ++i) {
      if (row[i] == '"' && (i + 1 >= row.size() || row[i + 1] != '"')) break;
      if (row[i] == '"') ++i;
      unquoted_ += row[i];
    }
    row.remove_prefix(std::min(i + 1, row.size()));
    const size_t rest = std::min(row.find(delimiter_), row.size());
    if (rest > 0) problem_ = "text stands behind a closing quote";
    row.remove_prefix(rest);
    return std::string_view(unquoted_).substr(begin);
  }

  std::unique_ptr<std::istream> file_;
  std::string buffer_;
  size_t at_ = 0;
  uint64_t before_ = 0;  ///< bytes of the file that stand before the buffer
  char delimiter_ = ',';
  std::vector<std::string> columns_;
  std::vector<std::string_view> values_;
  std::string unquoted_;
  std::string_view problem_;
  uint64_t line_ = 0;
  uint64_t next_line_ = 1;
};

}  // namespace

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lowered;
}

std::optional<size_t> find_column(const std::vector<std::string>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), lower(name));
  return found == names.end() ? std::nullopt : std::optional(static_cast<size_t>(found - names.begin()));
}

std::unique_ptr<TableReader> read_csv_table(std::unique_ptr<std::istream> text) {
  auto table = std::make_unique<CsvTable>(std::move(text));
  return table->open() ? std::move(table) : nullptr;
}

std::unique_ptr<TableReader> open_csv_table(const std::string& path, DiagnosticSink& sink) {
  auto table = read_csv_table(std::make_unique<std::ifstream>(path, std::ios::binary));
  if (table) return table;
  sink.add(data_diagnostic("VGL1010", path, {path, "it is empty or cannot be opened"}));
  return nullptr;
}

}  // namespace vigil::tables
