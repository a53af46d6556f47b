// SPDX-License-Identifier: Apache-2.0
// Lists files by the ends of their names.
#include "store/source_files.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

namespace vigil::store {
namespace {

namespace fs = std::filesystem;

std::optional<InputFile> input_of(const fs::path& path, std::string name) {
  InputFile file;
  std::string_view rest = name;
  file.is_compressed = rest.ends_with(".gz");
  if (file.is_compressed) rest.remove_suffix(3);
  const bool is_lines = rest.ends_with(".ndjson") || rest.ends_with(".jsonl");
  if (!is_lines && !rest.ends_with(".json")) return std::nullopt;
  file.form = is_lines ? FileForm::kLines : FileForm::kDocument;
  file.path = path.string();
  std::error_code error;
  file.bytes = fs::file_size(path, error);
  file.name = std::move(name);
  return file;
}

}  // namespace

std::vector<InputFile> find_input_files(const std::string& source, DiagnosticSink& sink) {
  std::vector<InputFile> files;
  std::error_code error;
  if (!fs::exists(source, error)) {
    sink.add(data_diagnostic("VGL1202", {}, {source}));
    return files;
  }
  if (!fs::is_directory(source, error)) {
    if (auto file = input_of(source, fs::path(source).filename().string())) files.push_back(std::move(*file));
  } else {
    for (fs::recursive_directory_iterator at(source, error), end; !error && at != end; at.increment(error)) {
      if (!at->is_regular_file(error)) continue;
      auto name = fs::relative(at->path(), source, error).string();
      if (auto file = input_of(at->path(), name))
        files.push_back(std::move(*file));
      else
        sink.add(data_diagnostic("VGL1316", {}, {name, "it is neither JSON nor NDJSON"}));
    }
    if (error) sink.add(data_diagnostic("VGL1010", source, {source, error.message()}));
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  if (files.empty())
    sink.add(data_diagnostic("VGL1306", {}, {source})
                 .with_hint("expected FHIR R4 as .ndjson or .json files, also with .gz, or OMOP tables"));
  return files;
}

}  // namespace vigil::store
