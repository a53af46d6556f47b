// SPDX-License-Identifier: Apache-2.0
// Pseudonyms by HMAC; the key's file.
#include "replay/pseudonyms.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

#include "crypto/hashes.h"

namespace vigil::replay {

namespace {

constexpr size_t kKeySize = 32;
constexpr size_t kPseudonymBytes = 12;
constexpr size_t kLeastKeyBytes = 16;

std::optional<std::string> refuse(const std::string& path, std::string_view why, DiagnosticSink& sink) {
  sink.add(data_diagnostic("VGL1225", path, {path, why})
               .with_hint("make one with `head -c 32 /dev/urandom > FILE`, and keep it from others"));
  return std::nullopt;
}

}  // namespace

std::string Pseudonyms::of(std::string_view kind, std::string_view id) const {
  std::string message(kind);
  message.append("/").append(id);
  const auto digest = crypto::hmac_sha256(key_, message);
  return crypto::to_hex(crypto::bytes_of(digest).substr(0, kPseudonymBytes));
}

std::optional<std::string> read_pseudonym_key(const std::string& path, DiagnosticSink& sink) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return refuse(path, "it cannot be opened", sink);
  std::string key{std::istreambuf_iterator<char>(file), {}};
  if (key.size() < kLeastKeyBytes) return refuse(path, "it has fewer than 16 bytes", sink);
  return key;
}

std::optional<std::string> keep_pseudonym_key(const std::string& folder, DiagnosticSink& sink) {
  const std::string path = folder + "/pseudonym.key";
  if (::access(path.c_str(), F_OK) == 0) return read_pseudonym_key(path, sink);
  std::string key(kKeySize, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(key.data()), static_cast<int>(key.size())) != 1)
    return refuse(path, "there is no randomness", sink);
  // A kill between the two leaves no half a key.
  const std::string part = path + ".part";
  const int file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  const bool written = file >= 0 && ::write(file, key.data(), key.size()) == static_cast<ssize_t>(key.size());
  if (file >= 0) ::close(file);
  if (!written || ::rename(part.c_str(), path.c_str()) != 0)
    return refuse(path, std::generic_category().message(errno), sink);
  return key;
}

}  // namespace vigil::replay
