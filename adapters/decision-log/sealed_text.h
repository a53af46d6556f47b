// SPDX-License-Identifier: Apache-2.0
// The sealed column of a row: a text compressed, then sealed. Decisions repeat themselves: a seventh is left of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "decision-log/key_ring.h"
#include "decision-log/log_row.h"

namespace vigil::decision_log {

/// Fills in the row's sealed column, its hash and its key, bound to the row's kind and time. False where OpenSSL or
/// Zstandard fails.
bool seal_text(std::string_view text, const KeyRing& keys, LogRow& row);

/// The text again, of rows of this format and of the one before, which was not compressed. None where the column was
/// erased, its key is not at hand, or it is not what seal_text() makes.
std::optional<std::string> open_text(const LogRow& row, const KeyRing& keys);

}  // namespace vigil::decision_log
