// SPDX-License-Identifier: Apache-2.0
// Writes to a file beside, then renames.
#include "cli/write_whole.h"

#include <fstream>
#include <system_error>

namespace vigil::cli {

bool write_whole(const std::filesystem::path& path, std::string_view bytes, bool only_owner_reads) {
  auto beside = path;
  beside += ".new";
  std::error_code error;
  std::filesystem::remove(beside, error);
  std::ofstream stream(beside, std::ios::binary | std::ios::trunc);
  if (only_owner_reads)  // before anything is in it
    std::filesystem::permissions(beside, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                                 error);
  if (!error) stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  stream.close();
  if (stream.good() && !error) std::filesystem::rename(beside, path, error);
  if (stream.good() && !error) return true;
  std::filesystem::remove(beside, error);
  return false;
}

}  // namespace vigil::cli
