// SPDX-License-Identifier: Apache-2.0
// Codes, ingredients and classes of drugs, by the knowledge base's relations.
#include "evaluation/drug_knowledge.h"

namespace vigil {

void ConceptList::add(ConceptId id) {
  if (contains(id)) return;
  if (size_ == capacity_) {
    auto* const more = arena_.array<ConceptId>(2 * capacity_);
    std::copy(first_, first_ + size_, more);
    first_ = more;
    capacity_ *= 2;
  }
  first_[size_++] = id;
}

ConceptId ConceptList::shared_with(const ConceptList& other) const {
  const auto* const end = first_ + size_;
  const auto* const found = std::find_if(first_, first_ + size_, [&](ConceptId id) { return other.contains(id); });
  return found == end ? 0 : *found;
}

bool add_codes(Run& run, const Value& resource_or_code, ConceptList& codes) {
  if (resource_or_code.kind == Kind::kCode) {
    const auto& code = *resource_or_code.code;
    const auto id = code.concept_id != 0 ? code.concept_id : run.knowledge().find_concept(code.system, code.code);
    if (id != 0) codes.add(id);
    return id != 0;
  }
  const auto* const fact = resource_or_code.kind == Kind::kObject ? run.fact_of(*resource_or_code.object) : nullptr;
  if (fact == nullptr) return false;
  codes.add_all(fact->code_span());
  add_related(run, Relation::kSameAs, fact->code_span(), codes);
  return !fact->unresolved_reference && fact->code_count > 0;
}

void add_related(const Run& run, Relation relation, std::span<const ConceptId> from, ConceptList& to) {
  for (const auto id : from) to.add_all(run.knowledge().related(relation, id));
}

bool add_ingredients(Run& run, const Value& resource_or_code, ConceptList& ingredients) {
  ConceptList codes(run.arena());
  add_codes(run, resource_or_code, codes);
  add_related(run, Relation::kIngredient, codes.ids(), ingredients);
  return !ingredients.empty();
}

std::string_view name_of(const Run& run, ConceptId id) {
  const auto info = run.snapshot().concept_info(id);
  return info.display.empty() ? info.code : info.display;
}

Value code_list(Run& run, std::span<const ConceptId> ids, bool complete) {
  const auto mark = run.scratch().size();
  for (const auto id : ids) run.scratch().push_back(run.make_code(id));
  return run.finish_list(mark, complete ? uint8_t{0} : uint8_t{Value::kUndetermined});
}

}  // namespace vigil
