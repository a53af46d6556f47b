// SPDX-License-Identifier: Apache-2.0
// The slow path of the arena: the next block that is large enough, kept from before or new.
#include "values/arena.h"

#include <algorithm>
#include <utility>

namespace vigil {

void Arena::enter(size_t block) {
  base_ = blocks_[block].bytes.get();
  end_ = blocks_[block].size;
  top_ = 0;
  next_ = block + 1;
}

void* Arena::allocate_in_next_block(size_t bytes) {
  // A kept block that is large enough comes to the front of the unused ones, so that none is skipped and wasted.
  size_t found = next_;
  while (found < blocks_.size() && blocks_[found].size < bytes) ++found;
  if (found == blocks_.size()) {
    const size_t doubled = blocks_.empty() ? kFirstBlock : std::min(kLargestBlock, reserved_);
    const size_t size = std::max({bytes, doubled, kFirstBlock});
    blocks_.push_back({std::unique_ptr<std::byte[]>(new std::byte[size]), size});
    reserved_ += size;
  }
  std::swap(blocks_[next_], blocks_[found]);
  used_ += bytes;
  std::byte* result = blocks_[next_].bytes.get();
  if (end_ - top_ > blocks_[next_].size - bytes) {  // the current block has more room left: it stays the current one
    std::swap(blocks_[next_ - 1], blocks_[next_]);
    ++next_;
    return result;
  }
  enter(next_);
  top_ = bytes;
  return result;
}

void Arena::swap(Arena& other) noexcept {
  std::swap(blocks_, other.blocks_);
  std::swap(next_, other.next_);
  std::swap(base_, other.base_);
  std::swap(top_, other.top_);
  std::swap(end_, other.end_);
  std::swap(used_, other.used_);
  std::swap(reserved_, other.reserved_);
  std::swap(limit_, other.limit_);
}

void Arena::reset() {
  used_ = 0;
  next_ = 0;
  if (!blocks_.empty()) enter(0);
}

}  // namespace vigil
