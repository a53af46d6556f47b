// SPDX-License-Identifier: Apache-2.0
// The head of an HTTP/1.1 response as text.
#pragma once

#include <string>
#include <string_view>

#include "cds-hooks/protocol/message.h"

namespace vigil::hooks {

std::string_view reason_phrase(int status);

/// Appends status line and headers, the empty line included, to `out`. Header values hold no line ends whatever was
/// given.
void append_head(const Response& response, bool keep_alive, std::string& out);

}  // namespace vigil::hooks
