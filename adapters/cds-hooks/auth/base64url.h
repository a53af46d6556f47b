// SPDX-License-Identifier: Apache-2.0
// Base64 with the alphabet for URLs, without padding (RFC 4648, section 5; RFC 7515, section 2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vigil::hooks {

/// The bytes; none where the text holds another character, is of no possible length, or has bits left over that are
/// set.
std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace vigil::hooks
