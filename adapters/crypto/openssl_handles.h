// SPDX-License-Identifier: Apache-2.0
// What OpenSSL hands out, owned. Included by sources that use OpenSSL, by no header.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string_view>

namespace vigil::openssl {

/// Frees by OpenSSL's own function.
template <auto Free>
struct FreedBy {
  template <class T>
  void operator()(T* handle) const {
    Free(handle);
  }
};
template <class T, auto Free>
using Handle = std::unique_ptr<T, FreedBy<Free>>;

using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;

inline const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace vigil::openssl
