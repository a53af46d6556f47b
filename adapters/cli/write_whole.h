// SPDX-License-Identifier: Apache-2.0
// Files that are there whole or not at all.
#pragma once

#include <filesystem>
#include <string_view>

namespace vigil::cli {

/// Writes beside the file and puts it in place whole, so that nobody reads half of it. False where that fails.
bool write_whole(const std::filesystem::path& path, std::string_view bytes, bool only_owner_reads = false);

}  // namespace vigil::cli
