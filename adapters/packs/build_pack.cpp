// SPDX-License-Identifier: Apache-2.0
// Collects files, and derives the manifest from what they turn out to be.
#include "packs/build_pack.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <system_error>

#include "crypto/hashes.h"

namespace vigil {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kAuthoredManifest = "pack.json";
constexpr std::array<std::string_view, 6> kExtensions = {".vigil", ".cql", ".json", ".csv", ".md", ".txt"};

/// What stands in a pack's folder: rules and tests, value sets, and texts about them.
bool belongs(const fs::path& file) {
  const auto name = file.filename().generic_string();
  return name == "LICENSE" || name == "LICENCE" || name == "NOTICE" ||
         std::ranges::find(kExtensions, file.extension().generic_string()) != kExtensions.end();
}

class Collector {
 public:
  Collector(const BuildOptions& options, PackFile& pack, DiagnosticSink& sink)
      : options_(options), pack_(pack), sink_(sink) {}

  void run() {
    std::error_code error;
    for (fs::recursive_directory_iterator at(options_.folder, error), end; !error && at != end; at.increment(error)) {
      if (at->path().filename().generic_string().starts_with('.')) {
        at.disable_recursion_pending();
        continue;
      }
      take(*at);
    }
    if (error) refuse(options_.folder, error.message(), {});
    for (const auto& text : options_.includes)
      add(std::string(kIncludeFolder) + fs::path(text.name).filename().generic_string(), text.text, text.name);
    std::ranges::sort(pack_.members, {}, &PackMember::path);
    const auto twice = std::ranges::adjacent_find(pack_.members, {}, &PackMember::path);
    if (twice != pack_.members.end()) refuse(twice->path, "there are two files of this name", "rename one");
    if (pack_.members.size() + 2 > kMaxPackMembers) refuse(options_.folder, "it holds too many files", {});
    size_t bytes = 0;
    for (const auto& member : pack_.members) bytes += member.bytes.size() + 1024;
    if (bytes > kMaxPackBytes) refuse(options_.folder, "its files together are too large", {});
  }

 private:
  void refuse(const fs::path& path, std::string_view why, std::string hint) {
    const auto name = path.generic_string();
    sink_.add(data_diagnostic("VGL1248", name, {name, why}).with_hint(std::move(hint)));
  }

  void take(const fs::directory_entry& entry) {
    std::error_code error;
    const auto& path = entry.path();
    const auto status = entry.symlink_status(error);
    if (fs::is_directory(status)) return;
    if (fs::is_symlink(status)) return refuse(path, "it is a link", "put the file itself there");
    if (!fs::is_regular_file(status)) return refuse(path, "it is no file", {});
    if (path.filename() == kAuthoredManifest) return;
    if (!belongs(path))
      return refuse(path, "a pack holds rules, value sets and texts", "name it .vigil, .cql, .json, .csv, .md or .txt");
    if (entry.file_size(error) > kMaxMemberBytes || error) return refuse(path, "it is too large", {});
    std::ifstream stream(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    if (!stream) return refuse(path, "it cannot be read", {});
    add(path.lexically_relative(options_.folder).generic_string(), std::move(bytes), path);
  }

  void add(std::string path, std::string bytes, const fs::path& from) {
    if (!is_pack_path(path) || path == kManifestPath || path == kSignaturesPath)
      return refuse(from, "its name may not stand in a pack",
                    "use letters, digits, `.`, `_` and `-`, 100 characters with its folders");
    pack_.members.push_back({std::move(path), std::move(bytes)});
  }

  const BuildOptions& options_;
  PackFile& pack_;
  DiagnosticSink& sink_;
};

std::optional<std::string> read_authored(const fs::path& path, DiagnosticSink& sink) {
  std::ifstream stream(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (stream) return text;
  sink.add(data_diagnostic("VGL1202", {}, {path.generic_string()})
               .with_hint("a pack needs a pack.json with name, version, authors and licence"));
  return std::nullopt;
}

/// The manifest as far as people write it, to try the rules by.
bool read_needs(const std::string& authored, const fs::path& path, PackFile& pack, DiagnosticSink& sink) {
  std::string problem;
  const auto draft = read_authored_manifest(authored, problem);
  if (draft) {
    pack.manifest = *draft;
    return true;
  }
  const auto name = path.generic_string();
  sink.add(data_diagnostic("VGL1248", name, {name, problem}));
  return false;
}

void derive(const Rulebook& rulebook, const TriedPack& tried, PackFile& pack) {
  auto& manifest = pack.manifest;
  if (manifest.language.empty()) manifest.language = rule_language();
  if (manifest.engine.empty()) manifest.engine = engine_version();
  if (manifest.knowledge.name.empty()) manifest.knowledge = tried.knowledge;
  if (manifest.knowledge.version.empty()) manifest.knowledge.version = tried.knowledge.version;
  manifest.knowledge.digest = tried.knowledge.digest;
  for (const auto& rule : rulebook.rules()) manifest.rules.push_back({rule.library, rule.name, rule.hooks});
  for (const auto& member : pack.members)
    manifest.files.push_back({member.path, member.bytes.size(), crypto::to_hex(crypto::sha256(member.bytes))});
}

}  // namespace

BuiltPack build_pack(const BuildOptions& options, const PackSurroundings& surroundings, DiagnosticSink& sink) {
  BuiltPack built;
  PackFile pack;
  pack.name = options.folder.generic_string();
  std::error_code error;
  if (!fs::is_directory(options.folder, error)) {
    sink.add(data_diagnostic("VGL1202", {}, {pack.name}));
    return built;
  }
  const auto path = options.manifest.empty() ? options.folder / kAuthoredManifest : options.manifest;
  const auto authored = read_authored(path, sink);
  if (!authored || !read_needs(*authored, path, pack, sink)) return built;
  Collector(options, pack, sink).run();
  if (sink.has_errors()) return built;
  built.tried = try_pack(pack, surroundings, sink);
  if (sink.has_errors() || built.tried.compilation->has_errors() || built.tried.compilation->rulebook == nullptr)
    return built;
  derive(*built.tried.compilation->rulebook, built.tried, pack);
  std::string problem;
  pack.manifest_text = write_pack_manifest(*authored, pack.manifest, problem).value_or(std::string());
  built.pack = std::move(pack);
  return built;
}

}  // namespace vigil
