// SPDX-License-Identifier: Apache-2.0
// Questions to a snapshot: facts of a type, completeness, concepts, references.
#include <algorithm>
#include <string>

#include "snapshot/code_filters.h"
#include "snapshot/timeline_content.h"

namespace vigil {

namespace {

/// A literal reference taken apart: "http://host/fhir/Medication/1/_history/2" is base "http://host/fhir/", type
/// "Medication", id "1". The type is empty where the text is no such reference.
struct LiteralReference {
  std::string_view base;
  std::string_view type;
  std::string_view id;
  std::string_view without_version;
};

LiteralReference parse_literal(std::string_view text) {
  text = text.substr(0, text.find("/_history/"));
  const size_t id = text.rfind('/');
  if (id == std::string_view::npos || id == 0) return {{}, {}, {}, text};
  const size_t type = text.rfind('/', id - 1);
  const size_t type_begin = type == std::string_view::npos ? 0 : type + 1;
  return {text.substr(0, type_begin), text.substr(type_begin, id - type_begin), text.substr(id + 1), text};
}

}  // namespace

std::span<const Fact> Snapshot::facts(uint16_t fhir_type) const {
  const size_t type = timeline_ == nullptr ? SIZE_MAX : timeline_->content_->type_index(fhir_type);
  if (type >= by_type_.size()) return {};
  const auto [begin, end] = by_type_[type];
  return std::span(facts_).subspan(begin, end - begin);
}

ConceptInfo Snapshot::concept_info(ConceptId id) const {
  const auto& content = *timeline_->content_;
  if (id == 0) return {};
  if (id <= content.last_shared_id) {
    const auto held = timeline_->knowledge_->concept_count();
    if (id <= held) return timeline_->knowledge_->concept_info(id);
    const auto& named = content.plan.code_filters()->named()[id - held - 1];
    return {named.system, named.code, {}};
  }
  const size_t own = id - content.last_shared_id - 1;
  return own < content.own_concepts.size() ? content.own_concepts[own] : ConceptInfo{};
}

const KnowledgeBase& Snapshot::knowledge() const { return timeline_->knowledge(); }

uint64_t Snapshot::plan_digest() const { return timeline_ == nullptr ? 0 : timeline_->plan().digest(); }

const Object* Snapshot::resolve(std::string_view reference, const Object* from) const {
  if (reference.empty() || timeline_ == nullptr) return nullptr;
  const auto& content = *timeline_->content_;
  if (reference[0] == '#') return from == nullptr ? nullptr : content.find_contained(reference, *from);

  // An absolute URL names a resource of its own server: one known under another URL is not meant.
  const auto find_by_id = [&](uint16_t type, std::string_view id, bool is_absolute) -> const Object* {
    for (uint32_t v = content.find_identity(type, id); v != HashIndex::kNone;
         v = content.versions[v].previous_of_identity)
      if (fact_of_version_[v] != Object::kNoFact && (!is_absolute || content.versions[v].full_url.empty()))
        return content.versions[v].fact.resource;
    return nullptr;
  };
  const auto find_by_url = [&](std::string_view url) -> const Object* {
    for (uint32_t v = content.find_url(url); v != HashIndex::kNone; v = content.versions[v].previous_of_url)
      if (fact_of_version_[v] != Object::kNoFact) return content.versions[v].fact.resource;
    if (!url.starts_with("urn:")) return nullptr;
    // A URN names a resource within one document; the version that counts may come from another.
    for (uint32_t v = content.find_url(url); v != HashIndex::kNone; v = content.versions[v].previous_of_url)
      if (const auto& fact = content.versions[v].fact; !fact.id.empty())
        if (const Object* known = find_by_id(content.versions[v].type_index, fact.id, /*is_absolute=*/false))
          return known;
    return nullptr;
  };
  const LiteralReference literal = parse_literal(reference);
  if (const Object* found = find_by_url(literal.without_version)) return found;
  const PlannedType* type = literal.type.empty() ? nullptr : timeline_->plan().resource(literal.type);
  if (type == nullptr) return nullptr;

  const auto index = static_cast<uint16_t>(content.type_index(type->fhir_type));
  if (const Object* found = find_by_id(index, literal.id, !literal.base.empty())) return found;
  if (!literal.base.empty() || from == nullptr || from->fact >= content.versions.size()) return nullptr;

  // A relative one where the data has no id: the URL is that of `from` with another type and id (FHIR R4,
  // Bundle, 2.36.4.1).
  const auto base = parse_literal(content.versions[from->fact].full_url).base;
  return base.empty() ? nullptr : find_by_url(std::string(base).append(literal.without_version));
}

}  // namespace vigil
