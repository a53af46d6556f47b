// SPDX-License-Identifier: Apache-2.0
// Numbers and texts as bytes, and back: numbers by seven bits, least first, so that small ones are short.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vigil {

/// Appends to a string. The same calls give the same bytes on every machine.
class ByteWriter {
 public:
  explicit ByteWriter(std::string& bytes) : bytes_(bytes) {}

  void number(uint64_t value) {
    while (value >= 0x80) {
      bytes_ += static_cast<char>((value & 0x7F) | 0x80);
      value >>= 7;
    }
    bytes_ += static_cast<char>(value);
  }
  void text(std::string_view text) {
    number(text.size());
    bytes_ += text;
  }

 private:
  std::string& bytes_;
};

/// Reads what a ByteWriter wrote. What does not fit the bytes reads as 0 or empty, and fails the reader for good.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  uint64_t number() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && at_ < bytes_.size(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      value |= uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
    return fail();
  }
  /// A number of things that follow, each of at least one byte: no more than there are bytes left.
  uint64_t count() {
    const uint64_t value = number();
    return value <= bytes_.size() - at_ ? value : fail();
  }
  /// A number below `limit`.
  uint64_t index(uint64_t limit) {
    const uint64_t value = number();
    return value < limit ? value : fail();
  }
  /// A view of the bytes.
  std::string_view text() {
    const uint64_t size = count();
    const auto view = bytes_.substr(at_, size);
    at_ += size;
    return view;
  }
  bool failed() const { return failed_; }
  bool at_end() const { return at_ == bytes_.size(); }

 private:
  uint64_t fail() {
    failed_ = true;
    at_ = bytes_.size();
    return 0;
  }

  std::string_view bytes_;
  size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace vigil
