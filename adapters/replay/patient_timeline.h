// SPDX-License-Identifier: Apache-2.0
// A patient's stored versions in a timeline, each known from when it was known and in the state it had then.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/rulebook.h>
#include <vigil/snapshot.h>

#include "fhir/version_reader.h"
#include "replay/as_of.h"
#include "replay/delay_model.h"
#include "store/store.h"

namespace vigil::replay {

/// What subgroups are made of.
struct Person {
  std::optional<Temporal> born;
  std::string_view sex;
};

/// Loads patient after patient, reusing its memory. Not thread-safe.
class PatientTimeline {
 public:
  /// What is about no patient, by "Type/id"; empty where there is none.
  using SharedLookup = std::function<std::string_view(std::string_view)>;

  /// The rulebook and the delays must outlive it.
  /// Dates without a time are days of the site, at its offset from UTC in minutes.
  PatientTimeline(const Rulebook& rulebook, Mode mode, const DelayModel& delays, SharedLookup shared,
                  int16_t site_offset = 0);

  /// The versions, and the bytes they view, must stay until the next. `degraded`: types of which something was lost;
  /// an empty name stands for all. With `for_triggers`, the courses of types that no rule reads are found too.
  void load(std::span<const store::StoredVersion> versions, DiagnosticSink& sink, bool for_triggers);
  void degrade(std::string_view resource_type);
  /// What was known at this instant. Instants must not go back within a patient.
  void look(Instant at, DiagnosticSink& sink, Snapshot& snapshot);

  Person person() const;
  std::span<const DatedVersion> versions() const { return dated_; }
  const AsOfView& view() const { return view_; }
  /// The version of the view a resource of the last snapshot stands for; null for what is about no patient.
  const AsOfVersion* version_of(const Object& resource) const;
  /// How many versions are known only later.
  size_t count_known_after(Instant at) const;

 private:
  void read_shared();
  void add(const AsOfVersion& version, const Object& stored, std::span<const Object* const> contained);
  std::optional<Instant> find_delay(const store::StoredVersion& stored) const;

  const Rulebook& rulebook_;
  Mode mode_;
  const DelayModel& delays_;
  SharedLookup shared_;
  int16_t site_offset_;
  std::vector<store::StoredVersion> moved_;  ///< the versions at the site's midnights
  Timeline timeline_;
  fhir::VersionReader reader_;
  std::vector<DatedVersion> dated_;
  AsOfView view_;
  std::vector<const AsOfVersion*> version_of_;  ///< by Object::fact
  std::vector<Instant> known_;                  ///< of the view's versions, sorted
  size_t withheld_ = 0;                         ///< how many of the view's are degraded already
};

}  // namespace vigil::replay
