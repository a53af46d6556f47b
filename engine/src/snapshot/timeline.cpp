// SPDX-License-Identifier: Apache-2.0
// Taking versions in: the public face of Timeline, and the indexes over versions.
#include <algorithm>

#include "snapshot/code_filters.h"
#include "snapshot/timeline_content.h"

namespace vigil {

namespace {

bool keeps_references(const ReadPlan& plan) {
  const auto* reference = plan.type(model::find_type("Reference"));
  return reference != nullptr && reference->find("reference") != nullptr;
}

}  // namespace

Timeline::Content::Content(const ReadPlan& read_plan, const KnowledgeBase& knowledge, size_t max_bytes)
    : plan(read_plan),
      arena(max_bytes),
      part_reader(plan),
      last_shared_id(plan.code_filters() == nullptr ? knowledge.concept_count()
                                                    : plan.code_filters()->last_shared_id()),
      patient_type_index(type_index(model::find_type("Patient"))),
      follows_references(keeps_references(plan)),
      completeness(model::type_count(), Completeness::kComplete) {}

void Timeline::Content::clear() {
  arena.reset();
  versions.clear();
  identity_count = 0;
  has_repeats = false;
  identities.clear();
  urls.clear();
  with_contained.clear();
  own_concepts.clear();
  ++patient_number;
  if (codes.size() > kMostCodes) {
    codes.clear();
    code_index.clear();
    code_arena.reset();
  }
  std::fill(completeness.begin(), completeness.end(), Completeness::kComplete);
  completeness_of_all = Completeness::kComplete;
}

size_t Timeline::Content::type_index(uint16_t fhir_type) const {
  const PlannedType* type = plan.type(fhir_type);
  return type == nullptr ? SIZE_MAX : static_cast<size_t>(type - plan.types().data());
}

uint32_t Timeline::Content::find_identity(uint16_t type, std::string_view id) const {
  return identities.find(hash_bytes(id, type), [&](uint32_t v) {
    return versions[v].type_index == type && same_bytes(versions[v].fact.id, id);
  });
}

uint32_t Timeline::Content::find_url(std::string_view full_url) const {
  return urls.find(hash_bytes(full_url), [&](uint32_t v) { return versions[v].full_url == full_url; });
}

void Timeline::Content::index_identity(Version& version, uint32_t number) {
  if (version.fact.id.empty()) return;
  const uint64_t hash = hash_bytes(version.fact.id, version.type_index);
  const uint32_t previous = identities.find(hash, [&](uint32_t v) {
    return versions[v].type_index == version.type_index && same_bytes(versions[v].fact.id, version.fact.id);
  });
  if (previous == kNone) {
    version.identity = identity_count++;
    identities.insert(hash, number);
    return;
  }
  has_repeats = true;
  version.identity = versions[previous].identity;
  version.previous_of_identity = previous;
  identities.replace(hash, previous, number);
}

void Timeline::Content::index_url(Version& version, uint32_t number) {
  if (version.full_url.empty() || !follows_references) return;
  const uint64_t hash = hash_bytes(version.full_url);
  const uint32_t previous = urls.find(hash, [&](uint32_t v) { return versions[v].full_url == version.full_url; });
  if (previous == kNone) {
    urls.insert(hash, number);
  } else {
    version.previous_of_url = previous;
    urls.replace(hash, previous, number);
  }
}

void Timeline::Content::add(const FactVersion& given) {
  const size_t type = given.resource == nullptr ? SIZE_MAX : type_index(given.resource->fhir_type);
  if (type == SIZE_MAX) return;  // nothing looks at it
  const auto number = static_cast<uint32_t>(versions.size());
  auto& resource = const_cast<Object&>(*given.resource);  // made by this timeline's make_object
  resource.fact = number;

  const FactParts parts = part_reader.read(type, resource, arena);
  Version& version = versions.emplace_back();
  version.fact = {&resource,
                  parts.id,
                  parts.status,
                  parts.codes.data(),
                  static_cast<uint32_t>(parts.codes.size()),
                  resource.fhir_type,
                  given.origin,
                  parts.lost_reference,
                  given.is_possible};
  version.type_index = static_cast<uint16_t>(type);
  version.known_from = given.known_from;
  version.known_to = given.known_to;
  if (follows_references) version.full_url = arena.copy(given.full_url);
  if (!given.contained.empty()) {
    auto* contained = arena.array<const Object*>(given.contained.size());
    std::copy(given.contained.begin(), given.contained.end(), contained);
    version.contained = {contained, given.contained.size()};
    with_contained.push_back(number);
  }
  index_identity(version, number);
  index_url(version, number);
  if (parts.reference.starts_with('#'))
    take_codes_of_contained(version, parts.reference);
  else
    version.code_reference = parts.reference;
}

/// A contained resource is the same in every snapshot, so its codes are taken at once.
void Timeline::Content::take_codes_of_contained(Version& version, std::string_view reference) {
  const Object* target = find_contained(reference, *version.fact.resource);
  const size_t type = target == nullptr ? SIZE_MAX : type_index(target->fhir_type);
  version.fact.unresolved_reference |= type == SIZE_MAX;
  if (type == SIZE_MAX || version.fact.code_count != 0) return;
  const auto found = part_reader.codes(type, *target, arena);
  version.fact.codes = found.data();
  version.fact.code_count = static_cast<uint32_t>(found.size());
}

const Object* Timeline::Content::find_contained(std::string_view reference, const Object& from) const {
  const auto search = [&](const Version& version) -> const Object* {
    if (reference == "#") return version.fact.resource;
    for (const Object* contained : version.contained) {
      const size_t type = type_index(contained->fhir_type);
      if (type != SIZE_MAX && part_reader.id(type, *contained) == reference.substr(1)) return contained;
    }
    return nullptr;
  };
  if (from.fact < versions.size()) return search(versions[from.fact]);
  for (const uint32_t v : with_contained)
    if (std::find(versions[v].contained.begin(), versions[v].contained.end(), &from) != versions[v].contained.end())
      return search(versions[v]);
  return nullptr;
}

ConceptId Timeline::Content::find_shared(std::string_view system, std::string_view code,
                                         const KnowledgeBase& knowledge) const {
  if (const auto known = knowledge.find_concept(system, code); known != 0) return known;
  return plan.code_filters() == nullptr ? 0 : plan.code_filters()->find_named(system, code);
}

ConceptId Timeline::Content::intern(std::string_view& system, std::string_view& code, const KnowledgeBase& knowledge) {
  const uint64_t hash = hash_bytes(code, hash_bytes(system));
  uint32_t number = code_index.find(
      hash, [&](uint32_t n) { return same_bytes(codes[n].code, code) && same_bytes(codes[n].system, system); });
  if (number == HashIndex::kNone) {
    number = static_cast<uint32_t>(codes.size());
    codes.push_back({code_arena.copy(system), code_arena.copy(code), find_shared(system, code, knowledge), 0});
    code_index.insert(hash, number);
  }
  InternedCode& interned = codes[number];
  system = interned.system;
  code = interned.code;
  if (interned.id == 0 || interned.id > last_shared_id) {
    // Neither held nor named: a number of this patient's own, given when the patient's data first holds it.
    if (interned.patient != patient_number) {
      interned.patient = patient_number;
      own_concepts.push_back({system, code, {}});
      interned.id = last_shared_id + static_cast<ConceptId>(own_concepts.size());
    }
  }
  return interned.id;
}

Timeline::Timeline(const ReadPlan& plan, const KnowledgeBase& knowledge, size_t max_bytes)
    : plan_(&plan), knowledge_(&knowledge), content_(std::make_unique<Content>(plan, knowledge, max_bytes)) {}
Timeline::~Timeline() = default;
Timeline::Timeline(Timeline&&) noexcept = default;

void Timeline::clear() {
  content_->clear();
  free_ = nullptr;
  free_bytes_ = 0;
}

void* Timeline::allocate_in_next_chunk(size_t bytes) {
  constexpr size_t kChunk = size_t{1} << 14;
  if (bytes > kChunk / 4) return content_->arena.allocate(bytes);  // what is left of the chunk is still worth using
  free_ = static_cast<std::byte*>(content_->arena.allocate(kChunk));
  free_bytes_ = kChunk;
  return allocate(bytes);
}

std::string_view Timeline::copy_long(std::string_view text) {
  if (text.empty()) return {};
  void* bytes = allocate((text.size() + kAlign - 1) & ~(kAlign - 1));
  std::memcpy(bytes, text.data(), text.size());
  return {static_cast<const char*>(bytes), text.size()};
}

const Quantity* Timeline::make_quantity(Decimal value, std::string_view unit) {
  return content_->arena.make<Quantity>(Quantity{value, content_->arena.copy(unit)});
}

ConceptId Timeline::intern_views(std::string_view& system, std::string_view& code) {
  return system.empty() || code.empty() ? 0 : content_->intern(system, code, *knowledge_);
}

bool Timeline::full() const { return content_->arena.exceeded(); }

void Timeline::add(const FactVersion& version) { content_->add(version); }

void Timeline::degrade(uint16_t fhir_type, Completeness completeness) {
  if (fhir_type >= content_->completeness.size()) return degrade_all(completeness);
  auto& known = content_->completeness[fhir_type];
  known = std::max(known, completeness);
}

void Timeline::degrade_all(Completeness completeness) {
  content_->completeness_of_all = std::max(content_->completeness_of_all, completeness);
}

void Timeline::restore() {
  std::ranges::fill(content_->completeness, Completeness::kComplete);
  content_->completeness_of_all = Completeness::kComplete;
}

size_t Timeline::version_count() const { return content_->versions.size(); }

}  // namespace vigil
