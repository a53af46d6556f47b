// SPDX-License-Identifier: Apache-2.0
// What a rule pack says of itself: manifest.json, its first file, and what its signatures are over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigil {

/// What the rules were made against.
struct KnowledgeNeed {
  std::string name;     ///< "Vigil starter knowledge base"; empty: none
  std::string version;  ///< this or a later one
  std::string digest;   ///< of its content when the pack was made: 16 hex digits
};

struct PackedRule {
  std::string library;
  std::string name;
  std::vector<std::string> hooks;
};

/// One file beside the manifest.
struct PackedFile {
  std::string path;
  uint64_t size = 0;
  std::string sha256;  ///< 64 hex digits
};

/// The manifest as read. Authors write the upper half in pack.json; building a pack adds the lower.
struct PackManifest {
  std::string name;  ///< "vigil-anticoagulation"
  std::string version;
  std::string licence;
  std::vector<std::string> authors;
  std::string language;               ///< of the rule language: this version must be spoken
  std::string engine;                 ///< this version or a later one must run it
  std::vector<std::string> features;  ///< of the engine, that an older one may lack

  KnowledgeNeed knowledge;
  std::vector<PackedRule> rules;
  std::vector<PackedFile> files;
};

inline constexpr std::string_view kPackFormat = "vigil-pack-1";

/// None, and why in `problem`, where the text is no manifest of a pack.
std::optional<PackManifest> read_pack_manifest(std::string_view text, std::string& problem);

/// The part of a manifest that people write, from a pack.json. None, and why, where it lacks name, version, authors or
/// licence.
std::optional<PackManifest> read_authored_manifest(std::string_view text, std::string& problem);

/// The manifest's text: what `authored` (a pack.json) holds, with what `derived` knows better. None, and why,
/// where read_authored_manifest() gives none.
std::optional<std::string> write_pack_manifest(std::string_view authored, const PackManifest& derived,
                                               std::string& problem);

/// One signature over the manifest's bytes.
struct PackSignature {
  std::string key;    ///< PublicKey::id()
  std::string bytes;  ///< 64
};

/// signatures.json. None where the text is something else.
std::optional<std::vector<PackSignature>> read_pack_signatures(std::string_view text);
std::string write_pack_signatures(const std::vector<PackSignature>& signatures);

}  // namespace vigil
