// SPDX-License-Identifier: Apache-2.0
// SQLSTATE to reasons and what to do about them (PostgreSQL's manual, appendix A).
#include "tables/postgres_result.h"

#include <algorithm>
#include <array>

namespace vigil::tables {
namespace {

struct Reason {
  std::string_view state;  ///< or its beginning
  std::string_view reason;
  std::string_view hint;
};

constexpr std::string_view kAgain =
    "run the same import again: it goes on where it was, or with --restart anew where the database has changed";

// The first that fits; the last fits all that break without a state.
constexpr std::array<Reason, 9> kReasons = {{
    {"42501", "the user may not read it", "have its owner `grant usage on schema` and `grant select on` its tables"},
    {"40001", "the server, a standby, had to replay what conflicts with it",
     "raise max_standby_streaming_delay there, or import from the primary"},
    {"55P03", "another session holds a lock on it", "run the same import again"},
    {"53300", "the server has no connection left", "take fewer --threads"},
    {"22021", "a text is not in the encoding of the database", "correct the row; the server's log says which"},
    {"22P05", "a text has no form in UTF-8", "correct the row; the server's log says which"},
    {"08", "the connection to the server broke", kAgain},
    {"57P", "the server ended the connection", kAgain},
    {"", "the connection to the server broke", kAgain},
}};

/// libpq quotes what an address gives: a password with an unescaped `@` is then taken for a host.
std::string without_quoted(std::string_view text) {
  std::string plain;
  bool is_quoted = false;
  for (const char c : text) {
    if (c == '"') {
      if (is_quoted) plain += "…";
      is_quoted = !is_quoted;
    } else if (!is_quoted) {
      plain += c == '\n' || c == '\t' ? ' ' : c;
    }
  }
  plain.erase(plain.find_last_not_of(' ') + 1);
  return plain;
}

}  // namespace

Diagnostic statement_failure(const std::string& database, const std::string& what, const PGresult* result) {
  const char* field = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string state = field == nullptr ? std::string() : field;
  const auto found =
      std::find_if(kReasons.begin(), kReasons.end(), [&](const Reason& each) { return state.starts_with(each.state); });
  const bool is_known = !found->state.empty() || state.empty();
  std::string text = what.empty() ? std::string() : what + ": ";
  text += is_known ? std::string(found->reason) : "the server refuses a statement";
  if (!state.empty()) text += " (SQLSTATE " + state + ")";
  return data_diagnostic("VGL1314", database, {text})
      .with_hint(is_known ? std::string(found->hint) : "the server's log tells more");
}

Diagnostic connection_failure(const PGconn* connection) {
  const std::string text = connection == nullptr ? "out of memory" : without_quoted(PQerrorMessage(connection));
  const bool is_about_password = connection != nullptr && (PQconnectionNeedsPassword(connection) != 0 ||
                                                           text.find("authentication failed") != std::string::npos);
  return data_diagnostic("VGL1314", "PostgreSQL", {text})
      .with_hint(is_about_password ? "put the user's password into ~/.pgpass or PGPASSWORD"
                                   : "`psql` with the same address must connect; an address is "
                                     "postgresql://user@host:5432/database, with @ : / and % in its parts as %40 %3A "
                                     "%2F %25");
}

}  // namespace vigil::tables
