// SPDX-License-Identifier: Apache-2.0
// OpenSSL's AES-GCM, as the files that seal and tell apart use it. Included by sources, by no header.
#pragma once

#include "crypto/openssl_handles.h"

namespace vigil::crypto {

/// Looked up by its name, under locks: to be kept by who asks. Null where OpenSSL lacks it.
using Cipher = openssl::Handle<EVP_CIPHER, EVP_CIPHER_free>;
inline Cipher find_cipher(const char* name) { return Cipher(EVP_CIPHER_fetch(nullptr, name, nullptr)); }

/// Made once a thread; whoever uses it gives a cipher, a key and a nonce first. Null where memory is out.
inline EVP_CIPHER_CTX* cipher_context() {
  thread_local const openssl::Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> context(EVP_CIPHER_CTX_new());
  return context.get();
}

}  // namespace vigil::crypto
