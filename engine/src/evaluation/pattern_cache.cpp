// SPDX-License-Identifier: Apache-2.0
#include "evaluation/pattern_cache.h"

#include <re2/re2.h>

namespace vigil {
namespace {

constexpr int64_t kMaxPatternMemory = int64_t{8} << 20;

/// CQL 1.5, B.7 Matches: "case-sensitive, use partial matching, use single line mode, and allow Unicode characters".
RE2::Options options() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  options.set_max_mem(kMaxPatternMemory);
  return options;
}

}  // namespace

PatternCache::PatternCache() = default;
PatternCache::~PatternCache() = default;
PatternCache::PatternCache(PatternCache&&) noexcept = default;

const RE2* PatternCache::find(std::string_view pattern, std::string& error) {
  auto at = patterns_.find(pattern);
  if (at == patterns_.end()) {
    // A rulebook has few patterns; those made from data must not pile up.
    if (patterns_.size() >= kMaxPatterns) patterns_.clear();
    const re2::StringPiece text(pattern.data(), pattern.size());
    at = patterns_.emplace(pattern, std::make_unique<RE2>(text, options())).first;
  }
  if (at->second->ok()) return at->second.get();
  error = at->second->error();
  return nullptr;
}

}  // namespace vigil
