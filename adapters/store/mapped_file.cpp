// SPDX-License-Identifier: Apache-2.0
// Maps files with mmap.
#include "store/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <tuple>

namespace vigil::store {
namespace {

std::string last_error() { return std::generic_category().message(errno); }

}  // namespace

std::optional<MappedFile> MappedFile::open(const std::string& path, Access access, std::string& reason) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    reason = last_error();
    return std::nullopt;
  }
  struct stat facts {};
  const bool is_known = ::fstat(file, &facts) == 0;
  if (!is_known || !S_ISREG(facts.st_mode)) {
    reason = is_known ? "it is no file" : last_error();
    ::close(file);
    return std::nullopt;
  }
  const auto size = static_cast<size_t>(facts.st_size);
  void* bytes = size == 0 ? nullptr : ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
  if (bytes == MAP_FAILED) {
    reason = last_error();
    ::close(file);
    return std::nullopt;
  }
  ::close(file);
  if (size > 0) std::ignore = ::madvise(bytes, size, access == Access::kSequential ? MADV_SEQUENTIAL : MADV_RANDOM);
  return MappedFile(static_cast<const char*>(bytes), size);
}

void MappedFile::release(size_t begin, size_t end) const {
  static const auto kPage = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  begin = (begin + kPage - 1) / kPage * kPage;
  end = std::min(end, size_) / kPage * kPage;
  if (begin < end) std::ignore = ::madvise(const_cast<char*>(bytes_) + begin, end - begin, MADV_DONTNEED);
}

MappedFile::~MappedFile() {
  if (bytes_ != nullptr) ::munmap(const_cast<char*>(bytes_), size_);
}

}  // namespace vigil::store
