// SPDX-License-Identifier: Apache-2.0
// Writes JSON text piece by piece; for the hot path, where a tree would cost more than the text.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace vigil::decision_log {

/// Commas are put where they belong. Bytes that are not UTF-8 are written as they come: what is written was read as
/// UTF-8.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

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
  JsonWriter& string(std::string_view text);
  template <std::integral Number>
  JsonWriter& number(Number number) {
    separate();
    out_ += std::to_string(number);
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

 private:
  void separate() {
    const char last = out_.empty() ? '[' : out_.back();
    if (last != '{' && last != '[' && last != ':') out_ += ',';
  }
  std::string& out_;
};

}  // namespace vigil::decision_log
