// SPDX-License-Identifier: Apache-2.0
// Looks files up on disk.
#include "cli/find_files.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>

#include "cli/console.h"

namespace vigil::cli {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_below(const fs::path& folder, std::initializer_list<std::string_view> extensions,
                                  std::error_code& error) {
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().filename().native().starts_with('.')) {
      at.disable_recursion_pending();
      continue;
    }
    std::error_code ignored;
    if (std::ranges::find(extensions, at->path().extension().native()) != extensions.end() &&
        at->is_regular_file(ignored))
      files.push_back(at->path());
  }
  std::ranges::sort(files);
  return files;
}

std::string join(std::initializer_list<std::string_view> words) {
  std::string joined;
  for (const auto word : words) joined.append(joined.empty() ? "" : " or ").append(word);
  return joined;
}

}  // namespace

std::vector<fs::path> find_files(std::span<const std::string> paths, std::initializer_list<std::string_view> extensions,
                                 DiagnosticSink& sink) {
  std::vector<fs::path> found;
  std::set<fs::path> seen;
  const auto take = [&](const fs::path& file) {
    if (seen.insert(file.lexically_normal()).second) found.push_back(file);
  };
  for (const auto& path : paths) {
    std::error_code error;
    const auto status = fs::status(path, error);
    if (!fs::exists(status)) {
      sink.add(data_diagnostic("VGL1202", {}, {path}));
      continue;
    }
    if (!fs::is_directory(status)) {
      take(path);
      continue;
    }
    const auto below = files_below(path, extensions, error);
    if (error)
      sink.add(data_diagnostic("VGL0005", path, {path, error.message()}));
    else if (below.empty())
      sink.add(plain_error("folder `" + path + "` holds no " + join(extensions) + " file"));
    std::ranges::for_each(below, take);
  }
  return found;
}

std::optional<RuleText> read_rule_text(const fs::path& path, DiagnosticSink& sink) {
  const std::string name = path.generic_string();
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  std::error_code error;
  if (!fs::is_directory(path, error) && file &&
      (file.peek() == std::ifstream::traits_type::eof() || text << file.rdbuf()))
    return RuleText{name, std::move(text).str()};
  sink.add(data_diagnostic("VGL0005", name, {name, "it cannot be opened or read"}));
  return std::nullopt;
}

std::optional<fs::path> find_beside_program(std::string_view place) {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return std::nullopt;
  const fs::path folder = program.parent_path();
  for (const auto& candidate : {folder / "../share/vigil" / place, folder / "../../.." / place})
    if (fs::exists(candidate, error)) return candidate.lexically_normal();
  return std::nullopt;
}

}  // namespace vigil::cli
