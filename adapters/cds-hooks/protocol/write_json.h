// SPDX-License-Identifier: Apache-2.0
// JSON trees to text, faster than nlohmann's dump() for the texts that cards hold.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace vigil::hooks {

/// Appends what json.dump() would give, in one line; bytes that are not UTF-8 become U+FFFD.
void append_json(const nlohmann::ordered_json& json, std::string& out);

}  // namespace vigil::hooks
