// SPDX-License-Identifier: Apache-2.0
// Reads rows with SQLite.
#include "replay/sqlite_query.h"

#include <sqlite3.h>

namespace vigil::replay {

std::string QueryRow::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return bytes == nullptr ? std::string()
                          : std::string(bytes, static_cast<size_t>(sqlite3_column_bytes(statement_, column)));
}
int64_t QueryRow::number(int column) const { return sqlite3_column_int64(statement_, column); }
double QueryRow::real(int column) const { return sqlite3_column_double(statement_, column); }
bool QueryRow::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

ReadDatabase::ReadDatabase(const std::string& path) {
  if (sqlite3_open_v2(path.c_str(), &database_, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK)
    error_ = database_ == nullptr ? "there is no memory" : sqlite3_errmsg(database_);
}
ReadDatabase::~ReadDatabase() { sqlite3_close(database_); }

void ReadDatabase::each(const char* sql, std::initializer_list<std::string_view> values,
                        const std::function<void(const QueryRow&)>& visit) {
  if (!error_.empty()) return;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr) == SQLITE_OK) {
    int place = 0;
    for (const auto value : values)
      sqlite3_bind_text(statement, ++place, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
    int state = sqlite3_step(statement);
    for (; state == SQLITE_ROW; state = sqlite3_step(statement)) visit(QueryRow(statement));
    if (state != SQLITE_DONE) error_ = sqlite3_errmsg(database_);
  } else {
    error_ = sqlite3_errmsg(database_);
  }
  sqlite3_finalize(statement);
}

int64_t ReadDatabase::number(const char* sql) {
  int64_t value = 0;
  each(sql, {}, [&](const QueryRow& row) { value = row.number(0); });
  return value;
}

}  // namespace vigil::replay
