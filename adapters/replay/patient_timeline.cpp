// SPDX-License-Identifier: Apache-2.0
// Reads each stored version once, and adds it to the timeline as the versions it stood for.
#include "replay/patient_timeline.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>
#include <utility>

#include "replay/object_states.h"
#include "replay/site_days.h"

namespace vigil::replay {

namespace {

/// "Medication/1" of a reference that may be absolute or name a version.
std::string_view type_and_id(std::string_view reference) {
  reference = reference.substr(0, reference.find("/_history"));
  const size_t id = reference.rfind('/');
  if (id == std::string_view::npos || id == 0) return {};
  const size_t type = reference.rfind('/', id - 1);
  return reference.substr(type == std::string_view::npos ? 0 : type + 1);
}

}  // namespace

PatientTimeline::PatientTimeline(const Rulebook& rulebook, Mode mode, const DelayModel& delays, SharedLookup shared,
                                 int16_t site_offset)
    : rulebook_(rulebook),
      mode_(mode),
      delays_(delays),
      shared_(std::move(shared)),
      site_offset_(site_offset),
      timeline_(rulebook.read_plan(), rulebook.knowledge()),
      reader_(rulebook.read_plan()) {}

void PatientTimeline::load(std::span<const store::StoredVersion> versions, DiagnosticSink& sink, bool for_triggers) {
  moved_.assign(versions.begin(), site_offset_ == 0 ? versions.begin() : versions.end());
  const ReadPlan& plan = rulebook_.read_plan();
  timeline_.clear();
  reader_.begin(timeline_, sink);
  dated_.assign(versions.size(), {});
  version_of_.clear();
  withheld_ = 0;
  struct Read {
    const Object* object = nullptr;
    std::vector<const Object*> contained;
  };
  std::vector<Read> objects(versions.size());
  for (size_t v = 0; v < versions.size(); ++v) {
    const auto& stored = versions[v];
    dated_[v].stored = &stored;
    const bool is_planned = plan.resource(stored.resource_type) != nullptr;
    const bool is_needed = is_planned || (for_triggers && find_lifecycle(stored.resource_type) != nullptr);
    if (!is_needed || !reader_.open(stored.json, stored.resource_type, stored.id)) continue;
    if (site_offset_ != 0) {
      moved_[v] = at_site_midnights(stored, reader_.text(), site_offset_);
      dated_[v].stored = &moved_[v];
    }
    dated_[v].course = read_course(reader_.text(), stored.resource_type, site_offset_);
    if (mode_ == Mode::kDelay && stored.known_source == store::KnownSource::kEffective)
      dated_[v].delay = find_delay(stored);
    if (!is_planned) continue;
    objects[v].object = reader_.read();
    if (!reader_.contained().empty())
      objects[v].contained.assign(reader_.contained().begin(), reader_.contained().end());
  }
  view_as_of(dated_, mode_, view_);
  known_.clear();
  for (const auto& version : view_.versions) {
    known_.push_back(version.known_from);
    if (const auto& read = objects[version.version]; read.object != nullptr) add(version, *read.object, read.contained);
  }
  std::ranges::sort(known_);
  read_shared();
}

void PatientTimeline::add(const AsOfVersion& version, const Object& stored, std::span<const Object* const> contained) {
  const auto& dated = dated_[version.version];
  const bool is_changed = version.status != StatusThen::kAsStored || version.hides_later;
  const bool is_shared = stored.fact != Object::kNoFact;  // it is a version already: facts are numbered in their object
  const Object* object = &stored;
  if ((is_changed || is_shared) && dated.course.row != nullptr)
    object = object_in_state(timeline_, stored, *dated.course.row, version);
  const Origin origin = version.status == StatusThen::kDraft ? Origin::kDraft : Origin::kRecord;
  timeline_.add({object, origin, dated.stored->full_url, contained, version.known_from, version.known_to});
  if (object->fact == Object::kNoFact) return;
  if (version_of_.size() <= object->fact) version_of_.resize(object->fact + 1, nullptr);
  version_of_[object->fact] = &version;
}

/// What the patient's resources refer to, and so on from there. It is known always.
void PatientTimeline::read_shared() {
  std::unordered_set<std::string_view> seen;
  const auto& references = reader_.references();
  for (size_t r = 0; r < references.size(); ++r) {
    const auto reference = type_and_id(references[r]);
    const auto type = reference.substr(0, reference.find('/'));
    if (reference.empty() || timeline_.plan().resource(type) == nullptr || !seen.insert(reference).second) continue;
    const auto json = shared_(reference);
    if (json.empty() || !reader_.open(json, type, reference.substr(type.size() + 1))) continue;
    if (const Object* object = reader_.read()) timeline_.add({object, Origin::kRecord, {}, reader_.contained()});
  }
}

/// The code is the first of the resource, the site its performer or the place of its encounter.
std::optional<Instant> PatientTimeline::find_delay(const store::StoredVersion& stored) const {
  const auto& json = reader_.text();
  const auto text = [&](std::string_view a, std::string_view b) {
    const auto first = text_at(json, 0, a);
    return first.empty() ? text_at(json, 0, b) : first;
  };
  return delays_.delay_of({stored.resource_type, text("code.coding.system", "medicationCodeableConcept.coding.system"),
                           text("code.coding.code", "medicationCodeableConcept.coding.code"),
                           text("performer.reference", "location.reference")});
}

void PatientTimeline::degrade(std::string_view resource_type) {
  const auto* type = timeline_.plan().resource(resource_type);
  if (resource_type.empty())
    timeline_.degrade_all(Completeness::kPartial);
  else if (type != nullptr)
    timeline_.degrade(type->fhir_type, Completeness::kPartial);
}

void PatientTimeline::look(Instant at, DiagnosticSink& sink, Snapshot& snapshot) {
  for (; withheld_ < view_.withheld.size() && view_.withheld[withheld_].from <= at; ++withheld_)
    degrade(dated_[view_.withheld[withheld_].version].stored->resource_type);
  timeline_.at(at, sink, snapshot);
}

const AsOfVersion* PatientTimeline::version_of(const Object& resource) const {
  return resource.fact < version_of_.size() ? version_of_[resource.fact] : nullptr;
}

Person PatientTimeline::person() const {
  Person person;
  for (const auto& dated : dated_)
    if (dated.course.is(Lifecycle::kPatient)) person = {dated.course.born, dated.course.sex};
  return person;
}

size_t PatientTimeline::count_known_after(Instant at) const {
  return static_cast<size_t>(known_.end() - std::ranges::upper_bound(known_, at));
}

}  // namespace vigil::replay
