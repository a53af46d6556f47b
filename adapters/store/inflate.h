// SPDX-License-Identifier: Apache-2.0
// Gzip: bytes in, larger bytes out.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace vigil::store {

/// Decompresses a gzip text, of one member or several, piece by piece. Not thread-safe.
class Inflater {
 public:
  explicit Inflater(std::string_view compressed);
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Appends up to about `size` bytes. False at the end, or where problem() is not empty.
  bool read(std::string& text, size_t size);
  /// Why it cannot go on; empty while it can and at a proper end.
  const std::string& problem() const { return problem_; }
  /// How many of the compressed bytes are used.
  size_t used() const;

 private:
  struct Stream;
  bool refill();

  std::string_view compressed_;
  size_t given_ = 0;
  std::unique_ptr<Stream> stream_;
  std::string problem_;
  bool is_at_end_ = false;
};

}  // namespace vigil::store
