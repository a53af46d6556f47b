// SPDX-License-Identifier: Apache-2.0
// Bump allocator for the values of one snapshot or one evaluation.
//
//   Arena arena;
//   auto* quantity = arena.make<Quantity>(Quantity{one, arena.copy("mg")});
//   arena.reset();  // everything above is gone, the blocks stay: the steady state allocates nothing from the heap
//
// Owns all it hands out; nothing is destroyed one by one, hence trivially destructible types only. One thread at a
// time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace vigil {

/// The byte limit is soft: past it `allocate` still returns fresh, valid memory, never null, and `exceeded()` stays
/// true until `reset()`. The evaluator asks `exceeded()` after every step and stops, so that the excess is bounded by
/// what one step allocates; a step that builds something whose size comes from the data asks `fits()` first.
class Arena {
 public:
  static constexpr size_t kNoLimit = std::numeric_limits<size_t>::max();
  static constexpr size_t kFirstBlock = size_t{1} << 16;    ///< bytes; one small patient fits
  static constexpr size_t kLargestBlock = size_t{1} << 22;  ///< blocks double up to this; larger requests get their own

  explicit Arena(size_t byte_limit = kNoLimit) : limit_(byte_limit) {}
  Arena(Arena&& other) noexcept : Arena(other.limit_) { swap(other); }
  Arena& operator=(Arena&& other) noexcept {
    swap(other);
    return *this;
  }
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// `bytes` uninitialised bytes at a multiple of `align`, a power of two not above alignof(max_align_t). Never null,
  /// also for 0 bytes.
  void* allocate(size_t bytes, size_t align = alignof(std::max_align_t)) {
    const size_t start = (top_ + align - 1) & ~(align - 1);
    if (start < end_ && bytes <= end_ - start) [[likely]] {
      top_ = start + bytes;
      used_ += bytes;
      return base_ + start;
    }
    return allocate_in_next_block(bytes);
  }

  template <class T, class... Args>
  T* make(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>, "an arena destroys nothing");
    return ::new (allocate(sizeof(T), alignof(T))) T(std::forward<Args>(args)...);
  }

  /// `count` value-initialised elements. Not null for 0.
  template <class T>
  T* array(size_t count) {
    static_assert(std::is_trivially_destructible_v<T>, "an arena destroys nothing");
    T* first = static_cast<T*>(allocate(count * sizeof(T), alignof(T)));
    std::uninitialized_value_construct_n(first, count);
    return first;
  }

  /// The same bytes, owned by the arena; not terminated by a zero.
  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    char* bytes = static_cast<char*>(allocate(text.size(), 1));
    std::memcpy(bytes, text.data(), text.size());
    return {bytes, text.size()};
  }

  /// Forgets everything handed out; keeps the blocks and the limit.
  void reset();

  size_t bytes_used() const { return used_; }          ///< handed out since the last reset, without padding
  size_t bytes_reserved() const { return reserved_; }  ///< taken from the heap
  void set_limit(size_t bytes) { limit_ = bytes; }
  bool exceeded() const { return used_ > limit_; }
  bool fits(size_t bytes) const { return used_ <= limit_ && bytes <= limit_ - used_; }

 private:
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    size_t size = 0;
  };

  void* allocate_in_next_block(size_t bytes);
  void swap(Arena& other) noexcept;
  void enter(size_t block);

  std::vector<Block> blocks_;
  size_t next_ = 0;  ///< blocks before this one are in use
  std::byte* base_ = nullptr;
  size_t top_ = 0;  ///< offset of the first free byte of the current block
  size_t end_ = 0;  ///< its size; 0 before the first block
  size_t used_ = 0;
  size_t reserved_ = 0;
  size_t limit_;
};

}  // namespace vigil
