// SPDX-License-Identifier: Apache-2.0
// Filters by concept, packed.
#include "snapshot/code_filters.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "terminology/hash.h"

namespace vigil {

CodeFilters::FilteredType& CodeFilters::type_of(uint16_t fhir_type, bool codes_matter) {
  const auto known = std::ranges::find(types_, fhir_type, &FilteredType::fhir_type);
  if (known != types_.end()) return *known;
  return types_.emplace_back(FilteredType{fhir_type, codes_matter, count_++});
}

uint32_t CodeFilters::add(uint16_t fhir_type, bool codes_matter, std::span<const ConceptId> members) {
  type_of(fhir_type, codes_matter);
  const Filter filter{count_++, fhir_type};
  for (const auto id : members)
    if (id != 0) members_.push_back({id, filter});
  return filter.number;
}

void CodeFilters::seal() {
  const auto key = [](const Member& m) { return std::pair(m.id, m.filter.number); };
  std::ranges::sort(members_, {}, key);
  // Not std::ranges::unique: clang 14, which builds the fuzz targets, cannot read GCC 12's subranges.
  const auto same = [&](const Member& a, const Member& b) { return key(a) == key(b); };
  members_.erase(std::unique(members_.begin(), members_.end(), same), members_.end());
  passing_.assign(members_.empty() ? 0 : members_.back().id / 64 + 1, {});
  for (size_t i = 0; i < members_.size(); ++i) {
    if (i == 0 || members_[i].id != members_[i - 1].id) begins_.push_back(static_cast<uint32_t>(i));
    passing_[members_[i].id / 64].bits |= uint64_t{1} << (members_[i].id % 64);
    filters_.push_back(members_[i].filter);
  }
  begins_.push_back(static_cast<uint32_t>(filters_.size()));
  for (size_t i = 1; i < passing_.size(); ++i)
    passing_[i].before = passing_[i - 1].before + static_cast<uint32_t>(std::popcount(passing_[i - 1].bits));
  members_ = {};
}

ConceptId CodeFilters::find_named(std::string_view system, std::string_view code) const {
  const auto at = std::ranges::lower_bound(named_, NamedCode{system, code});
  if (at == named_.end() || at->system != system || at->code != code) return 0;
  return concept_count_ + 1 + static_cast<ConceptId>(at - named_.begin());
}

uint64_t CodeFilters::digest() const {
  uint64_t digest = mix(concept_count_, count_);
  for (const auto& code : named_) digest = hash_text(code.code, hash_text(code.system, digest));
  for (const auto& type : types_) digest = mix(digest, uint64_t{type.unsettled} << 16 | type.fhir_type);
  for (const auto& word : passing_) digest = mix(digest, word.bits);
  for (const auto& filter : filters_) digest = mix(digest, uint64_t{filter.number} << 16 | filter.fhir_type);
  return digest;
}

}  // namespace vigil
