// SPDX-License-Identifier: Apache-2.0
// Compiled regular expressions, kept from call to call; private to this room.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace vigil {

/// Compiles patterns once. RE2 matches in linear time, so that no pattern can hang an evaluation. Not thread-safe.
class PatternCache {
 public:
  PatternCache();
  ~PatternCache();
  PatternCache(PatternCache&&) noexcept;

  /// The compiled pattern; null where the text is no regular expression, with `error` saying why.
  const re2::RE2* find(std::string_view pattern, std::string& error);

 private:
  static constexpr size_t kMaxPatterns = 256;
  std::map<std::string, std::unique_ptr<re2::RE2>, std::less<>> patterns_;
};

}  // namespace vigil
