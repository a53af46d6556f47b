// SPDX-License-Identifier: Apache-2.0
// Scanning tags and their attributes.
#include "knowledge/xml_tags.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "knowledge/text_file.h"

namespace vigil {

namespace {

constexpr std::string_view kSpace = " \t\r\n";

std::string_view without_prefix(std::string_view name) {
  const size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

void append_utf8(std::string& text, uint32_t point) {
  const auto byte = [&](uint32_t value) { text += static_cast<char>(value); };
  if (point < 0x80) return byte(point);
  if (point < 0x800) {
    byte(0xC0 | point >> 6);
  } else {
    if (point < 0x10000) {
      byte(0xE0 | point >> 12);
    } else {
      byte(0xF0 | point >> 18);
      byte(0x80 | (point >> 12 & 0x3F));
    }
    byte(0x80 | (point >> 6 & 0x3F));
  }
  byte(0x80 | (point & 0x3F));
}

/// "#233" and "#xE9". False where it is no character.
bool append_numbered(std::string& text, std::string_view entity) {
  if (!entity.starts_with('#')) return false;
  const bool is_hex = entity.size() > 1 && entity[1] == 'x';
  const auto digits = entity.substr(is_hex ? 2 : 1);
  uint32_t point = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), point, is_hex ? 16 : 10);
  if (error != std::errc() || end != digits.data() + digits.size() || point == 0 || point > 0x10FFFF ||
      (point >= 0xD800 && point < 0xE000))
    return false;
  append_utf8(text, point);
  return true;
}

}  // namespace

std::string unescape_xml(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, char>, 5> kEntities = {
      {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
  constexpr size_t kLongest = 10;  // "#x10FFFF" and its signs
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    const size_t end = text[i] == '&' ? text.substr(i, kLongest + 1).find(';') : std::string_view::npos;
    if (end == std::string_view::npos) {
      plain += text[i];
      continue;
    }
    const auto entity = text.substr(i + 1, end - 1);
    const auto* const known = std::ranges::find(kEntities, entity, [](const auto& each) { return each.first; });
    if (known != kEntities.end())
      plain += known->second;
    else if (!append_numbered(plain, entity)) {
      plain += text[i];
      continue;
    }
    i += end;
  }
  return plain;
}

bool XmlTags::next() {
  while (true) {
    at_ = std::min(text_.find('<', at_), text_.size());
    if (at_ == text_.size()) return false;
    offset_ = at_;
    const auto rest = text_.substr(at_);
    const std::string_view close = rest.starts_with("<!--")        ? "-->"
                                   : rest.starts_with("<![CDATA[") ? "]]>"
                                   : rest.starts_with("<?")        ? "?>"
                                   : rest.starts_with("<!")        ? ">"
                                                                   : "";
    if (close.empty()) break;
    const size_t end = rest.find(close);
    if (end == std::string_view::npos) {
      is_broken_ = true;
      return false;
    }
    at_ += end + close.size();
  }
  size_t end = at_ + 1;
  for (char quote = 0; end < text_.size() && (quote != 0 || text_[end] != '>'); ++end) {
    const char c = text_[end];
    if (quote == 0 ? c == '"' || c == '\'' : c == quote) quote = quote == 0 ? c : '\0';
  }
  if (end == text_.size()) {
    is_broken_ = true;
    return false;
  }
  auto inside = text_.substr(at_ + 1, end - at_ - 1);
  at_ = end + 1;
  is_end_ = inside.starts_with('/');
  if (is_end_) inside.remove_prefix(1);
  if (inside.ends_with('/')) inside.remove_suffix(1);
  const size_t space = std::min(inside.find_first_of(kSpace), inside.size());
  name_ = without_prefix(inside.substr(0, space));
  attributes_ = inside.substr(space);
  return true;
}

std::string XmlTags::attribute(std::string_view name) const {
  auto rest = attributes_;
  while (true) {
    rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
    const size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return {};
    const auto key = without_prefix(trim(rest.substr(0, equals)));
    rest.remove_prefix(equals + 1);
    rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
    if (rest.empty()) return {};
    const size_t end = rest.find(rest.front(), 1);
    if (end == std::string_view::npos) return {};
    if (key == name) return unescape_xml(rest.substr(1, end - 1));
    rest.remove_prefix(end + 1);
  }
}

std::string XmlTags::text_behind() const {
  return unescape_xml(trim(text_.substr(at_, std::min(text_.find('<', at_), text_.size()) - at_)));
}

}  // namespace vigil
