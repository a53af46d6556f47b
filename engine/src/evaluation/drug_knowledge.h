// SPDX-License-Identifier: Apache-2.0
// What the knowledge base says of the codes of a resource: ingredients, classes; private to this room.
#pragma once

#include <algorithm>
#include <array>
#include <span>

#include "evaluation/run.h"

namespace vigil {

/// A growing set of a few concepts, in the order added. Past kInline they are kept in the arena.
class ConceptList {
 public:
  explicit ConceptList(Arena& arena) : arena_(arena) {}
  ConceptList(const ConceptList&) = delete;
  ConceptList& operator=(const ConceptList&) = delete;

  void add(ConceptId id);
  void add_all(std::span<const ConceptId> ids) {
    for (const auto id : ids) add(id);
  }
  std::span<const ConceptId> ids() const { return {first_, size_}; }
  bool contains(ConceptId id) const { return std::find(first_, first_ + size_, id) != first_ + size_; }
  bool empty() const { return size_ == 0; }
  /// The first of these that is also in `other`; 0 without one.
  ConceptId shared_with(const ConceptList& other) const;

 private:
  static constexpr size_t kInline = 16;
  Arena& arena_;
  std::array<ConceptId, kInline> inline_{};
  ConceptId* first_ = inline_.data();
  size_t size_ = 0;
  size_t capacity_ = kInline;
};

/// Adds the codes of a resource's fact, or a Code itself. False where they are not all known: no code at all, or a
/// reference to a resource that is not in the data.
bool add_codes(Run& run, const Value& resource_or_code, ConceptList& codes);

/// What `relation` leads to from each of `from`.
void add_related(const Run& run, Relation relation, std::span<const ConceptId> from, ConceptList& to);

/// The ingredients of a resource's or Code's drug. False where no code of it is recognised as a drug.
bool add_ingredients(Run& run, const Value& resource_or_code, ConceptList& ingredients);

/// A concept's display, or its code where it has none.
std::string_view name_of(const Run& run, ConceptId id);

/// A list of Codes; `complete` false leaves it undetermined.
Value code_list(Run& run, std::span<const ConceptId> ids, bool complete);

}  // namespace vigil
