// SPDX-License-Identifier: Apache-2.0
// The manifest of a Vigil knowledge base: which files it consists of.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <vigil/diagnostic.h>

#include "knowledge/table_source.h"

namespace vigil {

/// manifest.json as read. Paths are joined with the manifest's folder.
struct Manifest {
  std::string name;
  std::string version;
  std::string date;
  std::vector<TableSource> tables;
  std::vector<std::filesystem::path> terminology;  ///< value_sets and code_systems
};

/// None where the file is no manifest; what is wrong with one table leaves out that table.
std::optional<Manifest> read_manifest(const std::filesystem::path& file, DiagnosticSink& sink);

}  // namespace vigil
