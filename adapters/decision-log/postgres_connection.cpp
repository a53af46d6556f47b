// SPDX-License-Identifier: Apache-2.0
// Wraps libpq. Messages of the server may quote values: only SQLSTATE is passed on.
#include "decision-log/postgres_connection.h"

#include <algorithm>
#include <charconv>

namespace vigil::decision_log {
namespace {

/// Pointers to parameters, as libpq wants them.
struct Parameters {
  explicit Parameters(const std::vector<PostgresValue>& values) {
    for (const auto& value : values) {
      data.push_back(value.data());
      sizes.push_back(value.size());
      formats.push_back(value.is_binary());
    }
  }
  int count() const { return static_cast<int>(data.size()); }
  std::vector<const char*> data;
  std::vector<int> sizes;
  std::vector<int> formats;
};

}  // namespace

int64_t PostgresResult::integer(int row, int column) const {
  const std::string_view text = PQgetvalue(result_.get(), row, column);
  int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string PostgresResult::bytes(int row, int column) const {
  size_t size = 0;
  const auto* text = reinterpret_cast<const unsigned char*>(PQgetvalue(result_.get(), row, column));
  auto* bytes = PQunescapeBytea(text, &size);
  std::string copy(reinterpret_cast<const char*>(bytes), bytes == nullptr ? 0 : size);
  PQfreemem(bytes);
  return copy;
}

std::string PostgresConnection::open(const std::string& connection, int timeout_milliseconds) {
  connection_.reset(PQconnectdb(connection.c_str()));
  queue_.clear();
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    connection_.reset();
    return "the database cannot be reached";
  }
  PQsetNoticeProcessor(
      connection_.get(), [](void*, const char*) {}, nullptr);
  // A statement that takes longer has met a lock or a disk that hangs.
  const auto limit = "SET statement_timeout = " + std::to_string(std::max(timeout_milliseconds, 1) * 5) +
                     "; SET lock_timeout = " + std::to_string(std::max(timeout_milliseconds, 1));
  return run(limit.c_str());
}

std::string PostgresConnection::problem_of(const PGresult* result) const {
  const auto status = PQresultStatus(result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_PIPELINE_SYNC) return {};
  const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  return state == nullptr ? "the connection broke" : "SQLSTATE " + std::string(state);
}

PostgresResult PostgresConnection::query(const char* sql, const std::vector<PostgresValue>& values) {
  if (connection_ == nullptr) return {nullptr, "the database cannot be reached"};
  const Parameters given(values);
  auto* result = PQexecParams(connection_.get(), sql, given.count(), nullptr, given.data.data(), given.sizes.data(),
                              given.formats.data(), 0);
  return {result, problem_of(result)};
}

std::string PostgresConnection::run(const char* sql) {
  const PostgresResult result(PQexec(connection_.get(), sql), {});
  return PQstatus(connection_.get()) == CONNECTION_OK && *PQerrorMessage(connection_.get()) == '\0'
             ? std::string()
             : "the database refuses a statement";
}

std::string PostgresConnection::flush() {
  // Few enough that what is sent and what comes back fit the sockets' buffers.
  constexpr size_t kAtOnce = 200;
  std::string problem;
  for (size_t begin = 0; begin < queue_.size() && problem.empty(); begin += kAtOnce)
    problem = flush_some(begin, std::min(begin + kAtOnce, queue_.size()));
  queue_.clear();
  return problem;
}

std::string PostgresConnection::flush_some(size_t begin, size_t end) {
  auto* connection = connection_.get();
  if (connection == nullptr) return "the database cannot be reached";
  if (PQenterPipelineMode(connection) != 1) return "the connection is busy";
  for (size_t i = begin; i < end; ++i) {
    const Parameters given(queue_[i].values);
    PQsendQueryParams(connection, queue_[i].sql, given.count(), nullptr, given.data.data(), given.sizes.data(),
                      given.formats.data(), 0);
  }
  PQpipelineSync(connection);
  std::string problem;
  // Each command gives its results and then a null; the end is the sync's own.
  for (int nulls = 0; nulls < 2;) {
    const PostgresResult result(PQgetResult(connection), {});
    auto* raw = result.get();
    if (raw == nullptr) {
      ++nulls;
      if (PQstatus(connection) != CONNECTION_OK) break;
      continue;
    }
    nulls = 0;
    if (PQresultStatus(raw) == PGRES_PIPELINE_SYNC) break;
    if (problem.empty()) problem = problem_of(raw);
  }
  // What is sent may fail while a last warning of the server can still be read. libpq then tells an error, takes the
  // connection for open, and stays in pipeline mode for good: it would refuse all that comes.
  const bool is_usable = PQexitPipelineMode(connection) == 1 && PQstatus(connection) == CONNECTION_OK;
  if (!is_usable) close();
  return problem.empty() && !is_usable ? "the connection broke" : problem;
}

}  // namespace vigil::decision_log
