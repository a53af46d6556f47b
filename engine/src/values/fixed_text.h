// SPDX-License-Identifier: Apache-2.0
// A short text by value, without heap: what the to_string functions of this room return.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

namespace vigil {

/// At most `kCapacity` bytes; what does not fit is dropped and `overflowed()` says so. Copy `view()` to keep it longer
/// than the object.
template <size_t kCapacity>
class FixedText {
 public:
  std::string_view view() const { return {bytes_, size_}; }
  size_t size() const { return size_; }
  bool overflowed() const { return overflowed_; }

  FixedText& append(char c) { return append(std::string_view(&c, 1)); }
  FixedText& append(std::string_view text) {
    if (text.size() > kCapacity - size_) {
      overflowed_ = true;
      text = text.substr(0, kCapacity - size_);
    }
    if (!text.empty()) std::memcpy(bytes_ + size_, text.data(), text.size());
    size_ += text.size();
    return *this;
  }
  /// `value` in decimal, with leading zeros up to `width`, at most 20.
  FixedText& append_number(unsigned long long value, int width = 1) {
    char digits[20];
    int first = 20;
    while (first > 0 && (value != 0 || 20 - first < width)) {
      digits[--first] = static_cast<char>('0' + value % 10);
      value /= 10;
    }
    return append(std::string_view(digits + first, static_cast<size_t>(20 - first)));
  }

 private:
  char bytes_[kCapacity];
  size_t size_ = 0;
  bool overflowed_ = false;
};

}  // namespace vigil
