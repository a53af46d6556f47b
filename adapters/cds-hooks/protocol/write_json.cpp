// SPDX-License-Identifier: Apache-2.0
// Copies runs of plain bytes; what needs more is left to nlohmann.
#include "cds-hooks/protocol/write_json.h"

#include <string_view>

namespace vigil::hooks {
namespace {

using Json = nlohmann::ordered_json;

bool is_ascii(std::string_view text) {
  unsigned char bits = 0;
  for (const char c : text) bits |= static_cast<unsigned char>(c);
  return bits < 0x80;
}

bool needs_escape(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < ' '; }

/// RFC 8259, section 7.
void append_escape(char c, std::string& out) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; break;
    case '\\': out += "\\\\"; break;
    case '\n': out += "\\n"; break;
    case '\r': out += "\\r"; break;
    case '\t': out += "\\t"; break;
    case '\b': out += "\\b"; break;
    case '\f': out += "\\f"; break;
    default:
      out += "\\u00";
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
  }
}

/// What is not ASCII is left to nlohmann, which checks whether it is UTF-8.
void append_string(const std::string& text, std::string& out) {
  if (!is_ascii(text)) {
    out += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
    return;
  }
  out += '"';
  for (size_t i = 0; i < text.size(); ++i) {
    const size_t begin = i;
    while (i < text.size() && !needs_escape(text[i])) ++i;
    out.append(text, begin, i - begin);
    if (i < text.size()) append_escape(text[i], out);
  }
  out += '"';
}

}  // namespace

void append_json(const Json& json, std::string& out) {
  if (json.is_string()) return append_string(json.get_ref<const std::string&>(), out);
  if (!json.is_structured()) {
    out += json.dump();
    return;
  }
  const bool is_object = json.is_object();
  out += is_object ? '{' : '[';
  bool first = true;
  for (auto at = json.begin(); at != json.end(); ++at) {
    if (!first) out += ',';
    first = false;
    if (is_object) {
      append_string(at.key(), out);
      out += ':';
    }
    append_json(*at, out);
  }
  out += is_object ? '}' : ']';
}

}  // namespace vigil::hooks
