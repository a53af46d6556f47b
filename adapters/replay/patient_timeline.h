// SPDX-License-Identifier: Apache-2.0
// A patient's stored versions in a timeline, each known from when it was known and in the state it had then.
#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/rulebook.h>
#include <vigil/snapshot.h>

#include "fhir/version_reader.h"
#include "replay/as_of.h"
#include "replay/delay_model.h"
#include "replay/known_gaps.h"
#include "replay/triggers.h"
#include "store/store.h"

namespace vigil::replay {

/// What subgroups are made of.
struct Person {
  std::optional<Temporal> born;
  std::string_view sex;
  bool is_of_later = false;  ///< no version of the Patient was known by then: it is of the first that came
};

/// Loads patient after patient, reusing its memory. Not thread-safe.
class PatientTimeline {
 public:
  /// The rulebook, the delays and the store, which holds what patients share, must outlive it.
  /// Dates without a time are days of the site, at its offset from UTC in minutes.
  PatientTimeline(const Rulebook& rulebook, Mode mode, const DelayModel& delays, const store::Store& store,
                  int16_t site_offset = 0);

  /// The versions, and the bytes they view, must stay until the next. With `for_triggers`, the courses of types that no
  /// rule reads are found too. Orders that `asked` names are there at its instants: as drafts where they were not known
  /// by then; of one that is not on record at all, the type is damaged then, or rules would say that there was none.
  void load(std::span<const store::StoredVersion> versions, DiagnosticSink& sink, bool for_triggers,
            std::span<const ReplayTrigger> asked = {});
  /// Something of a type was lost that cannot have been known before; an empty name stands for all types. After load()
  /// and before look().
  void degrade(const store::Degraded& lost);
  /// What was known at this instant. Instants must not go back within a patient.
  void look(Instant at, DiagnosticSink& sink, Snapshot& snapshot);

  /// As known at this instant; in a naive view as known last.
  Person person(Instant at) const;
  /// The patient's own.
  std::span<const DatedVersion> versions() const { return std::span(dated_).first(own_); }
  /// The version of the view a resource of the last snapshot stands for; null for none of the store's.
  const AsOfVersion* version_of(const Object& resource) const;
  /// What the store holds of it.
  const store::StoredVersion& stored(const AsOfVersion& version) const { return *dated_[version.version].stored; }
  /// How many versions are known only later.
  size_t count_known_after(Instant at) const;

 private:
  /// What was read of a stored version.
  struct Read {
    const Object* object = nullptr;
    std::vector<const Object*> contained;
    size_t references_begin = 0;  ///< among the reader's
    size_t references_end = 0;
    bool is_damaged = false;
  };
  /// What is shared and referred to, by number, with its versions.
  struct SharedViews {
    uint32_t number_count = 0;
    std::vector<AsOfVersion> views;                  ///< of versions
    std::vector<uint32_t> number_of;                 ///< of each of them
    std::vector<std::pair<size_t, uint32_t>> edges;  ///< a version, and what it refers to
  };
  Read read();
  void add_drafts(std::span<const ReplayTrigger> asked);
  void add_draft(const ResourceReference& order, Instant at);
  void add_damage(const std::vector<Read>& objects);
  void read_shared(std::vector<Read>& objects);
  void add_shared(const SharedViews& shared);
  std::vector<Instant> referred_since(const SharedViews& shared, bool counts_possible);
  std::optional<AsOfVersion> read_shared(const store::StoredVersion& version, std::string_view url,
                                         std::vector<Read>& objects);
  void add(const AsOfVersion& version, const Object& stored, std::span<const Object* const> contained);
  std::optional<Instant> find_delay(const store::StoredVersion& stored) const;

  const Rulebook& rulebook_;
  Mode mode_;
  const DelayModel& delays_;
  const store::Store& store_;
  int16_t site_offset_;
  std::vector<store::StoredVersion> moved_;  ///< the versions at the site's midnights
  std::deque<store::StoredVersion> shared_;  ///< what the patient shares with others, likewise
  std::vector<store::StoredVersion> found_;  ///< of one shared resource
  std::vector<Instant> first_known_;         ///< by the patient's own version
  Timeline timeline_;
  fhir::VersionReader reader_;
  std::vector<DatedVersion> dated_;  ///< the patient's own, then the shared ones
  size_t own_ = 0;                   ///< how many are the patient's own
  std::vector<AsOfVersion> view_;
  std::vector<const AsOfVersion*> version_of_;  ///< by Object::fact
  std::vector<Instant> known_;                  ///< of the view's versions, sorted
  KnownGaps gaps_;
};

}  // namespace vigil::replay
