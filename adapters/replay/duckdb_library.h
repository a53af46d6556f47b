// SPDX-License-Identifier: Apache-2.0
// DuckDB's shared library, where one is installed: loaded at run time, so that nothing else needs it.
#pragma once

#include <array>
#include <memory>
#include <string>

#include <vigil/diagnostic.h>

namespace vigil::replay {

/// A database in memory. Not thread-safe.
class DuckDb {
 public:
  /// Null, with VGL1233 and how to install it, where the library is not found: the file that VIGIL_DUCKDB names, else
  /// libduckdb.so where the system looks for libraries.
  static std::unique_ptr<DuckDb> open(DiagnosticSink& sink);
  ~DuckDb();
  DuckDb(const DuckDb&) = delete;
  DuckDb& operator=(const DuckDb&) = delete;

  /// Runs a statement; what went wrong, empty: nothing.
  std::string run(const std::string& sql);

 private:
  DuckDb() = default;
  bool load(std::string& problem);

  // The functions used, as duckdb.h declares them (DuckDB C API, unchanged since 0.3).
  struct Result {
    std::array<void*, 6> content{};
  };
  using Handle = void*;
  template <class Function>
  bool find(const char* name, Function*& function, std::string& problem);
  int (*open_)(const char*, Handle*) = nullptr;
  int (*connect_)(Handle, Handle*) = nullptr;
  int (*query_)(Handle, const char*, Result*) = nullptr;
  const char* (*result_error_)(Result*) = nullptr;
  void (*destroy_result_)(Result*) = nullptr;
  void (*disconnect_)(Handle*) = nullptr;
  void (*close_)(Handle*) = nullptr;

  Handle library_ = nullptr;
  Handle database_ = nullptr;
  Handle connection_ = nullptr;
};

}  // namespace vigil::replay
