// SPDX-License-Identifier: Apache-2.0
// The codes that rules name and the code filters of their retrieves, numbered, so that a snapshot can list which facts
// pass each filter while it is made.
#pragma once

#include <bit>
#include <compare>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <vigil/knowledge_base.h>
#include <vigil/snapshot.h>

namespace vigil {

/// A code that rules name though the knowledge base does not hold it.
struct NamedCode {
  std::string_view system;
  std::string_view code;
  auto operator<=>(const NamedCode&) const = default;
};

/// Made by the rulebook, part of its ReadPlan, then immutable. A filter is a resource type with a set of concepts; a
/// fact of the type passes if one of the codes at its primary code path is of the set. Facts whose codes do not settle
/// whether they pass are listed under a filter number of their own, one for each type.
class CodeFilters {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  struct Filter {
    uint32_t number = 0;
    uint16_t fhir_type = 0;
  };
  struct FilteredType {
    uint16_t fhir_type = 0;
    bool codes_matter = false;   ///< a fact none of whose codes is recognised is unsettled, not only one without codes
    uint32_t unsettled = kNone;  ///< number that unsettled facts are listed under
  };

  /// `named`: sorted, each once; views that live as long as this. The codes get the ids after the knowledge base's.
  CodeFilters(uint32_t concept_count, std::vector<NamedCode> named)
      : concept_count_(concept_count), named_(std::move(named)) {}

  /// Adds a filter; gives its number. `members` need not be sorted.
  uint32_t add(uint16_t fhir_type, bool codes_matter, std::span<const ConceptId> members);
  /// To be called once, when all filters are added.
  void seal();

  /// The id of a named code; 0 where rules do not name it.
  ConceptId find_named(std::string_view system, std::string_view code) const;
  std::span<const NamedCode> named() const { return named_; }
  /// The greatest id that is the same in every timeline: the knowledge base's concepts and the named codes have those
  /// from 1 on.
  ConceptId last_shared_id() const { return concept_count_ + static_cast<ConceptId>(named_.size()); }

  /// Numbers given: those of filters and of unsettled facts.
  uint32_t count() const { return count_; }
  std::span<const FilteredType> types() const { return types_; }
  /// The filters of all types that a concept passes; most concepts pass none.
  std::span<const Filter> filters_of(ConceptId id) const {
    const size_t at = id / 64;
    if (at >= passing_.size()) return {};
    const uint64_t bit = uint64_t{1} << (id % 64);
    const auto& word = passing_[at];
    if ((word.bits & bit) == 0) return {};
    const size_t place = word.before + static_cast<size_t>(std::popcount(word.bits & (bit - 1)));
    return {filters_.data() + begins_[place], begins_[place + 1] - begins_[place]};
  }
  uint64_t digest() const;

 private:
  /// 64 concepts: a bit for each that passes some filter, and how many such there are in the words before.
  struct Word {
    uint64_t bits = 0;
    uint32_t before = 0;
  };
  struct Member {
    ConceptId id = 0;
    Filter filter;
  };

  FilteredType& type_of(uint16_t fhir_type, bool codes_matter);

  uint32_t concept_count_;
  std::vector<NamedCode> named_;
  uint32_t count_ = 0;
  std::vector<FilteredType> types_;
  std::vector<Member> members_;  ///< until seal()
  std::vector<Word> passing_;
  std::vector<uint32_t> begins_;  ///< in filters_, by rank of the concept among those that pass some filter
  std::vector<Filter> filters_;
};

}  // namespace vigil
