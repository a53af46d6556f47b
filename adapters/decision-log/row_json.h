// SPDX-License-Identifier: Apache-2.0
// The JSON in a row, which may have been altered since it was written: what is not there, or of another type, reads as
// empty.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace vigil::decision_log {

/// What a row's text holds; discarded where it is no JSON, or is nested deeper than anything that is recorded: such
/// values cannot be copied or written without end of the stack.
template <class Json = nlohmann::json>
Json parse_row_text(std::string_view text) {
  constexpr int kMostDepth = 1000;
  bool is_too_deep = false;
  const auto keeps = [&](int depth, typename Json::parse_event_t, const Json&) {
    is_too_deep = is_too_deep || depth > kMostDepth;
    return depth <= kMostDepth;
  };
  auto json = Json::parse(text, keeps, /*allow_exceptions=*/false);
  return is_too_deep ? Json(Json::value_t::discarded) : json;
}

template <class Json>
std::string text_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->template get<std::string>() : std::string();
}

template <class Json>
int64_t number_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_number_integer() ? found->template get<int64_t>() : 0;
}

template <class Json>
bool flag_of(const Json& json, const char* name, bool otherwise) {
  const auto found = json.find(name);
  return found != json.end() && found->is_boolean() ? found->template get<bool>() : otherwise;
}

/// An array; empty where there is none.
template <class Json>
Json list_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_array() ? *found : Json::array();
}

}  // namespace vigil::decision_log
