// SPDX-License-Identifier: Apache-2.0
// One patient's versions as a block of bytes, and back.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"
#include "store/store_format.h"

namespace vigil::store {

/// Makes blocks: padded, checksummed, aligned. Equal for equal input. Its memory is kept for the next one.
class BlockMaker {
 public:
  /// How many bytes the block takes; 0 where it would have 4 GiB or more. What is given must stay until write().
  size_t lay_out(std::span<const StoredVersion> versions, std::span<const Degraded> degraded);
  void write(char* bytes) const;

 private:
  std::span<const StoredVersion> versions_;
  std::string degraded_;  ///< as it is written
  std::vector<VersionRow> rows_;
  BlockHeader header_;
};

/// Views of a block, or the reason why it cannot be read: empty where it can. Checks the checksum and every offset.
std::string_view read_block(std::string_view block, std::vector<StoredVersion>& versions,
                            std::vector<Degraded>& degraded);

}  // namespace vigil::store
