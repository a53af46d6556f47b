// SPDX-License-Identifier: Apache-2.0
// One patient's versions as a block of bytes, and back.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

namespace vigil::store {

/// Appends a block to `bytes`, which must be aligned: padded, checksummed, aligned again. Equal for equal input. False,
/// and nothing appended, where it would have 4 GiB or more.
bool append_block(std::span<const StoredVersion> versions, std::span<const std::string_view> degraded,
                  std::string& bytes);

/// Views of a block, or the reason why it cannot be read: empty where it can. Checks the checksum and every offset.
std::string_view read_block(std::string_view block, std::vector<StoredVersion>& versions,
                            std::vector<std::string_view>& degraded);

}  // namespace vigil::store
