// SPDX-License-Identifier: Apache-2.0
// Bytes in one piece of memory that grows without being copied.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

namespace vigil::store {

/// Memory of the kernel's own, in huge pages where there are any: a run of gigabytes is written to once, and would cost
/// more in page faults and copies than in reading its source. Throws std::bad_alloc. Not thread-safe.
class GrowingBuffer {
 public:
  GrowingBuffer() = default;
  ~GrowingBuffer();
  GrowingBuffer(const GrowingBuffer&) = delete;
  GrowingBuffer& operator=(const GrowingBuffer&) = delete;

  /// Makes room for `size` more bytes, to be written to.
  char* extend(size_t size) {
    if (size > capacity_ - size_) grow(size_ + size);
    return bytes_ + std::exchange(size_, size_ + size);
  }
  /// Forgets the bytes and keeps the memory.
  void clear() { size_ = 0; }
  std::string_view text() const { return {bytes_, size_}; }
  size_t size() const { return size_; }

 private:
  void grow(size_t wanted);

  char* bytes_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace vigil::store
