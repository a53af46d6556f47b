// SPDX-License-Identifier: Apache-2.0
// Lists what a source holds.
#include <algorithm>
#include <filesystem>
#include <system_error>

#include "store/import_source.h"

namespace vigil::store {
namespace {

namespace fs = std::filesystem;

InputFile file_of(const fs::path& path, std::string name) {
  InputFile file;
  file.path = path.string();
  file.name = std::move(name);
  std::error_code error;
  file.bytes = fs::file_size(path, error);
  if (error) file.bytes = 0;
  file.modified = fs::last_write_time(path, error).time_since_epoch().count();
  return file;
}

}  // namespace

std::vector<InputFile> list_files(const std::string& path, DiagnosticSink& sink) {
  std::vector<InputFile> files;
  std::error_code error;
  if (!fs::exists(path, error)) {
    sink.add(data_diagnostic("VGL1202", {}, {path}));
    return files;
  }
  if (!fs::is_directory(path, error)) return {file_of(path, fs::path(path).filename().string())};
  for (fs::recursive_directory_iterator at(path, error), end; !error && at != end; at.increment(error))
    if (at->is_regular_file(error))
      files.push_back(file_of(at->path(), fs::relative(at->path(), path, error).string()));
  if (error) sink.add(data_diagnostic("VGL1010", path, {path, error.message()}));
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return files;
}

}  // namespace vigil::store
