// SPDX-License-Identifier: Apache-2.0
// A folder of rules to a pack.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/rulebook.h>

#include "packs/pack_file.h"
#include "packs/try_pack.h"

namespace vigil {

struct BuildOptions {
  std::filesystem::path folder;
  std::filesystem::path manifest;  ///< empty: pack.json of the folder
  std::vector<RuleText> includes;  ///< libraries of other packs that the rules include; they are packed too
};

/// What was packed, and how its rules did. The pack is there only where there is no error.
struct BuiltPack {
  std::optional<PackFile> pack;
  TriedPack tried;
};

/// Reads the folder, compiles and tests its rules against the surroundings, and writes down what they need. The same
/// folder and knowledge give the same bytes. VGL1248 for what may not be packed, and what try_pack() tells.
BuiltPack build_pack(const BuildOptions& options, const PackSurroundings& surroundings, DiagnosticSink& sink);

}  // namespace vigil
