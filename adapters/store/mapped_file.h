// SPDX-License-Identifier: Apache-2.0
// A file as memory.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace vigil::store {

/// The bytes of a file, mapped read-only as long as it lives. A file that another process shortens meanwhile ends this
/// one (SIGBUS); stores and sources are not written while they are read.
class MappedFile {
 public:
  /// How the bytes will be read, for the kernel's read-ahead.
  enum class Access : unsigned char { kSequential, kRandom };

  /// None, with the reason in `reason`, where the file cannot be read. An empty file is an empty text.
  static std::optional<MappedFile> open(const std::string& path, Access access, std::string& reason);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept
      : bytes_(std::exchange(other.bytes_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  MappedFile& operator=(MappedFile&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    return *this;
  }

  std::string_view text() const { return {bytes_, size_}; }
  /// Says that the bytes in [begin, end) are not wanted again soon: their pages stop counting as this process's. They
  /// can still be read.
  void release(size_t begin, size_t end) const;

 private:
  MappedFile(const char* bytes, size_t size) : bytes_(bytes), size_(size) {}
  const char* bytes_ = nullptr;
  size_t size_ = 0;
};

}  // namespace vigil::store
