// SPDX-License-Identifier: Apache-2.0
// The rare parts of reading JSON: escapes, and paths for messages.
#include "fhir/json_text.h"

#include <algorithm>
#include <vector>

namespace vigil::fhir {

namespace {

std::optional<uint32_t> parse_hex(std::string_view four) {
  if (four.size() < 4) return std::nullopt;
  uint32_t value = 0;
  for (const char c : four.substr(0, 4)) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return std::nullopt;
    value = value * 16 + static_cast<uint32_t>(digit);
  }
  return value;
}

void append_utf8(uint32_t c, std::string& text) {
  const auto put = [&](uint32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xC0 | c >> 6);
  } else {
    if (c < 0x10000) {
      put(0xE0 | c >> 12);
    } else {
      put(0xF0 | c >> 18);
      put(0x80 | (c >> 12 & 0x3F));
    }
    put(0x80 | (c >> 6 & 0x3F));
  }
  put(0x80 | (c & 0x3F));
}

/// The code point of the `\u` whose digits begin at `at`, which is moved behind what was read; none for a lone
/// surrogate.
std::optional<uint32_t> parse_unicode(std::string_view raw, size_t& at) {
  const auto first = parse_hex(raw.substr(at));
  if (!first) return std::nullopt;
  at += 4;
  if (*first < 0xD800 || *first > 0xDFFF) return first;
  if (*first > 0xDBFF || raw.substr(at, 2) != "\\u") return std::nullopt;
  const auto second = parse_hex(raw.substr(at + 2));
  if (!second || *second < 0xDC00 || *second > 0xDFFF) return std::nullopt;
  at += 6;
  return 0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00);
}

}  // namespace

bool unescape(std::string_view raw, std::string& text) {
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  for (size_t at = 0; at < raw.size();) {
    const size_t escape = std::min(raw.find('\\', at), raw.size());
    text.append(raw.substr(at, escape - at));
    if (escape == raw.size()) return true;
    if (escape + 1 == raw.size()) return false;
    at = escape + 2;
    if (raw[escape + 1] == 'u') {
      const auto c = parse_unicode(raw, at);
      if (!c) return false;
      append_utf8(*c, text);
      continue;
    }
    const size_t letter = kLetters.find(raw[escape + 1]);
    if (letter == std::string_view::npos) return false;
    text += kMeanings[letter];
  }
  return true;
}

std::string path_to(const JsonText& json, uint32_t root, uint32_t token) {
  struct Level {
    bool is_array = false;
    uint32_t index = 0;
    std::string_view key;
  };
  std::vector<Level> levels;
  for (uint32_t t = root; t < token && t < json.count(); ++t) {
    const char c = json.at(t);
    if (c == '{' || c == '[') {
      levels.push_back({c == '[', 0, {}});
    } else if ((c == '}' || c == ']') && !levels.empty()) {
      levels.pop_back();
    } else if (c == ',' && !levels.empty()) {
      ++levels.back().index;
    } else if (!levels.empty() && !levels.back().is_array && json.is_key(t)) {
      levels.back().key = json.raw_string(t);
    }
  }
  std::string path;
  for (const auto& level : levels) {
    if (level.is_array)
      path.append("[").append(std::to_string(level.index)).append("]");
    else if (!level.key.empty())
      path.append(path.empty() ? "" : ".").append(level.key);
  }
  return path;
}

}  // namespace vigil::fhir
