// SPDX-License-Identifier: Apache-2.0
// Dictionaries of Zstandard (RFC 8878, section 5) for what is sealed. A row's frame names its own by number.
#pragma once

#include <string>
#include <string_view>

namespace vigil::decision_log {

/// Number 1. As they are, for ever: rows are read by them. How to make another: scripts/derive-log-dictionary.
std::string record_dictionary_1();

}  // namespace vigil::decision_log
