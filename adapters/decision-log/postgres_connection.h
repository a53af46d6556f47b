// SPDX-License-Identifier: Apache-2.0
// libpq's connections and results as values.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vigil::decision_log {

/// A parameter: text, or bytes as they are. It keeps a copy.
class PostgresValue {
 public:
  explicit PostgresValue(std::string_view text) : content_(text) {}
  explicit PostgresValue(int64_t number) : content_(std::to_string(number)) {}
  static PostgresValue bytes(std::string_view bytes) {
    PostgresValue value(bytes);
    value.is_binary_ = true;
    return value;
  }
  static PostgresValue null() {
    PostgresValue value{std::string_view()};
    value.is_null_ = true;
    return value;
  }
  const char* data() const { return is_null_ ? nullptr : content_.c_str(); }
  int size() const { return static_cast<int>(content_.size()); }
  int is_binary() const { return is_binary_ ? 1 : 0; }

 private:
  std::string content_;
  bool is_binary_ = false;
  bool is_null_ = false;
};

class PostgresResult {
 public:
  PostgresResult(PGresult* result, std::string problem) : result_(result), problem_(std::move(problem)) {}
  /// Empty where nothing is wrong: else SQLSTATE, which holds no value of a row.
  const std::string& problem() const { return problem_; }
  PGresult* get() const { return result_.get(); }
  int rows() const { return result_ == nullptr ? 0 : PQntuples(result_.get()); }
  bool is_null(int row, int column) const { return PQgetisnull(result_.get(), row, column) == 1; }
  std::string text(int row, int column) const { return PQgetvalue(result_.get(), row, column); }
  int64_t integer(int row, int column) const;
  /// Of a bytea.
  std::string bytes(int row, int column) const;

 private:
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  std::unique_ptr<PGresult, Clear> result_;
  std::string problem_;
};

/// One connection. Not thread-safe. What is queued goes with flush(), all at once; a query needs an empty queue.
class PostgresConnection {
 public:
  std::string open(const std::string& connection, int timeout_milliseconds);
  bool is_open() const { return connection_ != nullptr && PQstatus(connection_.get()) == CONNECTION_OK; }
  void close() { connection_.reset(); }

  PostgresResult query(const char* sql, const std::vector<PostgresValue>& values);
  /// Several statements without parameters.
  std::string run(const char* sql);
  void queue(const char* sql, std::vector<PostgresValue> values) { queue_.push_back({sql, std::move(values)}); }
  std::string flush();
  void forget() { queue_.clear(); }

 private:
  struct Command {
    const char* sql;
    std::vector<PostgresValue> values;
  };
  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  std::string flush_some(size_t begin, size_t end);
  std::string problem_of(const PGresult* result) const;

  std::unique_ptr<PGconn, Finish> connection_;
  std::vector<Command> queue_;
};

}  // namespace vigil::decision_log
