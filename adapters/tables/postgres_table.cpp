// SPDX-License-Identifier: Apache-2.0
// The rows of a PostgreSQL table, as COPY sends them (its manual, COPY, text format).
#include <algorithm>
#include <charconv>

#include "tables/postgres_database.h"
#include "tables/postgres_result.h"

namespace vigil::tables {
namespace {

struct FreeMemory {
  void operator()(char* text) const { PQfreemem(text); }
};

char meant_by(char escaped) {
  switch (escaped) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    default: return escaped;
  }
}

/// Takes a row apart, in its place: what escapes stand for is never longer than they are. Null is empty.
void split_row(char* text, size_t size, std::vector<std::string_view>& values) {
  values.clear();
  size_t begin = 0;
  size_t out = 0;
  for (size_t i = 0; i <= size; ++i) {
    const char c = i < size ? text[i] : '\t';
    if (c == '\t') {
      values.emplace_back(text + begin, out - begin);
      begin = out;
    } else if (c == '\\' && i + 1 < size) {
      if (text[++i] != 'N') text[out++] = meant_by(text[i]);
    } else {
      text[out++] = c;
    }
  }
}

}  // namespace

class PostgresReader : public TableReader {
 public:
  PostgresReader(PostgresDatabase::Connection connection, std::string database, std::string table,
                 std::vector<std::string> columns, DiagnosticSink& sink)
      : connection_(std::move(connection)),
        database_(std::move(database)),
        table_(std::move(table)),
        columns_(std::move(columns)),
        sink_(sink) {}

  std::optional<size_t> column(std::string_view name) const override { return find_column(columns_, name); }
  bool next() override {
    if (connection_ == nullptr) return false;
    char* text = nullptr;
    const int size = PQgetCopyData(connection_.get(), &text, 0);
    row_.reset(text);
    if (size > 0) {
      ++rows_;
      split_row(text, static_cast<size_t>(size) - 1, values_);  // without the line's end
      return true;
    }
    const PostgresResult end(PQgetResult(connection_.get()));
    broke_ = size != -1 || PQresultStatus(end.get()) != PGRES_COMMAND_OK;
    if (broke_) sink_.add(statement_failure(database_, table_, end.get()));
    connection_.reset();
    return false;
  }
  std::string_view problem() const override { return {}; }
  bool broke() const override { return broke_; }
  std::string_view value(size_t column) const override { return values_[column]; }
  uint64_t line() const override {
    uint64_t number = 0;
    const auto key = values_.front();
    const auto end = std::from_chars(key.data(), key.data() + key.size(), number);
    return end.ec == std::errc() && end.ptr == key.data() + key.size() ? number : rows_;
  }
  uint64_t bytes_done() const override { return rows_; }

 private:
  PostgresDatabase::Connection connection_;
  std::string database_;
  std::string table_;
  std::vector<std::string> columns_;
  DiagnosticSink& sink_;
  std::unique_ptr<char, FreeMemory> row_;
  std::vector<std::string_view> values_;
  uint64_t rows_ = 0;
  bool broke_ = false;
};

std::unique_ptr<TableReader> PostgresDatabase::read(const PostgresTable& table,
                                                    std::span<const std::string_view> columns,
                                                    DiagnosticSink& sink) const {
  auto connection = connect(sink);
  if (connection == nullptr) return nullptr;
  std::vector<std::string> found;
  std::string list;
  for (const auto wanted : columns) {
    const auto column = std::find_if(table.columns.begin(), table.columns.end(),
                                     [&](const auto& each) { return each.first == wanted; });
    if (column == table.columns.end()) continue;
    found.push_back(column->first);
    list += (list.empty() ? "" : ", ") + column->second;
  }
  const std::string sql = "copy (select " + (list.empty() ? "null" : list) + " from " + table.sql + ") to stdout";
  const PostgresResult begun(PQexec(connection.get(), sql.c_str()));
  if (PQresultStatus(begun.get()) != PGRES_COPY_OUT) {
    sink.add(statement_failure(name_, table.name, begun.get()));
    return nullptr;
  }
  return std::make_unique<PostgresReader>(std::move(connection), name_, table.name, std::move(found), sink);
}

}  // namespace vigil::tables
