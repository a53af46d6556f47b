// SPDX-License-Identifier: Apache-2.0
// Lists the patients of files and folders.
#include "cli/patient_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "cli/console.h"
#include "cli/group_ndjson.h"

namespace vigil::cli {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_in(const fs::path& folder, std::string_view extension, std::error_code& error) {
  std::vector<fs::path> files;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == extension && !at->path().filename().native().starts_with('.'))
      files.push_back(at->path());
  std::ranges::sort(files);
  return files;
}

}  // namespace

std::string join_lines(const std::vector<std::string_view>& lines) {
  std::string text;
  for (const auto line : lines) text.append(line).append("\n");
  return text;
}

PatientFiles PatientFiles::find(const std::vector<std::string>& paths, const ReadPlan& plan, DiagnosticSink& sink) {
  PatientFiles found;
  for (const auto& path : paths) {
    std::error_code error;
    const auto status = fs::status(path, error);
    if (!fs::exists(status)) {
      sink.add(data_diagnostic("VGL1202", {}, {path}));
      continue;
    }
    if (!fs::is_directory(status)) {
      found.sources_.push_back({fs::path(path).filename().string(), path, {}, {}});
      continue;
    }
    const auto files = files_in(path, ".json", error);
    for (const auto& file : files) found.sources_.push_back({file.filename().string(), file.string(), {}, {}});
    const auto lines = files_in(path, ".ndjson", error);
    if (!lines.empty()) {
      NdjsonGroups groups = group_ndjson(lines, plan, found.texts_, sink);
      std::ranges::move(groups.patients, std::back_inserter(found.sources_));
      std::ranges::move(groups.damages, std::back_inserter(found.damages_));
    }
    if (error)
      sink.add(data_diagnostic("VGL1010", path, {path, error.message()}));
    else if (files.empty() && lines.empty())
      sink.add(plain_error("folder `" + path + "` holds no .json and no .ndjson file",
                           "folders inside it are not looked into; name them with --patient"));
  }
  std::ranges::stable_sort(found.sources_, {}, [](const PatientSource& s) { return std::tie(s.name, s.path); });
  return found;
}

}  // namespace vigil::cli
