// SPDX-License-Identifier: Apache-2.0
// A resource of a call as text: what it is, before it is read.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cds-hooks/protocol/json_document.h"

namespace vigil::hooks {

/// Of a call's record, and of its orders, so many problems are named: more are counted.
inline constexpr size_t kMaxUnread = 20;

/// "Observation/7", as far as it says so itself.
inline std::string name_of(const JsonNode& resource) {
  const auto text = [&](std::string_view member) {
    const auto node = resource.find(member);
    return node ? node->string().value_or(std::string()) : std::string();
  };
  auto name = text("resourceType");
  if (name.empty()) name = "a resource";
  const auto id = text("id");
  return id.empty() ? name : name + "/" + id;
}

inline bool is_resource(const JsonNode& node, std::string_view type) {
  const auto member = node.find("resourceType");
  return member && member->is_text(type);
}

}  // namespace vigil::hooks
