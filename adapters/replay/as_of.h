// SPDX-License-Identifier: Apache-2.0
// From the versions a store holds to what was known when, and in which state: the as-of view.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <vigil/snapshot.h>

#include "replay/course.h"
#include "store/store.h"

namespace vigil::replay {

/// How known times are taken.
enum class Mode : uint8_t {
  kStrict,  ///< only what its source says was known; what has but a clinical time may have been known since then
  kDelay,   ///< the same, but what has a clinical time was known the delay model's delay after it
  kNaive,   ///< known from its clinical time, in its last state: what a query over today's record sees
};
std::string_view name(Mode mode);

/// By what a version counts as known since then.
enum class Basis : uint8_t {
  kAlways,  ///< demographics, and what is about no patient and not dated
  kHistory,
  kIssued,
  kRecorded,
  kAuthored,
  kFiled,
  kDelayModel,  ///< clinical time and delay
  kClinical,    ///< clinical time alone: naive mode, and the begin of encounters, which are entered as they begin
  kOpen,        ///< it may have been known, or not: nothing tells when, or at which hour of a day
};
inline constexpr size_t kBasisCount = 9;
std::string_view name(Basis basis);

/// The status a version had then.
enum class StatusThen : uint8_t {
  kAsStored,
  kInForce,       ///< LifecycleRow::active: its end had not come
  kDraft,         ///< an order under review
  kUndetermined,  ///< it has changed, and nothing tells when
};

/// One stored version, with what is known of its place in time.
struct DatedVersion {
  const store::StoredVersion* stored = nullptr;
  Course course;
  std::optional<Instant> delay;  ///< by the delay model
  Instant known_by = kAlways;    ///< of one known on a day, no one knows the hour: the end of that day (site_days.h)
};

/// A stored version, or a state of it, as known in [known_from, known_to).
struct AsOfVersion {
  uint32_t version = 0;  ///< index among the patient's versions
  Instant known_from = kAlways;
  Instant known_to = kForever;
  StatusThen status = StatusThen::kAsStored;
  bool hides_later = false;  ///< LifecycleRow::later is not known yet
  bool hides_end = false;    ///< nor LifecycleRow::ends: an order that was stopped may have had another end before
  Basis basis = Basis::kAlways;
  bool hides_parts = false;  ///< elements of LifecycleRow::parts that begin after known_from are not there yet

  bool is_possible() const { return basis == Basis::kOpen; }
};

/// Whether a status tells of an order that ended before its time, so that the end it has now is not the one planned.
bool was_cut_short(std::string_view status);

/// Whether the record can hold no other version of the resource: it is of no history, and nothing followed it.
bool is_alone(const store::StoredVersion& version);

/// The view of a version of what is about no patient; none where it is not in the record. Where nothing tells when it
/// was known, as with a single version of a Medication, it is known always. A naive view has but the last version.
std::optional<AsOfVersion> view_shared(const store::StoredVersion& version, Mode mode);

/// A pure function of the versions. An order is a draft at the instant of its authoring and record right after. Its
/// status, and that of conditions, encounters and the like, is
///   * that of the version known then, where the store holds several versions;
///   * else the one in force until the end that the resource dates (abatement, period), and the stored one from then;
///   * else the stored one, where it is one that comes first (active, in-progress, preliminary …): it was so all along;
///   * else undetermined, and so is LifecycleRow::later, until meta.lastUpdated: then it was as stored. Of a report
///   that
///     was revised, what the revision may have changed; it may have been there since its clinical time.
/// What was known on a day, no one knows the hour, is possible in the day and counts from its end; so is what a delay
/// model dates from a day. What nothing dates but a clinical time is possible since then. An order dated by a day is
/// there as a draft at its instant, which is the begin of the day. Elements that tell their begin are there from then
/// on, and open on the day that is all that dates them (but those of encounters, which are entered as they begin); a
/// version of a history is as it is. `view` is overwritten; its memory is reused.
void view_as_of(std::span<const DatedVersion> versions, Mode mode, std::vector<AsOfVersion>& view);

}  // namespace vigil::replay
