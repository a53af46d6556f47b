// SPDX-License-Identifier: Apache-2.0
// Parts of a text, taken out with the commas that nobody needs then.
#include "fhir/passed_over.h"

namespace vigil::fhir {

void PassedOver::add(const JsonText& json, uint32_t first, uint32_t behind) {
  const bool is_last = json.at(behind) != ',';
  const uint32_t begin = json.offset(first);
  const uint32_t end = json.offset(is_last ? behind : behind + 1);
  if (!parts_.empty() && parts_.back().end == begin)
    parts_.back().end = end;
  else
    parts_.push_back({json.at(first - 1) == ',' ? json.offset(first - 1) : begin, begin, end});
  if (is_last) parts_.back().begin = parts_.back().comma;
}

void PassedOver::add_inside(const JsonText& json, uint32_t object, uint32_t behind) {
  const uint32_t begin = json.offset(object) + 1;
  parts_.push_back({begin, begin, json.offset(behind - 1)});
}

void PassedOver::add_behind(const JsonText& json, uint32_t token, uint32_t problem) {
  const auto is_behind = [&](uint32_t value, uint32_t behind) {
    const bool is_container = json.at(value) == '{' || json.at(value) == '[';
    if (is_container && value <= problem && problem < behind) add_behind(json, value, problem);
    return value > problem && behind != JsonText::kBroken;
  };
  if (json.at(token) == '[') {
    json.for_each_element(token, [&](uint32_t, uint32_t element) {
      const uint32_t behind = json.skip(element);
      if (is_behind(element, behind)) add_element(json, element, behind);
      return behind;
    });
    return;
  }
  json.for_each_member(token, [&](std::string_view raw_key, uint32_t value) {
    const uint32_t behind = json.skip(value);
    // An escaped name may be any.
    if (is_behind(value, behind) && raw_key != "resourceType" && !has_escape(raw_key)) add_member(json, value, behind);
    return behind;
  });
}

void PassedOver::append_rest(std::string_view resource, uint32_t offset, std::string& out) const {
  if (is_all_) return;
  uint32_t at = 0;
  for (const auto& part : parts_) {
    out.append(resource, at, part.begin - offset - at);
    at = part.end - offset;
  }
  out.append(resource, at);
}

}  // namespace vigil::fhir
