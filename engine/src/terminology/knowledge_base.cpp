// SPDX-License-Identifier: Apache-2.0
// The knowledge base's questions, each passed on to the part that answers it.
#include <algorithm>

#include <vigil/knowledge_base.h>

#include "terminology/content.h"

namespace vigil {

std::optional<uint32_t> KnowledgeTable::find_column(std::string_view name) const {
  const auto at = std::ranges::find(columns_, name, &TableColumn::name);
  if (at == columns_.end()) return std::nullopt;
  return static_cast<uint32_t>(at - columns_.begin());
}

KnowledgeBase::KnowledgeBase(std::unique_ptr<Content> content) : content_(std::move(content)) {}
KnowledgeBase::~KnowledgeBase() = default;
KnowledgeBase::KnowledgeBase(KnowledgeBase&&) noexcept = default;

uint32_t KnowledgeBase::concept_count() const { return content_->concepts.count(); }

ConceptId KnowledgeBase::find_concept(std::string_view system, std::string_view code) const {
  return content_->concepts.find(system, code);
}

ConceptInfo KnowledgeBase::concept_info(ConceptId id) const {
  return content_->concepts.holds(id) ? content_->concepts.info(id) : ConceptInfo{};
}

std::optional<uint32_t> KnowledgeBase::find_value_set(std::string_view url, std::string_view version) const {
  return content_->value_sets.find(url, version);
}

uint32_t KnowledgeBase::value_set_count() const { return content_->value_sets.count(); }

ValueSetInfo KnowledgeBase::value_set(uint32_t index) const {
  if (index >= value_set_count()) return {};
  const auto& entry = content_->value_sets[index];
  return {entry.url, entry.version, entry.name, static_cast<uint32_t>(entry.members.ids().size())};
}

bool KnowledgeBase::is_member(uint32_t value_set, ConceptId id) const {
  return value_set < value_set_count() && content_->value_sets[value_set].members.contains(id);
}

std::span<const ConceptId> KnowledgeBase::members(uint32_t value_set) const {
  if (value_set >= value_set_count()) return {};
  return content_->value_sets[value_set].members.ids();
}

bool KnowledgeBase::has_code_system(std::string_view url) const { return content_->concepts.has_system(url); }

bool KnowledgeBase::subsumes(ConceptId ancestor, ConceptId descendant) const {
  return content_->hierarchy.subsumes(ancestor, descendant);
}

std::span<const ConceptId> KnowledgeBase::related(Relation relation, ConceptId from) const {
  if (relation >= Relation::kCount) return {};
  return content_->relations[static_cast<size_t>(relation)].related(from);
}

bool KnowledgeBase::states_no_allergy(ConceptId id) const { return content_->no_allergy.contains(id); }

const KnowledgeTable* KnowledgeBase::find_table(std::string_view name) const {
  const auto at = std::ranges::lower_bound(content_->tables, name, {}, &KnowledgeTable::name);
  return at != content_->tables.end() && at->name() == name ? &*at : nullptr;
}

std::span<const KnowledgeTable> KnowledgeBase::tables() const { return content_->tables; }

uint64_t KnowledgeBase::digest() const { return content_->digest; }

}  // namespace vigil
