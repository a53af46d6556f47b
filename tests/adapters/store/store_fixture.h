// SPDX-License-Identifier: Apache-2.0
// Sources and stores in a temporary folder, for tests.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "store/import.h"
#include "store/store.h"

namespace vigil::test {

/// A folder of its own, gone with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "vigil_store_XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  static void remove_content(const std::string& folder) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
  }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }

 private:
  std::filesystem::path path_;
};

inline std::string read_text(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

/// The folder of shared data, or an empty path where it is not there.
inline std::filesystem::path shared_data() {
  const char* set = std::getenv("VIGIL_SHARED_DATA");
  const std::filesystem::path path = set != nullptr ? set : std::string(VIGIL_SOURCE_DIR) + "/../shared/data";
  return std::filesystem::exists(path) ? path : std::filesystem::path();
}

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
