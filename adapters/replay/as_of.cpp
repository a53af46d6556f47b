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

bool was_cut_short(std::string_view status) {
  return status == "stopped" || status == "cancelled" || status == "revoked" || status == "on-hold";
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

struct Known {
  Instant from;
  Basis basis;
};

/// None where nothing tells.
std::optional<Known> known_since(const DatedVersion& dated, Mode mode) {
  const auto& stored = *dated.stored;
  if (dated.course.is(Lifecycle::kPatient) && stored.known_source != store::KnownSource::kHistory)
    return Known{kAlways, Basis::kAlways};
  if (mode == Mode::kNaive) return Known{stored.clinical_from, Basis::kClinical};
  const bool is_dated = stored.known_source != store::KnownSource::kNone;
  if (is_dated && stored.known_source != store::KnownSource::kEffective)
    return Known{stored.known_from, basis_of(stored.known_source)};
  if (!is_dated || stored.clinical_from == kAlways) return std::nullopt;
  if (mode == Mode::kDelay && dated.delay) return Known{stored.clinical_from + *dated.delay, Basis::kDelayModel};
  if (dated.course.is(Lifecycle::kEncounter)) return Known{stored.clinical_from, Basis::kClinical};
  return std::nullopt;
}

/// Whether the source told the time: not a delay model, nor the begin of an encounter, which those who see it know of.
bool is_of_known_time(Basis basis) { return basis >= Basis::kIssued && basis <= Basis::kFiled; }

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
      return add(StatusThen::kUndetermined, version_.known_from, version_.known_to);
    if (course_.is(Lifecycle::kPatient)) return split_at_end(StatusThen::kAsStored);
    if (course_.is_retracted) return add(StatusThen::kUndetermined, version_.known_from, version_.known_to);
    if (course_.ended && !(course_.is(Lifecycle::kOrder) && is_first_status(course_.status)))
      return split_at_end(is_first_status(course_.status) ? StatusThen::kAsStored : StatusThen::kInForce);
    if (is_first_status(course_.status) || course_.is_moment) return add_as_stored();
    add(StatusThen::kUndetermined, version_.known_from, version_.known_to);
  }

 private:
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
  constexpr std::array<std::string_view, kBasisCount> kNames = {"always",   "history", "issued",      "recorded",
                                                                "authored", "filed",   "delay-model", "clinical"};
  return kNames[static_cast<size_t>(basis)];
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

void view_as_of(std::span<const DatedVersion> versions, Mode mode, AsOfView& view) {
  view.versions.clear();
  view.withheld.clear();
  for (size_t v = 0; v < versions.size(); ++v) {
    const auto& dated = versions[v];
    const bool has_history = dated.stored->known_source == store::KnownSource::kHistory;
    const auto known = known_since(dated, mode);
    AsOfVersion version;
    version.version = static_cast<uint32_t>(v);
    if (dated.course.is(Lifecycle::kOrder) && dated.course.authored && is_first_version(versions, v)) {
      const Instant authored = to_instant(*dated.course.authored);
      version = {version.version, authored, authored + 1, StatusThen::kDraft, true, was_cut_short(dated.course.status),
                 Basis::kAuthored};
      view.versions.push_back(version);
    }
    if (!known) {
      view.withheld.push_back({version.version, dated.stored->clinical_from});
      continue;
    }
    version = {version.version, known->from, dated.stored->known_to, StatusThen::kAsStored, false, false, known->basis};
    if (dated.course.is(Lifecycle::kOrder) && dated.course.authored)
      version.known_from = std::max(version.known_from, to_instant(*dated.course.authored) + 1);
    if (mode != Mode::kNaive && is_of_known_time(version.basis) && version.known_from < dated.known_by) {
      if (version.known_from < version.known_to)
        view.withheld.push_back(
            {version.version, version.known_from, false, std::min(dated.known_by, version.known_to)});
      version.known_from = dated.known_by;
    }
    StateSplitter states(dated, version, view.versions);
    if (mode == Mode::kNaive) {
      if (version.known_to == kForever) states.add_as_stored();  // else today's record no longer has it
    } else if (has_history) {
      states.add_as_stored();
    } else {
      states.add_states();
    }
  }
}

}  // namespace vigil::replay
