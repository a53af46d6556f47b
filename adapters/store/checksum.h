// SPDX-License-Identifier: Apache-2.0
// Checksums and digests of bytes: XXH3, which is as fast as memory. They find damage, not forgery.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace vigil::store {

uint64_t checksum(const void* bytes, size_t size);

/// The checksum of bytes given in pieces.
class Checksum {
 public:
  Checksum();
  ~Checksum();
  void add(std::string_view bytes);
  uint64_t value() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A digest of 128 bits of what is added, in order.
class Digest {
 public:
  Digest();
  ~Digest();
  Digest(Digest&&) noexcept;
  void add(std::string_view bytes);
  void add(uint64_t number);
  /// 32 hexadecimal digits.
  std::string text() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vigil::store
