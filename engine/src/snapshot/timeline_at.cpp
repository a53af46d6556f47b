// SPDX-License-Identifier: Apache-2.0
// From versions to the facts known at an instant: which version of an id counts, and which codes a reference leads to.
#include <algorithm>
#include <string>

#include "diagnostics/catalogue.h"
#include "snapshot/timeline_content.h"

namespace vigil {

namespace {

using Version = Timeline::Content::Version;

std::string place(const ReadPlan& plan, const Version& version) {
  std::string text(plan.types()[version.type_index].name);
  return version.fact.id.empty() ? text : text.append("/").append(version.fact.id);
}

/// Below 0 where `a` gives way to `b`: a draft counts before a record, what was known later before what was known
/// earlier.
int compare_rank(const Version& a, const Version& b) {
  if (a.fact.origin != b.fact.origin) return a.fact.origin == Origin::kDraft ? 1 : -1;
  return a.known_from < b.known_from ? -1 : a.known_from > b.known_from ? 1 : 0;
}

bool same_version(const Version& a, const Version& b) {
  return same_content(*a.fact.resource, *b.fact.resource) &&
         std::equal(a.contained.begin(), a.contained.end(), b.contained.begin(), b.contained.end(),
                    [](const Object* x, const Object* y) { return same_content(*x, *y); });
}

/// Of each (type, id) the version that counts at `at`; those of equal rank that differ are conflicts.
void choose_versions(Timeline::Content& content, Instant at) {
  content.winners.assign(content.identity_count, HashIndex::kNone);
  content.conflicts.assign(content.identity_count, 0);
  for (uint32_t v = 0; v < content.versions.size(); ++v) {
    const Version& version = content.versions[v];
    if (version.identity == HashIndex::kNone || !version.known_at(at)) continue;
    uint32_t& winner = content.winners[version.identity];
    const int rank = winner == HashIndex::kNone ? 1 : compare_rank(version, content.versions[winner]);
    if (rank > 0) {
      winner = v;
      content.conflicts[version.identity] = 0;
    } else if (rank == 0 && !same_version(version, content.versions[winner])) {
      content.conflicts[version.identity] = 1;
    }
  }
}

}  // namespace

uint64_t Snapshot::stamp(uint16_t fhir_type) const {
  const auto index = timeline_->content_->type_index(fhir_type);
  const uint64_t facts = index < stamps_.size() ? stamps_[index] : 0;
  return stamp_with(facts, static_cast<uint64_t>(completeness(fhir_type)));
}

Snapshot Timeline::at(Instant at, DiagnosticSink& sink) const {
  Snapshot snapshot;
  this->at(at, sink, snapshot);
  return snapshot;
}

void Timeline::at(Instant at, DiagnosticSink& sink, Snapshot& snapshot) const {
  Content& content = *content_;
  const auto& versions = content.versions;
  snapshot.timeline_ = this;
  snapshot.patient_ = SIZE_MAX;
  snapshot.completeness_.assign(content.completeness.begin(), content.completeness.end());
  snapshot.completeness_of_all_ = content.completeness_of_all;
  snapshot.by_type_.assign(plan_->types().size(), {0, 0});
  snapshot.stamps_.assign(plan_->types().size(), 0);
  snapshot.fact_of_version_.assign(versions.size(), Object::kNoFact);

  const bool choose = content.has_repeats;
  if (choose) choose_versions(content, at);
  const auto counts = [&](uint32_t v) {
    const Version& version = versions[v];
    if (!version.known_at(at)) return false;
    if (!choose || version.identity == HashIndex::kNone) return true;
    return content.winners[version.identity] == v && content.conflicts[version.identity] == 0;
  };

  // Counting sort by type: how many of each, where each begins, then each version to its place, in the order read.
  uint32_t total = 0;
  for (uint32_t v = 0; v < versions.size(); ++v)
    if (counts(v)) {
      ++snapshot.by_type_[versions[v].type_index].second;
      snapshot.fact_of_version_[v] = 0;
    } else if (choose && versions[v].identity != HashIndex::kNone && content.winners[versions[v].identity] == v) {
      auto diagnostic = make_diagnostic<Code::VGL1005>({}, versions[v].fact.id);
      diagnostic.place = place(*plan_, versions[v]);
      sink.add(std::move(diagnostic));
      snapshot.completeness_[versions[v].fact.fhir_type] = Completeness::kDamaged;
    }
  for (auto& [begin, end] : snapshot.by_type_) {
    begin = total;
    total += std::exchange(end, begin);
  }
  snapshot.facts_.resize(total);
  content.fact_stamps.resize(total);
  for (uint32_t v = 0; v < versions.size(); ++v) {
    if (snapshot.fact_of_version_[v] == Object::kNoFact) continue;
    const uint32_t place = snapshot.by_type_[versions[v].type_index].second++;
    snapshot.fact_of_version_[v] = place;
    snapshot.facts_[place] = versions[v].fact;
    content.fact_stamps[place] = v;
  }
  follow_code_references(sink, snapshot);
  for (size_t type = 0; type < snapshot.by_type_.size(); ++type)
    for (auto [place, end] = snapshot.by_type_[type]; place < end; ++place)
      snapshot.stamps_[type] = stamp_with(snapshot.stamps_[type], content.fact_stamps[place]);
  list_by_filter(snapshot);
  if (content.patient_type_index == SIZE_MAX) return;
  const auto [first, last] = snapshot.by_type_[content.patient_type_index];
  if (last == first + 1) snapshot.patient_ = first;
  if (last > first + 1) snapshot.completeness_[snapshot.facts_[first].fhir_type] = Completeness::kDamaged;
}

/// "medicationReference": the codes are those of the resource referred to, in the version this snapshot knows.
void Timeline::follow_code_references(DiagnosticSink& sink, Snapshot& snapshot) const {
  for (uint32_t v = 0; v < content_->versions.size(); ++v) {
    const Version& version = content_->versions[v];
    if (version.code_reference.empty() || snapshot.fact_of_version_[v] == Object::kNoFact) continue;
    Fact& fact = snapshot.facts_[snapshot.fact_of_version_[v]];
    const Object* target = snapshot.resolve(version.code_reference, fact.resource);
    const Fact* target_fact = target == nullptr ? nullptr : snapshot.fact(*target);
    // What may be there is there if what refers to it is no surer; else nobody can say what the codes were.
    if (target_fact != nullptr && target_fact->is_possible && !fact.is_possible) {
      fact.unresolved_reference = true;
      continue;
    }
    // What refers on to a third resource is not followed: no primary code path leads there.
    if (target_fact == nullptr || !content_->versions[target->fact].code_reference.empty()) {
      fact.unresolved_reference = true;
      auto diagnostic = make_diagnostic<Code::VGL1011>({}, version.code_reference);
      diagnostic.place = place(*plan_, version);
      sink.add(std::move(diagnostic));
    } else if (fact.code_count == 0) {
      uint64_t& stamp = content_->fact_stamps[snapshot.fact_of_version_[v]];
      stamp = stamp_with(stamp, target->fact);
      fact.codes = target_fact->codes;
      fact.code_count = target_fact->code_count;
      fact.unresolved_reference |= target_fact->unresolved_reference;
    }
  }
}

}  // namespace vigil
