// SPDX-License-Identifier: Apache-2.0
// OpenSSL's AES-GCM, as the files that seal and tell apart use it.
#pragma once

#include <openssl/evp.h>

#include <memory>

namespace vigil::decision_log {

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  void operator()(EVP_CIPHER* cipher) const { EVP_CIPHER_free(cipher); }
};
/// Looked up by its name, under locks: to be kept by who asks. Null where OpenSSL lacks it.
using Cipher = std::unique_ptr<EVP_CIPHER, FreeCipher>;
inline Cipher find_cipher(const char* name) { return Cipher(EVP_CIPHER_fetch(nullptr, name, nullptr)); }

/// Made once a thread; whoever uses it gives a cipher, a key and a nonce first. Null where memory is out.
inline EVP_CIPHER_CTX* cipher_context() {
  thread_local const std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> context(EVP_CIPHER_CTX_new());
  return context.get();
}

}  // namespace vigil::decision_log
