// SPDX-License-Identifier: Apache-2.0
// Numbers as JSON has them (RFC 8259, section 6).
#pragma once

#include <string>
#include <string_view>

namespace vigil::json {

/// Whether a text is a JSON number.
bool is_number(std::string_view text);
/// A number as databases write it, also "+1", ".5" and "5.", as JSON has it; empty where it is none.
std::string to_number(std::string_view text);

}  // namespace vigil::json
