// SPDX-License-Identifier: Apache-2.0
// Groups records by resource and makes versions of each group.
#include "store/resolve_versions.h"

#include <algorithm>
#include <tuple>

namespace vigil::store {
namespace {

bool same_resource(const Record& a, const Record& b) {
  return a.identity == b.identity && a.id == b.id && a.type == b.type;
}

/// Everything that tells records apart: the hash of type and id first, which mostly does. The place comes last: it only
/// decides which of equals counts as repeated.
bool comes_before(const Record* a, const Record* b) {
  if (a->identity != b->identity) return a->identity < b->identity;
  if (const int order = a->id.compare(b->id); order != 0) return order < 0;
  if (const int order = a->type.compare(b->type); order != 0) return order < 0;
  return std::tie(a->kind, a->updated, a->version_number, a->json, a->is_of_history, a->full_url, a->place) <
         std::tie(b->kind, b->updated, b->version_number, b->json, b->is_of_history, b->full_url, b->place);
}

bool is_before(const StoredVersion& a, const StoredVersion& b) {
  return std::tie(a.known_from, a.resource_type, a.id, a.json, a.known_to) <
         std::tie(b.known_from, b.resource_type, b.id, b.json, b.known_to);
}

/// Whether `b` says nothing new: the same text, at the same time or at one that is not told.
bool is_repetition(const Record& a, const Record& b) {
  return a.json == b.json && (a.updated == b.updated || a.updated == kAlways || b.updated == kAlways);
}

StoredVersion version_of(const Record& record, bool is_history) {
  StoredVersion version;
  version.resource_type = record.type;
  version.id = record.id;
  version.full_url = record.full_url;
  version.json = record.json;
  version.clinical_from = record.clinical_from;
  version.known_from = is_history ? record.updated : record.known_from;
  version.known_source = is_history ? KnownSource::kHistory : record.known_source;
  return version;
}

/// Before it none of them can have been known; kAlways of none.
Instant earliest(std::span<const Record* const> records) {
  Instant from = records.empty() ? kAlways : kForever;
  for (const Record* record : records) from = std::min(from, known_at_earliest(*record));
  return from;
}

/// Whether each of several versions tells its place among them; they are sorted by it.
bool tell_their_order(std::span<const Record* const> versions) {
  const auto same = [](const Record* a, const Record* b) {
    return a->updated == b->updated && a->version_number == b->version_number;
  };
  return versions.front()->updated != kAlways &&
         std::adjacent_find(versions.begin(), versions.end(), same) == versions.end();
}

}  // namespace

void VersionResolver::resolve(const std::vector<Record>& records, ResolvedPatient& patient, ImportLog& log) {
  patient.versions.clear();
  patient.degraded.clear();
  sorted_.clear();
  for (const auto& record : records) sorted_.push_back({record.identity, &record});
  std::sort(sorted_.begin(), sorted_.end(), [](const Sorted& a, const Sorted& b) {
    return a.identity != b.identity ? a.identity < b.identity : comes_before(a.record, b.record);
  });
  for (size_t begin = 0; begin < sorted_.size();) {
    of_resource_.clear();
    size_t end = begin;
    do of_resource_.push_back(sorted_[end++].record);
    while (end < sorted_.size() && same_resource(*sorted_[end].record, *sorted_[begin].record));
    resolve_resource(of_resource_, patient, log);
    begin = end;
  }
  sort(patient);
  std::sort(patient.degraded.begin(), patient.degraded.end());
  const auto same_type = [](const Degraded& a, const Degraded& b) { return a.type == b.type; };  // the earliest stays
  patient.degraded.erase(std::unique(patient.degraded.begin(), patient.degraded.end(), same_type),
                         patient.degraded.end());
  for (const auto& version : patient.versions) ++known_sources_[static_cast<size_t>(version.known_source)];
}

/// Sorts times and numbers, which are small, and then moves each version once.
void VersionResolver::sort(ResolvedPatient& patient) {
  places_.clear();
  std::swap(unsorted_, patient.versions);
  patient.versions.clear();
  for (uint32_t i = 0; i < unsorted_.size(); ++i) places_.push_back({unsorted_[i].known_from, i});
  std::sort(places_.begin(), places_.end(), [this](const Placed& a, const Placed& b) {
    return a.known_from != b.known_from ? a.known_from < b.known_from
                                        : is_before(unsorted_[a.number], unsorted_[b.number]);
  });
  for (const auto& place : places_) patient.versions.push_back(unsorted_[place.number]);
}

void VersionResolver::resolve_resource(std::span<const Record* const> records, ResolvedPatient& patient,
                                       ImportLog& log) {
  distinct_.clear();
  deletions_.clear();
  bool is_of_history = false;
  for (const Record* each : records) {
    const Record& record = *each;
    is_of_history |= record.is_of_history;
    if (record.kind == RecordKind::kDeletion || record.kind == RecordKind::kRepeatedDeletion) {
      if (record.kind == RecordKind::kDeletion) log.count_kept(record.type);
      deletions_.push_back(&record);
    } else if (const auto same = std::find_if(distinct_.begin(), distinct_.end(),
                                              [&](const Record* other) { return is_repetition(*other, record); });
               same != distinct_.end()) {
      if (record.kind != RecordKind::kAlias) log.count_repeated(record.type);
      if ((*same)->updated == kAlways) *same = &record;
    } else {
      distinct_.push_back(&record);
    }
  }
  if (distinct_.size() > 1)  // it takes memory of its own
    std::stable_sort(distinct_.begin(), distinct_.end(), [](const Record* a, const Record* b) {
      return std::tuple(a->updated, a->version_number) < std::tuple(b->updated, b->version_number);
    });
  // Resources without an id cannot be told to be one: each text is its own.
  const bool is_one = !records.front()->id.empty();
  if (is_one && distinct_.size() > 1 && !tell_their_order(distinct_)) return reject(distinct_, patient, log);
  const size_t first = patient.versions.size();
  for (const Record* record : distinct_) {
    // Of a source that tells no history the first version stays known since it says itself, as it would alone: what is
    // known of a second one must not move it.
    const bool is_history = is_one && record->updated != kAlways && (is_of_history || record != distinct_.front());
    auto& version = patient.versions.emplace_back(version_of(*record, is_history));
    if (is_one && record != distinct_.front()) (&version - 1)->known_to = version.known_from;
    if (record->kind != RecordKind::kAlias) log.count_kept(record->type);
  }
  for (const Record* deletion : deletions_) {
    if (deletion->updated == kAlways) {  // some time after the resource was known
      patient.degraded.push_back({deletion->type, earliest(distinct_)});
      continue;
    }
    for (auto& version : std::span(patient.versions).subspan(first))
      if (version.known_from <= deletion->updated) version.known_to = std::min(version.known_to, deletion->updated);
  }
}

void VersionResolver::reject(std::span<const Record* const> versions, ResolvedPatient& patient, ImportLog& log) {
  for (const Record* record : versions)
    if (record->kind != RecordKind::kAlias)
      log.reject({record->place, std::string(record->type), "VGL1005",
                  "two different resources have the id `" + std::string(record->id) + "`"});
  patient.degraded.push_back({versions.front()->type, earliest(versions)});
}

}  // namespace vigil::store
