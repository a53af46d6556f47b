// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4), plain and keyed (HMAC, RFC 2104), and hexadecimal digits. All are safe to call from any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vigil::crypto {

using Hash = std::array<unsigned char, 32>;

/// These throw std::bad_alloc where OpenSSL has no memory.
Hash sha256(std::string_view bytes);
Hash hmac_sha256(std::string_view key, std::string_view bytes);

inline std::string_view bytes_of(const Hash& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }
/// None where the bytes are not 32.
std::optional<Hash> to_hash(std::string_view bytes);
/// Two digits a byte, in lower case.
std::string to_hex(std::string_view bytes);
inline std::string to_hex(const Hash& hash) { return to_hex(bytes_of(hash)); }
/// 16 digits, the highest first.
std::string to_hex(uint64_t number);
/// None where the text is no even number of hex digits.
std::optional<std::string> from_hex(std::string_view text);

}  // namespace vigil::crypto
