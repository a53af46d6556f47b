// SPDX-License-Identifier: Apache-2.0
// Memory from mmap, made larger by mremap.
#include "store/growing_buffer.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>
#include <tuple>

namespace vigil::store {
namespace {

constexpr size_t kFirst = size_t{4} << 20;

void* allocate(size_t capacity) {
  return ::mmap(nullptr, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

/// The memory made larger, wherever it is then; MAP_FAILED where there is none.
void* enlarge(char* bytes, size_t from, size_t to) {
#ifdef __SANITIZE_THREAD__
  // The thread sanitizer does not know mremap: what one thread's buffer has left behind, another may get.
  void* moved = allocate(to);
  if (moved == MAP_FAILED) return moved;
  std::copy(bytes, bytes + from, static_cast<char*>(moved));
  ::munmap(bytes, from);
  return moved;
#else
  return ::mremap(bytes, from, to, MREMAP_MAYMOVE);
#endif
}

}  // namespace

void GrowingBuffer::grow(size_t wanted) {
  size_t capacity = std::max(kFirst, capacity_);
  while (capacity < wanted) capacity *= 2;
  void* bytes = bytes_ == nullptr ? allocate(capacity) : enlarge(bytes_, capacity_, capacity);
  if (bytes == MAP_FAILED) throw std::bad_alloc();
  std::ignore = ::madvise(bytes, capacity, MADV_HUGEPAGE);  // a hint
  bytes_ = static_cast<char*>(bytes);
  capacity_ = capacity;
}

GrowingBuffer::~GrowingBuffer() {
  if (bytes_ != nullptr) ::munmap(bytes_, capacity_);
}

}  // namespace vigil::store
