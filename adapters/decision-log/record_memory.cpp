// SPDX-License-Identifier: Apache-2.0
// Ids by AES-128-GCM without a plain text, and a bounded table of them.
#include "decision-log/record_memory.h"

#include <openssl/rand.h>

#include <cstring>

#include "crypto/aes_gcm.h"

namespace vigil::decision_log {
namespace {

/// Records held: of so many patients are the calls of ten minutes, in most places.
constexpr size_t kMost = 8192;

const EVP_CIPHER* aes_128_gcm() {
  static const crypto::Cipher cipher = crypto::find_cipher("AES-128-GCM");
  return cipher.get();
}

}  // namespace

size_t RecordMemory::IdHash::operator()(const RecordId& id) const {
  size_t hash = 0;
  std::memcpy(&hash, id.data(), sizeof hash);
  return hash;
}

RecordMemory::RecordMemory() : has_key_(RAND_bytes(key_.data(), static_cast<int>(key_.size())) == 1) {}

std::optional<RecordId> RecordMemory::id(std::string_view record) const {
  // One nonce for all: it would tell of the key whoever saw ids, and nobody does.
  constexpr std::array<unsigned char, 12> kNonce{};
  auto* cipher = crypto::cipher_context();
  if (!has_key_ || cipher == nullptr || record.size() > INT32_MAX) return std::nullopt;
  RecordId id;
  int count = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(record.data());
  const bool done = EVP_EncryptInit_ex2(cipher, aes_128_gcm(), key_.data(), kNonce.data(), nullptr) == 1 &&
                    EVP_EncryptUpdate(cipher, nullptr, &count, bytes, static_cast<int>(record.size())) == 1 &&
                    EVP_EncryptFinal_ex(cipher, id.data(), &count) == 1 &&
                    EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, static_cast<int>(id.size()), id.data()) == 1;
  return done ? std::optional(id) : std::nullopt;
}

int64_t RecordMemory::find(const RecordId& id, Instant at) const {
  const std::scoped_lock lock(mutex_);
  const auto holder = holders_.find(id);
  if (holder == holders_.end()) return 0;
  const Instant age = at - holder->second.at;
  return age >= 0 && age <= kRecordShared.count() ? holder->second.number : 0;
}

void RecordMemory::remember(const RecordId& id, int64_t number, Instant at) {
  const std::scoped_lock lock(mutex_);
  const auto [holder, is_new] = holders_.insert_or_assign(id, Holder{number, at});
  if (!is_new) return;
  oldest_.push_back(id);
  if (oldest_.size() <= kMost) return;
  holders_.erase(oldest_.front());
  oldest_.pop_front();
}

}  // namespace vigil::decision_log
