// SPDX-License-Identifier: Apache-2.0
// Splits a line into cells. It reads what a RowBuffer writes, not all of JSON.
#include "replay/table_rows.h"

#include <charconv>

namespace vigil::replay {

namespace {

/// The length of the cell that begins here; 0 where there is none.
size_t cell_size(std::string_view text) {
  if (!text.starts_with('"')) return text.substr(0, text.find_first_of(",]")).size();
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') return i + 1;
    if (text[i] == '\\') ++i;
  }
  return 0;
}

}  // namespace

int64_t Cell::number() const {
  int64_t value = 0;
  std::from_chars(json.data(), json.data() + json.size(), value);
  return value;
}

double Cell::real() const {
  double value = 0;
  std::from_chars(json.data(), json.data() + json.size(), value);
  return value;
}

std::string Cell::text() const {
  if (!is_text()) return std::string(json);
  std::string plain;
  plain.reserve(json.size());
  for (size_t i = 1; i + 1 < json.size(); ++i) {
    if (json[i] != '\\') {
      plain += json[i];
      continue;
    }
    const char escaped = json[++i];
    if (escaped == 'u' && i + 5 < json.size()) {
      unsigned byte = 0;
      std::from_chars(json.data() + i + 1, json.data() + i + 5, byte, 16);
      plain += static_cast<char>(byte);
      i += 4;
    } else {
      plain += escaped == 'n' ? '\n' : escaped;
    }
  }
  return plain;
}

bool parse_row(std::string_view line, TableRow& row) {
  row.cells.clear();
  if (!line.starts_with('[') || !line.ends_with(']')) return false;
  size_t id = kTableCount;
  const auto [end, error] = std::from_chars(line.data() + 1, line.data() + line.size(), id);
  if (error != std::errc{} || id >= kTableCount) return false;
  row.table = static_cast<TableId>(id);
  line.remove_prefix(static_cast<size_t>(end - line.data()));
  while (line.starts_with(',')) {
    line.remove_prefix(1);
    const size_t size = cell_size(line);
    if (size == 0) return false;
    row.cells.push_back({line.substr(0, size)});
    line.remove_prefix(size);
  }
  return line == "]" && row.cells.size() == table(row.table).columns.size();
}

}  // namespace vigil::replay
