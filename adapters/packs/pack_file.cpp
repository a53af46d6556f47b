// SPDX-License-Identifier: Apache-2.0
// Reading packs and holding their files against the manifest, the manifest against signatures.
#include "packs/pack_file.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <vigil/knowledge_base.h>

#include "crypto/hashes.h"

namespace vigil {

namespace {

std::string hex_digest(std::string_view bytes) { return crypto::to_hex(crypto::sha256(bytes)); }

Diagnostic no_pack(const std::string& name, const std::string& why) {
  return data_diagnostic("VGL1241", name, {name, why});
}

/// What differs between the manifest's list and the members, which are sorted both.
bool check_files(const PackFile& pack, DiagnosticSink& sink) {
  const auto fail = [&](const std::string& path, const char* why) {
    sink.add(data_diagnostic("VGL1242", pack.name, {path, why}).with_hint("get the pack again from where it was made"));
    return false;
  };
  const auto& files = pack.manifest.files;
  for (size_t i = 0; i < std::max(files.size(), pack.members.size()); ++i) {
    if (i == pack.members.size()) return fail(files[i].path, "it is missing");
    const auto& member = pack.members[i];
    if (i == files.size()) return fail(member.path, "it is not in the list");
    if (member.path < files[i].path) return fail(member.path, "it is not in the list");
    if (member.path > files[i].path) return fail(files[i].path, "it is missing");
    if (i > 0 && !(files[i - 1].path < files[i].path)) return fail(files[i].path, "the list is not in order");
    if (member.bytes.size() != files[i].size) return fail(member.path, "its size is another");
    if (hex_digest(member.bytes) != files[i].sha256) return fail(member.path, "its digest is another");
  }
  return true;
}

}  // namespace

std::string PackFile::digest() const { return hex_digest(manifest_text); }

std::string PackFile::to_bytes() const {
  std::vector<PackMember> all;
  all.push_back({std::string(kManifestPath), manifest_text});
  if (!signatures.empty()) all.push_back({std::string(kSignaturesPath), write_pack_signatures(signatures)});
  all.insert(all.end(), members.begin(), members.end());
  return write_archive(all);
}

std::optional<PackFile> open_pack(std::string_view bytes, const std::string& name, DiagnosticSink& sink) {
  PackFile pack;
  pack.name = name;
  std::string problem;
  const auto fail = [&](const std::string& why) {
    sink.add(no_pack(name, why));
    return std::nullopt;
  };
  auto members = read_archive(bytes, problem);
  if (!members) return fail(problem);
  if (members->empty() || members->front().path != kManifestPath) return fail("it does not begin with its manifest");
  pack.manifest_text = std::move(members->front().bytes);
  size_t used = 1;
  if (members->size() > 1 && (*members)[1].path == kSignaturesPath) {
    auto signatures = read_pack_signatures((*members)[1].bytes);
    if (!signatures) return fail("its signatures cannot be read");
    pack.signatures = std::move(*signatures);
    ++used;
  }
  members->erase(members->begin(), members->begin() + static_cast<ptrdiff_t>(used));
  pack.members = std::move(*members);
  auto manifest = read_pack_manifest(pack.manifest_text, problem);
  if (!manifest) return fail(problem);
  pack.manifest = std::move(*manifest);
  return check_files(pack, sink) ? std::optional(std::move(pack)) : std::nullopt;
}

std::optional<std::string> read_pack_bytes(const std::filesystem::path& path, DiagnosticSink& sink) {
  const auto name = path.generic_string();
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    sink.add(data_diagnostic("VGL1202", {}, {name}));
    return std::nullopt;
  }
  const auto fail = [&](const char* why) {
    sink.add(no_pack(name, why));
    return std::nullopt;
  };
  if (!std::filesystem::is_regular_file(status)) return fail("it is no file");
  if (std::filesystem::file_size(path, error) > kMaxPackBytes || error) return fail("it is larger than a pack may be");
  std::ifstream stream(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) return fail("it cannot be read");
  return bytes;
}

std::optional<PackFile> read_pack(const std::filesystem::path& path, DiagnosticSink& sink) {
  const auto bytes = read_pack_bytes(path, sink);
  return bytes ? open_pack(*bytes, path.generic_string(), sink) : std::nullopt;
}

bool check_signature(const PackFile& pack, const PackTrust& trust, DiagnosticSink& sink) {
  const auto fail = [&](const std::string& why, const char* hint) {
    sink.add(data_diagnostic("VGL1243", pack.name, {pack.manifest.name, why}).with_hint(hint));
    return false;
  };
  if (pack.signatures.empty()) {
    if (trust.allows_unsigned) return true;
    return fail("it has no signature", "sign it: vigil pack sign FILE --key KEY.pem");
  }
  bool is_signed = false;
  std::string named;
  for (const auto& signature : pack.signatures) {
    const auto key = std::ranges::find(trust.keys, signature.key, &PublicKey::id);
    named += (named.empty() ? "" : ", ") + signature.key;
    if (key == trust.keys.end()) continue;
    if (!verify_signature(*key, pack.manifest_text, signature.bytes))
      return fail("the signature of key " + key->id() + " does not hold", "get the pack again from where it was made");
    is_signed = true;
  }
  return is_signed || trust.allows_unsigned ||
         fail("it is signed by " + named, "if you trust who signed it, name the public key");
}

bool check_upgrade(const PackFile& pack, const PackInForce& in_force, DiagnosticSink& sink) {
  const auto& manifest = pack.manifest;
  if (in_force.version.empty() || pack.digest() == in_force.digest) return true;
  if (compare_versions(manifest.version, in_force.version) > 0) return true;
  sink.add(data_diagnostic("VGL1247", pack.name, {manifest.version, manifest.name, in_force.version})
               .with_hint("to undo the last change, roll back; else say --allow-downgrade"));
  return false;
}

bool sign_pack(PackFile& pack, const SigningKey& key) {
  PackSignature signature{key.public_key().id(), key.sign(pack.manifest_text)};
  if (signature.bytes.empty()) return false;
  std::erase_if(pack.signatures, [&](const PackSignature& other) { return other.key == signature.key; });
  pack.signatures.push_back(std::move(signature));
  std::ranges::sort(pack.signatures, {}, &PackSignature::key);
  return true;
}

}  // namespace vigil
