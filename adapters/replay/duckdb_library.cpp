// SPDX-License-Identifier: Apache-2.0
// Loads DuckDB and runs statements.
#include "replay/duckdb_library.h"

#include <dlfcn.h>

#include <cstdlib>

namespace vigil::replay {

template <class Function>
bool DuckDb::find(const char* name, Function*& function, std::string& problem) {
  function = reinterpret_cast<Function*>(dlsym(library_, name));
  if (function == nullptr) problem = std::string("the library has no ") + name;
  return function != nullptr;
}

bool DuckDb::load(std::string& problem) {
  const char* named = std::getenv("VIGIL_DUCKDB");
  library_ = dlopen(named == nullptr ? "libduckdb.so" : named, RTLD_NOW | RTLD_LOCAL);
  if (library_ == nullptr) {
    problem = dlerror();
    return false;
  }
  if (!find("duckdb_open", open_, problem) || !find("duckdb_connect", connect_, problem) ||
      !find("duckdb_query", query_, problem) || !find("duckdb_result_error", result_error_, problem) ||
      !find("duckdb_destroy_result", destroy_result_, problem) || !find("duckdb_disconnect", disconnect_, problem) ||
      !find("duckdb_close", close_, problem))
    return false;
  if (open_(nullptr, &database_) == 0 && connect_(database_, &connection_) == 0) return true;
  problem = "DuckDB cannot make a database";
  return false;
}

std::unique_ptr<DuckDb> DuckDb::open(DiagnosticSink& sink) {
  std::unique_ptr<DuckDb> duckdb(new DuckDb);
  std::string problem;
  if (duckdb->load(problem)) return duckdb;
  sink.add(
      data_diagnostic("VGL1233", {}, {problem})
          .with_hint("install DuckDB's shared library, as with `scripts/install-duckdb`, and name it in VIGIL_DUCKDB; "
                     "or write SQLite, which any tool for Parquet reads"));
  return nullptr;
}

DuckDb::~DuckDb() {
  if (connection_ != nullptr) disconnect_(&connection_);
  if (database_ != nullptr) close_(&database_);
  // The library stays: its threads and thread-local memory may outlive a dlclose().
}

std::string DuckDb::run(const std::string& sql) {
  Result result;
  std::string problem;
  if (query_(connection_, sql.c_str(), &result) != 0) {
    const char* why = result_error_(&result);
    problem = why == nullptr ? "DuckDB does not say why" : why;
  }
  destroy_result_(&result);
  return problem;
}

}  // namespace vigil::replay
