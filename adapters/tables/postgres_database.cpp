// SPDX-License-Identifier: Apache-2.0
// Connects, takes a snapshot, and finds tables.
#include "tables/postgres_database.h"

#include <array>
#include <charconv>

#include "tables/postgres_result.h"

namespace vigil::tables {
namespace {

PostgresResult query(PGconn* connection, const std::string& sql) {
  return PostgresResult(PQexec(connection, sql.c_str()));
}
PostgresResult query(PGconn* connection, const std::string& sql, const std::string& parameter) {
  const char* value = parameter.c_str();
  return PostgresResult(PQexecParams(connection, sql.c_str(), 1, nullptr, &value, nullptr, nullptr, 0));
}

bool has_rows(const PostgresResult& result) { return PQresultStatus(result.get()) == PGRES_TUPLES_OK; }

// Texts as the tables' CSV has them, times in UTC. What ends long statements, or a transaction that waits while others
// read, is for applications. Settings that a version does not have are not there to be set.
constexpr const char* kSettings =
    "select set_config(name, value, false) from (values ('DateStyle', 'ISO, YMD'), ('TimeZone', 'UTC'),"
    " ('extra_float_digits', '1'), ('lock_timeout', '60s'), ('statement_timeout', '0'),"
    " ('idle_in_transaction_session_timeout', '0'), ('transaction_timeout', '0')) wanted(name, value)"
    " where current_setting(name, true) is not null";

// Of two whose names differ by case alone, the one that need not be quoted.
constexpr const char* kTables =
    "select lower(c.relname), format('%I.%I', n.nspname, c.relname), lower(a.attname), quote_ident(a.attname)"
    " from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid"
    " where c.relkind in ('r', 'p', 'v', 'm', 'f') and a.attnum > 0 and not a.attisdropped"
    " and pg_table_is_visible(c.oid) and n.nspname not in ('pg_catalog', 'information_schema')"
    " order by 1, c.relname <> lower(c.relname), 2, a.attnum";

}  // namespace

void PostgresDatabase::Finish::operator()(pg_conn* connection) const { PQfinish(connection); }

bool PostgresDatabase::names(std::string_view source) {
  return source.starts_with("postgresql://") || source.starts_with("postgres://");
}

PostgresDatabase::Connection PostgresDatabase::connect(DiagnosticSink& sink) const {
  // What stands before dbname the address may say otherwise; a server that is gone is noticed within minutes.
  constexpr std::array<const char*, 8> kNames = {
      "connect_timeout",           "keepalives_idle", "keepalives_interval", "keepalives_count",
      "fallback_application_name", "dbname",          "client_encoding",     nullptr};
  const std::array<const char*, 8> values = {"15", "30", "15", "4", "vigil import", address_.c_str(), "UTF-8", nullptr};
  Connection connection(PQconnectdbParams(kNames.data(), values.data(), 1));
  if (connection == nullptr || PQstatus(connection.get()) != CONNECTION_OK) {
    sink.add(connection_failure(connection.get()));
    return nullptr;
  }
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  // The snapshot is to be taken before anything else is read.
  for (const std::string& sql :
       {std::string("begin isolation level repeatable read read only"),
        snapshot_.empty() ? std::string() : "set transaction snapshot '" + snapshot_ + "'", std::string(kSettings)}) {
    const PostgresResult done(sql.empty() ? nullptr : PQexec(connection.get(), sql.c_str()));
    if (sql.empty() || PQresultStatus(done.get()) == PGRES_COMMAND_OK || has_rows(done)) continue;
    sink.add(statement_failure(name_, {}, done.get()));
    return nullptr;
  }
  return connection;
}

std::unique_ptr<PostgresDatabase> PostgresDatabase::open(const std::string& connection, std::string_view schemas,
                                                         DiagnosticSink& sink) {
  std::unique_ptr<PostgresDatabase> database(new PostgresDatabase);
  database->address_ = connection;
  if (!database->begin(sink) || !database->find_schemas(schemas, sink) || !database->find_tables(sink)) return nullptr;
  return database;
}

bool PostgresDatabase::begin(DiagnosticSink& sink) {
  connection_ = connect(sink);
  if (connection_ == nullptr) return false;
  name_ = "PostgreSQL database `" + std::string(PQdb(connection_.get())) + "`";
  const auto found = query(connection_.get(), "select pg_export_snapshot(), txid_current_snapshot()");
  if (!has_rows(found) || PQntuples(found.get()) != 1) {
    sink.add(statement_failure(name_, {}, found.get()));
    return false;
  }
  snapshot_ = text_at(found, 0, 0);
  state_ = name_ + ' ' + PQhost(connection_.get()) + ' ' + PQport(connection_.get()) + ' ';
  state_ += text_at(found, 0, 1);
  return true;
}

bool PostgresDatabase::find_schemas(std::string_view schemas, DiagnosticSink& sink) const {
  std::string path;
  while (!schemas.empty()) {
    const auto end = std::min(schemas.find(','), schemas.size());
    const std::string schema(schemas.substr(0, end));
    schemas.remove_prefix(std::min(end + 1, schemas.size()));
    const auto found = query(connection_.get(),
                             "select quote_ident(nspname), has_schema_privilege(oid, 'usage')::int from pg_namespace"
                             " where nspname = $1",
                             schema);
    if (!has_rows(found)) {
      sink.add(statement_failure(name_, {}, found.get()));
      return false;
    }
    if (PQntuples(found.get()) == 0 || text_at(found, 0, 1) != "1") {
      const bool is_there = PQntuples(found.get()) > 0;
      auto failed = data_diagnostic("VGL1314", name_,
                                    {(is_there ? "the user may not use the schema " : "there is no schema ") + schema});
      const auto others = is_there ? std::string() : schemas_with("person");
      if (is_there) failed.with_hint("have its owner `grant usage on schema " + schema + "`");
      if (!others.empty()) failed.with_hint("schemas with a table person: " + others);
      sink.add(std::move(failed));
      return false;
    }
    path += (path.empty() ? "" : ", ") + std::string(text_at(found, 0, 0));
  }
  if (path.empty()) return true;
  const auto set = query(connection_.get(), "select set_config('search_path', $1, false)", path);
  if (!has_rows(set)) sink.add(statement_failure(name_, {}, set.get()));
  return has_rows(set);
}

bool PostgresDatabase::find_tables(DiagnosticSink& sink) {
  const auto found = query(connection_.get(), kTables);
  if (!has_rows(found)) {
    sink.add(statement_failure(name_, {}, found.get()));
    return false;
  }
  for (int row = 0; row < PQntuples(found.get()); ++row) {
    const auto name = text_at(found, row, 0);
    const auto sql = text_at(found, row, 1);
    if (tables_.empty() || tables_.back().sql != sql) {
      if (!tables_.empty() && tables_.back().name == name) continue;
      tables_.push_back({std::string(name), std::string(sql), {}});
    }
    tables_.back().columns.emplace_back(text_at(found, row, 2), text_at(found, row, 3));
  }
  return true;
}

std::string PostgresDatabase::schemas_with(const std::string& table) const {
  const auto found = query(connection_.get(),
                           "select coalesce(string_agg(distinct n.nspname, ', '), '') from pg_class c"
                           " join pg_namespace n on n.oid = c.relnamespace where lower(c.relname) = $1"
                           " and c.relkind in ('r', 'p', 'v', 'm', 'f')",
                           table);
  return has_rows(found) ? std::string(text_at(found, 0, 0)) : std::string();
}

std::optional<uint64_t> PostgresDatabase::count_rows(const PostgresTable& table, DiagnosticSink& sink) const {
  const auto found = query(connection_.get(), "select count(*) from " + table.sql);
  if (!has_rows(found)) {
    sink.add(statement_failure(name_, table.name, found.get()));
    return std::nullopt;
  }
  uint64_t rows = 0;
  const auto text = text_at(found, 0, 0);
  std::from_chars(text.data(), text.data() + text.size(), rows);
  return rows;
}

}  // namespace vigil::tables
