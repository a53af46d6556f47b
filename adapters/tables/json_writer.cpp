// SPDX-License-Identifier: Apache-2.0
// JSON text, member by member.
#include "tables/json_writer.h"

namespace vigil::tables {
namespace {

void append_escaped(std::string& json, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (byte < 0x20) {
      json += "\\u00";
      json += kDigits[byte >> 4];
      json += kDigits[byte & 15];
    } else {
      json += c;
    }
  }
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

void JsonWriter::begin() { json_ = "{"; }

std::string_view JsonWriter::finish() {
  json_ += '}';
  return json_;
}

void JsonWriter::member(std::string_view name) {
  if (json_.back() != '{' && json_.back() != '[') json_ += ',';
  if (!name.empty()) json_.append(1, '"').append(name).append("\":");
}

void JsonWriter::text(std::string_view name, std::string_view text) {
  if (text.empty()) return;
  member(name);
  json_ += '"';
  append_escaped(json_, text);
  json_ += '"';
}

void JsonWriter::raw(std::string_view name, std::string_view raw) {
  if (raw.empty()) return;
  member(name);
  json_ += raw;
}

void JsonWriter::open(std::string_view name) {
  member(name);
  json_ += '{';
}

void JsonWriter::begin_list(std::string_view name) {
  member(name);
  json_ += '[';
}

void JsonWriter::open_list(std::string_view name) {
  member(name);
  json_ += "[{";
}

void JsonWriter::reference(std::string_view name, std::string_view type, std::string_view id) {
  if (id.empty()) return;
  open(name);
  member("reference");
  json_.append(1, '"').append(type).append(1, '/');
  append_escaped(json_, id);
  json_ += "\"}";
}

bool is_number(std::string_view text) {
  size_t at = text.starts_with('-') ? 1 : 0;
  const size_t begin = at;
  while (at < text.size() && is_digit(text[at])) ++at;
  if (at == begin || (text[begin] == '0' && at - begin > 1)) return false;
  if (at < text.size() && text[at] == '.') {
    const size_t fraction = ++at;
    while (at < text.size() && is_digit(text[at])) ++at;
    if (at == fraction) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    if (++at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const size_t exponent = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    if (at == exponent) return false;
  }
  return at == text.size();
}

std::string json_number(std::string_view text) {
  std::string number(text);
  if (number.starts_with('+')) number.erase(0, 1);
  const size_t first = number.starts_with('-') ? 1 : 0;
  if (number.size() > first && number[first] == '.') number.insert(first, "0");
  if (number.ends_with('.')) number.pop_back();
  return is_number(number) ? number : std::string();
}

}  // namespace vigil::tables
