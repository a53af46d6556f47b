// SPDX-License-Identifier: Apache-2.0
// The container of a rule pack: a tar archive of the strictest kind, so that any tar can list it and nothing in it can
// surprise.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigil {

/// One file of a pack.
struct PackMember {
  std::string path;  ///< "rules/warfarin.vigil"; see is_pack_path()
  std::string bytes;
};

/// What a pack may take at most. There is no compression, so that what is read is never more than what came.
inline constexpr size_t kMaxPackBytes = size_t{64} << 20;
inline constexpr size_t kMaxMemberBytes = size_t{16} << 20;
inline constexpr size_t kMaxPackMembers = 4096;

/// Whether a path may stand in a pack: below the pack's folder, of at most 100 letters, digits, `.`, `_`, `-`, with `/`
/// between its parts, none of which begins with a dot.
bool is_pack_path(std::string_view path);

/// The members in their order as POSIX ustar: regular files of mode 0644, without owner and time. The same members give
/// the same bytes. Paths must be such of a pack.
std::string write_archive(const std::vector<PackMember>& members);

/// Takes only what write_archive() writes: every header is compared with the one that it would have written, so that
/// links, devices, absolute and climbing paths, other encodings and padding with content are refused, as are truncated
/// and overlong files. None, and why in `problem`, where it is something else. Any bytes may be given.
std::optional<std::vector<PackMember>> read_archive(std::string_view bytes, std::string& problem);

}  // namespace vigil
