// SPDX-License-Identifier: Apache-2.0
// When each version was known, and in which states it stood before the stored one.
#include "replay/as_of.h"

#include <algorithm>
#include <array>

#include <vigil/primitives.h>

namespace vigil::replay {

namespace {

/// Statuses that nothing but each other comes before: who has one now never had an ended one.
constexpr std::array<std::string_view, 26> kFirstStatuses = {
    "",         "active",      "draft",      "planned", "arrived",    "triaged",   "in-progress", "preparation",
    "unknown",  "preliminary", "registered", "final",   "proposed",   "requested", "intended",    "recurrence",
    "accepted", "waitlist",    "pending",    "booked",  "checked-in", "available", "current",     "candidate",
    "eligible", "on-study"};

bool is_first_status(std::string_view status) {
  return std::ranges::find(kFirstStatuses, status) != kFirstStatuses.end();
}

Basis basis_of(store::KnownSource source) {
  switch (source) {
    case store::KnownSource::kHistory: return Basis::kHistory;
    case store::KnownSource::kIssued: return Basis::kIssued;
    case store::KnownSource::kRecorded: return Basis::kRecorded;
    case store::KnownSource::kAuthored: return Basis::kAuthored;
    case store::KnownSource::kFiled: return Basis::kFiled;
    case store::KnownSource::kEffective:
    case store::KnownSource::kNone: break;
  }
  return Basis::kClinical;
}

/// Since when a version may have been known, and since when it surely was.
struct Known {
  Instant from;
  Instant by;  ///< kForever: nothing tells
  Basis basis;
};

Known known_since(const DatedVersion& dated, Mode mode) {
  const auto& stored = *dated.stored;
  const Instant clinical = stored.clinical_from;
  if (dated.course.is(Lifecycle::kPatient) && stored.known_source != store::KnownSource::kHistory)
    return {kAlways, kAlways, Basis::kAlways};
  if (mode == Mode::kNaive) return {clinical, clinical, Basis::kClinical};
  const Instant end_of_day = dated.known_by;  // of what has a time: that time, or nothing
  const bool is_dated = stored.known_source != store::KnownSource::kNone;
  if (stored.known_source == store::KnownSource::kHistory)
    return {stored.known_from, stored.known_from, Basis::kHistory};
  if (is_dated && stored.known_source != store::KnownSource::kEffective) {
    // What was revised was there before, be its issue that of the first version or, as FHIR R4 has it, of this one.
    const bool was_there_before = dated.course.is_revised && clinical != kAlways;
    return {was_there_before ? std::min(clinical, stored.known_from) : stored.known_from,
            std::max(stored.known_from, end_of_day), basis_of(stored.known_source)};
  }
  if (!is_dated || clinical == kAlways) return {clinical, kForever, Basis::kClinical};
  const bool is_entered_then = dated.course.is(Lifecycle::kEncounter);  // by those who see it, be it dated by a day
  if (mode == Mode::kDelay && dated.delay) {
    const Instant by = is_entered_then ? clinical : std::max(clinical, end_of_day);
    return {clinical + *dated.delay, by + *dated.delay, Basis::kDelayModel};
  }
  return {clinical, is_entered_then ? clinical : kForever, Basis::kClinical};
}

/// Adds the states of one version within [version.known_from, version.known_to).
class StateSplitter {
 public:
  StateSplitter(const DatedVersion& dated, AsOfVersion version, std::vector<AsOfVersion>& versions)
      : course_(dated.course), version_(version), versions_(versions) {}

  void add_as_stored() { add(StatusThen::kAsStored, version_.known_from, version_.known_to); }

  void add_states() {
    if (course_.row == nullptr) return add_as_stored();
    follows_parts_ = !course_.parts.empty();
    if (course_.is(Lifecycle::kPatient) && course_.is_dead && !course_.ended)  // at some time he lived
      return add_undetermined();
    if (course_.is(Lifecycle::kPatient)) return split_at_end(StatusThen::kAsStored);
    if (course_.is_retracted) return add_undetermined();
    if (course_.ended && !(course_.is(Lifecycle::kOrder) && is_first_status(course_.status)))
      return split_at_end(is_first_status(course_.status) ? StatusThen::kAsStored : StatusThen::kInForce);
    if (is_first_status(course_.status) || course_.is_moment) return add_as_stored();
    add_undetermined();
  }

 private:
  /// When it came to be as stored nobody knows, but that it was so when it was last written.
  void add_undetermined() {
    const Instant updated = course_.updated.value_or(kForever);
    add(StatusThen::kUndetermined, version_.known_from, std::min(version_.known_to, updated));
    add(StatusThen::kAsStored, std::max(version_.known_from, updated), version_.known_to);
  }

  void split_at_end(StatusThen before) {
    const Instant end = course_.ended.value_or(kForever);
    add(before, version_.known_from, std::min(version_.known_to, course_.ended ? end : kAlways), true);
    add(StatusThen::kAsStored, std::max(version_.known_from, course_.ended ? end : kAlways), version_.known_to);
  }

  void add(StatusThen status, Instant from, Instant to, bool hides_later = false) {
    while (from < to) {
      AsOfVersion state = version_;
      state.status = status;
      state.known_from = from;
      state.known_to = follows_parts_ ? std::min(to, next_part(from)) : to;
      state.hides_later = hides_later;
      state.hides_parts = follows_parts_ && next_part(from) != kForever;
      state.hides_end = hides_later && was_cut_short(course_.status);
      versions_.push_back(state);
      from = state.known_to;
    }
  }

  /// When the next part begins, or is sure to have begun.
  Instant next_part(Instant from) const {
    Instant next = kForever;
    for (const auto& part : course_.parts)
      for (const Instant turn : {part.from, part.by})
        if (turn > from) next = std::min(next, turn);
    return next;
  }

  const Course& course_;
  AsOfVersion version_;
  std::vector<AsOfVersion>& versions_;
  bool follows_parts_ = false;
};

/// Whether it is the version that was first known of its resource.
bool is_first_version(std::span<const DatedVersion> versions, size_t v) {
  if (is_alone(*versions[v].stored)) return true;
  return std::ranges::none_of(versions.first(v), [&](const DatedVersion& other) {
    return other.stored->id == versions[v].stored->id &&
           other.stored->resource_type == versions[v].stored->resource_type;
  });
}

}  // namespace

std::string_view name(Mode mode) {
  constexpr std::array<std::string_view, 3> kNames = {"strict", "delay", "naive"};
  return kNames[static_cast<size_t>(mode)];
}

std::string_view name(Basis basis) {
  constexpr std::array<std::string_view, kBasisCount> kNames = {
      "always", "history", "issued", "recorded", "authored", "filed", "delay-model", "clinical", "open"};
  return kNames[static_cast<size_t>(basis)];
}

bool was_cut_short(std::string_view status) {
  return status == "stopped" || status == "cancelled" || status == "revoked" || status == "on-hold";
}

bool is_alone(const store::StoredVersion& version) {
  return version.known_source != store::KnownSource::kHistory && version.known_to == kForever;
}

std::optional<AsOfVersion> view_shared(const store::StoredVersion& version, Mode mode) {
  AsOfVersion view;
  if (mode == Mode::kNaive) return version.known_to == kForever ? std::optional(view) : std::nullopt;
  view.known_to = version.known_to;
  if (version.known_source >= store::KnownSource::kEffective) return view;
  view.known_from = version.known_from;
  view.basis = basis_of(version.known_source);
  return view;
}

void view_as_of(std::span<const DatedVersion> versions, Mode mode, std::vector<AsOfVersion>& view) {
  view.clear();
  for (size_t v = 0; v < versions.size(); ++v) {
    const auto& dated = versions[v];
    const auto& stored = *dated.stored;
    const auto known = known_since(dated, mode);
    AsOfVersion version;
    version.version = static_cast<uint32_t>(v);
    Instant from = known.from;
    if (dated.course.is(Lifecycle::kOrder) && dated.course.authored) {
      const Instant authored = to_instant(*dated.course.authored);
      if (is_first_version(versions, v))
        view.push_back({version.version, authored, authored + 1, StatusThen::kDraft, true,
                        was_cut_short(dated.course.status), Basis::kAuthored});
      from = std::max(from, authored + 1);
    }
    if (mode == Mode::kNaive && stored.known_to != kForever) continue;  // today's record no longer has it
    const bool is_as_stored = mode == Mode::kNaive || stored.known_source == store::KnownSource::kHistory;
    const auto add = [&](Instant begin, Instant end, Basis basis) {
      version.known_from = begin;
      version.known_to = end;
      version.basis = basis;
      StateSplitter states(dated, version, view);
      is_as_stored ? states.add_as_stored() : states.add_states();
    };
    add(from, std::min(known.by, stored.known_to), Basis::kOpen);
    add(std::max(from, known.by), stored.known_to, known.basis);
  }
}

}  // namespace vigil::replay
