// SPDX-License-Identifier: Apache-2.0
// Tokens of prefetch templates to their values.
#include "cds-hooks/protocol/data_fetcher.h"

#include <algorithm>

namespace vigil::hooks {
namespace {

/// RFC 3986, 2.3: unreserved characters stand as they are. Lists of references are joined with commas.
void append_encoded(std::string& out, std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                          std::string_view("-._~,").find(c) != std::string_view::npos;
    if (is_plain)
      out += c;
    else
      ((out += '%') += kHex[byte >> 4]) += kHex[byte & 15];
  }
}

/// FHIR R4, "Data Types", id, and `_`, which some servers have. Of others a server could make more than one: in a
/// search a comma means "or".
bool is_fhir_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_';
  });
}

std::optional<std::string> value_of(std::string_view token, const HookCall& call) {
  constexpr std::string_view kContext = "context.";
  if (token.starts_with(kContext)) {
    const auto* value = call.token(token.substr(kContext.size()));
    const bool is_id = token == "context.patientId" || token == "context.encounterId";
    if (value == nullptr || (is_id && !is_fhir_id(value->reveal()))) return std::nullopt;
    return value->reveal();
  }
  const auto user = parse_reference(call.user.reveal());
  if (!user || token != "user" + user->type + "Id" || !is_fhir_id(user->id)) return std::nullopt;
  return user->id;
}

}  // namespace

std::optional<std::string> fill_template(std::string_view text, const HookCall& call) {
  std::string filled;
  for (;;) {
    const size_t begin = text.find("{{");
    const size_t end = begin == std::string_view::npos ? begin : text.find("}}", begin);
    filled += text.substr(0, begin);
    if (end == std::string_view::npos) return filled;
    auto token = text.substr(begin + 2, end - begin - 2);
    while (token.starts_with(' ')) token.remove_prefix(1);
    while (token.ends_with(' ')) token.remove_suffix(1);
    const auto value = value_of(token, call);
    if (!value) return std::nullopt;
    append_encoded(filled, *value);
    text.remove_prefix(end + 2);
  }
}

}  // namespace vigil::hooks
