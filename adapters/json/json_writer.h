// SPDX-License-Identifier: Apache-2.0
// Writes JSON text piece by piece; for the hot path, where a tree would cost more than the text.
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <span>
#include <string>
#include <string_view>

namespace vigil::json {

/// The characters of a JSON string, without its quotes.
void append_escaped(std::string_view text, std::string& to);

/// Commas are put where they belong. Bytes that are not UTF-8 are written as they come: what is written was read as
/// UTF-8.
class JsonWriter {
 public:
  /// Appends to `out`.
  explicit JsonWriter(std::string& out) : out_(out), begin_(out.size()) {}

  JsonWriter& open(char bracket) {
    separate();
    out_ += bracket;
    return *this;
  }
  JsonWriter& close(char bracket) {
    out_ += bracket;
    return *this;
  }
  JsonWriter& key(std::string_view name) {
    string(name);
    out_ += ':';
    return *this;
  }
  /// A name of the program's own, which needs no escape.
  template <size_t kSize>
  JsonWriter& key(const char (&name)[kSize]) {
    separate();
    out_ += '"';
    out_.append(name, kSize - 1).append("\":", 2);
    return *this;
  }
  JsonWriter& string(std::string_view text) {
    separate();
    out_ += '"';
    append_escaped(text, out_);
    out_ += '"';
    return *this;
  }
  /// One string of several texts.
  JsonWriter& string(std::span<const std::string_view> texts) {
    separate();
    out_ += '"';
    for (const auto text : texts) append_escaped(text, out_);
    out_ += '"';
    return *this;
  }
  JsonWriter& key(std::span<const std::string_view> texts) {
    string(texts);
    out_ += ':';
    return *this;
  }
  template <std::integral Number>
  JsonWriter& number(Number number) {
    separate();
    std::array<char, 24> digits;
    out_.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
    return *this;
  }
  JsonWriter& boolean(bool flag) {
    separate();
    out_ += flag ? "true" : "false";
    return *this;
  }
  /// A value that is JSON text already.
  JsonWriter& raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
  }
  /// A member, unless the text is empty.
  JsonWriter& text(std::string_view name, std::string_view text) {
    if (!text.empty()) key(name).string(text);
    return *this;
  }
  template <size_t kSize>
  JsonWriter& text(const char (&name)[kSize], std::string_view text) {
    if (!text.empty()) key(name).string(text);
    return *this;
  }
  /// A member that is JSON text already, unless that is empty.
  JsonWriter& raw(std::string_view name, std::string_view json) {
    if (!json.empty()) key(name).raw(json);
    return *this;
  }

 private:
  void separate() {
    const char last = out_.size() == begin_ ? '[' : out_.back();
    if (last != '{' && last != '[' && last != ':') out_ += ',';
  }
  std::string& out_;
  size_t begin_;
};

}  // namespace vigil::json
