// SPDX-License-Identifier: Apache-2.0
// Sources and stores in a temporary folder, for tests.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "store/import.h"
#include "store/store.h"
#include "support/files.h"

namespace vigil::test {

/// The data of a store: all of its files but the manifest, which names the sources too.
inline std::map<std::string, std::string> data_files(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    if (name.ends_with(".data") || name.ends_with(".index")) files[name] = read_text(entry.path());
  }
  return files;
}

inline std::vector<std::string> codes(const DiagnosticSink& sink) {
  std::vector<std::string> all;
  for (const auto& diagnostic : sink.all()) all.emplace_back(diagnostic.code);
  return all;
}

}  // namespace vigil::test
