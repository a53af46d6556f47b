// SPDX-License-Identifier: Apache-2.0
// What libpq gives back, and how a message tells why it failed. Texts of the server may quote values, those of libpq
// parts of an address: neither is passed on.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <string_view>

#include <vigil/diagnostic.h>

namespace vigil::tables {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using PostgresResult = std::unique_ptr<PGresult, ClearResult>;

inline std::string_view text_at(const PostgresResult& result, int row, int column) {
  return {PQgetvalue(result.get(), row, column), static_cast<size_t>(PQgetlength(result.get(), row, column))};
}

/// Of a statement that failed, on `what` (a table, or empty).
Diagnostic statement_failure(const std::string& database, const std::string& what, const PGresult* result);
/// Of a connection that was not made.
Diagnostic connection_failure(const PGconn* connection);

}  // namespace vigil::tables
