// SPDX-License-Identifier: Apache-2.0
// Manifests and signatures as JSON; the only file of this room that sees nlohmann/json.
#include "packs/pack_manifest.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "crypto/hashes.h"

namespace vigil {

namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMaxText = 200;  // of a name or version
constexpr size_t kMaxSignatures = 16;

Json parse(std::string_view text) {
  // Deeper than any manifest: the parser itself does not recurse, but what is made of it would.
  constexpr int kMaxDepth = 32;
  bool too_deep = false;
  auto json = Json::parse(
      text,
      [&](int depth, Json::parse_event_t /*event*/, const Json& /*value*/) {
        too_deep = too_deep || depth > kMaxDepth;
        return !too_deep;
      },
      /*allow_exceptions=*/false);
  return too_deep ? Json() : json;
}

std::string text_of(const Json& object, const char* member) {
  const auto at = object.is_object() ? object.find(member) : object.end();
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

const Json& child(const Json& object, const char* member) {
  static const Json kNone;
  const auto at = object.is_object() ? object.find(member) : object.end();
  return at == object.end() ? kNone : *at;
}

/// False where the member is there and no list of texts.
bool take_texts(const Json& object, const char* member, std::vector<std::string>& texts) {
  const auto& list = child(object, member);
  if (list.is_null()) return true;
  if (!list.is_array()) return false;
  for (const auto& one : list) {
    if (!one.is_string()) return false;
    texts.push_back(one.get<std::string>());
  }
  return true;
}

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= kMaxText && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '+';
  });
}

/// Fills in what people decide; false, and why, where a part of it is missing.
bool take_authored(const Json& json, PackManifest& manifest, std::string& problem) {
  manifest.name = text_of(json, "name");
  manifest.version = text_of(json, "version");
  manifest.licence = text_of(json, "licence");
  const auto lacks = [&](const char* what) {
    problem = std::string("it lacks ") + what;
    return false;
  };
  if (!json.is_object()) return lacks("a JSON object");
  if (!is_word(manifest.name)) return lacks("a `name` of letters, digits, `-`, `.` and `_`");
  if (!is_word(manifest.version)) return lacks("a `version` such as 1.2.0");
  if (manifest.licence.empty()) return lacks("a `licence`");
  if (!take_texts(json, "authors", manifest.authors) || manifest.authors.empty()) return lacks("a list of `authors`");
  const auto& needs = child(json, "requires");
  if (!needs.is_null() && !needs.is_object()) return lacks("an object `requires`");
  manifest.language = text_of(needs, "language");
  manifest.engine = text_of(needs, "engine");
  if (!take_texts(needs, "features", manifest.features)) return lacks("a list of texts `requires.features`");
  const auto& knowledge = child(needs, "knowledge");
  manifest.knowledge = {text_of(knowledge, "name"), text_of(knowledge, "version"), text_of(knowledge, "digest")};
  return true;
}

bool take_rules(const Json& list, std::vector<PackedRule>& rules) {
  if (!list.is_array()) return false;
  for (const auto& one : list) {
    PackedRule rule{text_of(one, "library"), text_of(one, "name"), {}};
    if (rule.name.empty() || !take_texts(one, "hooks", rule.hooks)) return false;
    rules.push_back(std::move(rule));
  }
  return true;
}

bool take_files(const Json& list, std::vector<PackedFile>& files) {
  if (!list.is_array()) return false;
  for (const auto& one : list) {
    const auto& size = child(one, "size");
    PackedFile file{text_of(one, "path"), 0, text_of(one, "sha256")};
    if (file.path.empty() || !size.is_number_unsigned() || file.sha256.size() != 64) return false;
    file.size = size.get<uint64_t>();
    files.push_back(std::move(file));
  }
  return true;
}

std::string to_text(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

}  // namespace

std::optional<PackManifest> read_pack_manifest(std::string_view text, std::string& problem) {
  const auto json = parse(text);
  const auto fail = [&](const char* why) {
    problem = why;
    return std::nullopt;
  };
  PackManifest manifest;
  if (!json.is_object()) return fail("its manifest is no JSON object");
  if (text_of(json, "format") != kPackFormat) return fail("its manifest is not of the format vigil-pack-1");
  if (!take_authored(json, manifest, problem)) {
    problem = "of its manifest, " + problem;
    return std::nullopt;
  }
  if (!take_rules(child(json, "rules"), manifest.rules)) return fail("its manifest lists no rules");
  if (!take_files(child(json, "files"), manifest.files)) return fail("its manifest lists no files");
  return manifest;
}

std::optional<PackManifest> read_authored_manifest(std::string_view text, std::string& problem) {
  PackManifest manifest;
  return take_authored(parse(text), manifest, problem) ? std::optional(std::move(manifest)) : std::nullopt;
}

std::optional<std::string> write_pack_manifest(std::string_view authored, const PackManifest& derived,
                                               std::string& problem) {
  const auto given = parse(authored);
  PackManifest checked;
  if (!take_authored(given, checked, problem)) return std::nullopt;
  Json needs{{"language", derived.language}, {"engine", derived.engine}, {"features", derived.features}};
  if (!derived.knowledge.name.empty())
    needs["knowledge"] = {
        {"name", derived.knowledge.name}, {"version", derived.knowledge.version}, {"digest", derived.knowledge.digest}};
  for (const auto* member : {"packs", "value_sets", "tables"})
    if (const auto& list = child(child(given, "requires"), member); list.is_array()) needs[member] = list;
  Json rules = Json::array();
  for (const auto& rule : derived.rules)
    rules.push_back({{"library", rule.library}, {"name", rule.name}, {"hooks", rule.hooks}});
  Json files = Json::array();
  for (const auto& file : derived.files)
    files.push_back({{"path", file.path}, {"size", file.size}, {"sha256", file.sha256}});
  Json json{{"format", kPackFormat},      {"name", checked.name},       {"version", checked.version},
            {"authors", checked.authors}, {"licence", checked.licence}, {"requires", std::move(needs)},
            {"rules", std::move(rules)}};
  if (const auto& changes = child(given, "changes"); !changes.is_null()) json["changes"] = changes;
  json["files"] = std::move(files);
  return to_text(json);
}

std::optional<std::vector<PackSignature>> read_pack_signatures(std::string_view text) {
  const auto json = parse(text);
  const auto& list = child(json, "signatures");
  if (!list.is_array() || list.size() > kMaxSignatures) return std::nullopt;
  std::vector<PackSignature> signatures;
  for (const auto& one : list) {
    const auto bytes = crypto::from_hex(text_of(one, "signature"));
    auto key = text_of(one, "key");
    const bool names_key = key.size() == 16 && crypto::from_hex(key).has_value();
    if (text_of(one, "algorithm") != "Ed25519" || !bytes || !names_key) return std::nullopt;
    signatures.push_back({std::move(key), *bytes});
  }
  return signatures;
}

std::string write_pack_signatures(const std::vector<PackSignature>& signatures) {
  Json list = Json::array();
  for (const auto& one : signatures)
    list.push_back({{"algorithm", "Ed25519"}, {"key", one.key}, {"signature", crypto::to_hex(one.bytes)}});
  return to_text({{"signatures", std::move(list)}});
}

}  // namespace vigil
