// SPDX-License-Identifier: Apache-2.0
// What a store says of itself; its last file to be written.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <vigil/diagnostic.h>

#include "store/store.h"

namespace vigil::store {

/// A file of the store.
struct StoredFile {
  std::string name;
  uint64_t bytes = 0;
};

/// An index and the segments it points into.
struct BlockFiles {
  StoredFile index;
  std::vector<StoredFile> segments;
};

/// A file that was imported.
struct SourceFile {
  std::string name;  ///< relative to the source
  uint64_t bytes = 0;
  std::string digest;
};

/// What became of the resources of one type: read = kept + repeated + rejected + out_of_scope.
struct TypeTotals {
  uint64_t read = 0;
  uint64_t kept = 0;
  uint64_t repeated = 0;  ///< the same resource with the same content once more
  uint64_t rejected = 0;
  uint64_t out_of_scope = 0;
  uint64_t uncoded = 0;  ///< of those read from tables: without a code of a system that FHIR names, kept with its text

  TypeTotals& operator+=(const TypeTotals& other);
  bool reconcile() const { return read == kept + repeated + rejected + out_of_scope; }
};
/// By resource type; "" is what tells none.
using Totals = std::map<std::string, TypeTotals, std::less<>>;

struct Manifest {
  uint32_t format = 0;
  std::string digest;
  uint64_t patients = 0;
  uint64_t versions = 0;
  uint64_t shared_resources = 0;
  BlockFiles patient_files;
  BlockFiles shared_files;
  std::vector<SourceFile> sources;
  Totals totals;
  std::array<uint64_t, 7> known_sources{};  ///< versions by KnownSource
  std::map<std::string, Instant> degraded;  ///< what Store::degraded() tells, by type
};

/// The manifest of a finished store; VGL1301, VGL1302, VGL1303.
std::optional<Manifest> read_manifest(const std::string& folder, DiagnosticSink& sink);
/// Puts it in place by rename, which finishes the store. VGL1309.
bool write_manifest(const std::string& folder, const Manifest& manifest, DiagnosticSink& sink);

}  // namespace vigil::store
