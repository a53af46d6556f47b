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

}  // namespace

void GrowingBuffer::grow(size_t wanted) {
  size_t capacity = std::max(kFirst, capacity_);
  while (capacity < wanted) capacity *= 2;
  void* bytes = bytes_ == nullptr ? ::mmap(nullptr, capacity, PROT_READ | PROT_WRITE,
                                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
                                  : ::mremap(bytes_, capacity_, capacity, MREMAP_MAYMOVE);
  if (bytes == MAP_FAILED) throw std::bad_alloc();
  std::ignore = ::madvise(bytes, capacity, MADV_HUGEPAGE);  // a hint
  bytes_ = static_cast<char*>(bytes);
  capacity_ = capacity;
}

GrowingBuffer::~GrowingBuffer() {
  if (bytes_ != nullptr) ::munmap(bytes_, capacity_);
}

}  // namespace vigil::store
