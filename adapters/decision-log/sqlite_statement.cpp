// SPDX-License-Identifier: Apache-2.0
// Wraps SQLite. Messages are SQLite's names of result codes: they hold no value of a row.
#include "decision-log/sqlite_statement.h"

namespace vigil::decision_log {

Statement::Statement(Connection& connection, const char* sql) {
  state_ = sqlite3_prepare_v3(connection.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
}

Statement& Statement::bind(int place, int64_t number) {
  sqlite3_bind_int64(statement_, place, number);
  return *this;
}
Statement& Statement::bind_text(int place, std::string_view text) {
  sqlite3_bind_text(statement_, place, text.data() == nullptr ? "" : text.data(), static_cast<int>(text.size()),
                    SQLITE_STATIC);
  return *this;
}
Statement& Statement::bind_blob(int place, std::string_view bytes) {
  sqlite3_bind_blob(statement_, place, bytes.data() == nullptr ? "" : bytes.data(), static_cast<int>(bytes.size()),
                    SQLITE_STATIC);
  return *this;
}

bool Statement::step() {
  if (statement_ == nullptr) return false;
  state_ = sqlite3_step(statement_);
  return state_ == SQLITE_ROW;
}

std::string Statement::run() {
  step();
  auto told = problem();
  reset();
  return told;
}

void Statement::reset() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

std::string Statement::problem(std::string_view otherwise) const {
  if (state_ == SQLITE_OK || state_ == SQLITE_ROW || state_ == SQLITE_DONE)
    return state_ == SQLITE_ROW ? std::string() : std::string(otherwise);
  return sqlite3_errstr(state_);
}

std::string_view Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  return data == nullptr ? std::string_view{}
                         : std::string_view(static_cast<const char*>(data),
                                            static_cast<size_t>(sqlite3_column_bytes(statement_, column)));
}

Connection::~Connection() {
  prepared_.clear();
  sqlite3_close_v2(database_);
}

std::string Connection::open(const std::string& file, bool read_only, int busy_milliseconds) {
  const int flags =
      (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) | SQLITE_OPEN_NOMUTEX;
  const int state = sqlite3_open_v2(file.c_str(), &database_, flags, nullptr);
  if (state != SQLITE_OK) return sqlite3_errstr(state);
  sqlite3_busy_timeout(database_, busy_milliseconds);
  return {};
}

std::string Connection::run(const char* sql) {
  const int state = sqlite3_exec(database_, sql, nullptr, nullptr, nullptr);
  return state == SQLITE_OK ? std::string() : std::string(sqlite3_errstr(state));
}

Statement& Connection::prepared(const char* sql) {
  auto& statement = prepared_[sql];
  if (statement == nullptr) statement = std::make_unique<Statement>(*this, sql);
  return *statement;
}

}  // namespace vigil::decision_log
