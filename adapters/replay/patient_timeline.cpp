// SPDX-License-Identifier: Apache-2.0
// Reads each stored version once, and adds it to the timeline as the versions it stood for.
#include "replay/patient_timeline.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <utility>

#include "fhir/references.h"
#include "replay/object_states.h"
#include "replay/site_days.h"

namespace vigil::replay {

namespace {

/// Whether the rows of a result need its course, be it read by a rule or not.
bool may_make_triggers(std::string_view resource_type) {
  const auto* row = find_lifecycle(resource_type);
  return row != nullptr && row->lifecycle != Lifecycle::kState;
}

}  // namespace

PatientTimeline::PatientTimeline(const Rulebook& rulebook, Mode mode, const DelayModel& delays,
                                 const store::Store& store, int16_t site_offset)
    : rulebook_(rulebook),
      mode_(mode),
      delays_(delays),
      store_(store),
      site_offset_(site_offset),
      timeline_(rulebook.read_plan(), rulebook.knowledge()),
      reader_(rulebook.read_plan()) {}

void PatientTimeline::load(std::span<const store::StoredVersion> versions, DiagnosticSink& sink, bool for_triggers,
                           std::span<const ReplayTrigger> asked) {
  moved_.assign(versions.begin(), site_offset_ == 0 ? versions.begin() : versions.end());
  const ReadPlan& plan = rulebook_.read_plan();
  timeline_.clear();
  reader_.begin(timeline_, sink);
  dated_.clear();
  dated_.resize(versions.size());
  version_of_.clear();
  gaps_.clear();
  std::vector<Read> objects(versions.size());
  for (size_t v = 0; v < versions.size(); ++v) {
    const auto& stored = versions[v];
    dated_[v].stored = &stored;
    const bool is_planned = plan.resource(stored.resource_type) != nullptr;
    const bool is_needed = is_planned || (for_triggers && may_make_triggers(stored.resource_type));
    if (!is_needed) continue;
    if (!reader_.open(stored.json, stored.resource_type, stored.id)) {
      objects[v].is_damaged = true;
      continue;
    }
    if (site_offset_ != 0) {
      moved_[v] = at_site_midnights(stored, reader_.text(), site_offset_);
      dated_[v].stored = &moved_[v];
    }
    dated_[v].course = read_course(reader_.text(), stored.resource_type, site_offset_);
    if (mode_ != Mode::kNaive) dated_[v].known_by = known_by(*dated_[v].stored, reader_.text(), site_offset_);
    if (mode_ == Mode::kDelay && stored.known_source == store::KnownSource::kEffective)
      dated_[v].delay = find_delay(stored);
    if (!is_planned) continue;
    objects[v] = read();
  }
  own_ = dated_.size();
  view_as_of(dated_, mode_, view_);
  add_drafts(asked);
  read_shared(objects);
  add_damage(objects);
  known_.clear();
  for (const auto& version : view_) {
    if (!version.is_possible()) known_.push_back(version.known_from);
    if (const auto& read = objects[version.version]; read.object != nullptr) add(version, *read.object, read.contained);
  }
  std::ranges::sort(known_);
}

void PatientTimeline::add_drafts(std::span<const ReplayTrigger> asked) {
  for (const auto& trigger : asked)
    for (const auto& order : trigger.trigger.orders) add_draft(order, trigger.at);
}

void PatientTimeline::add_draft(const ResourceReference& order, Instant at) {
  const auto* type = timeline_.plan().resource(order.type);
  if (type == nullptr) return;
  const auto is_it = [&](const DatedVersion& dated) {
    return dated.stored->resource_type == order.type && dated.stored->id == order.id;
  };
  const auto first = std::ranges::find_if(dated_, is_it);
  if (first == dated_.end()) return gaps_.add(type->fhir_type, Completeness::kDamaged, at, at + 1);
  const bool is_known = std::ranges::any_of(view_, [&](const AsOfVersion& version) {
    return is_it(dated_[version.version]) && !version.is_possible() && version.known_from <= at &&
           at < version.known_to;
  });
  if (is_known) return;
  AsOfVersion draft;
  draft.version = static_cast<uint32_t>(first - dated_.begin());
  draft.known_from = at;
  draft.known_to = at + 1;
  draft.status = StatusThen::kDraft;
  draft.hides_later = true;
  draft.hides_end = was_cut_short(first->course.status);
  draft.basis = Basis::kAuthored;
  view_.push_back(draft);
}

/// What could not be read is missed only since it can have been known: before, nothing of it was there to be read.
void PatientTimeline::add_damage(const std::vector<Read>& objects) {
  if (std::ranges::none_of(objects, &Read::is_damaged)) return;
  std::vector<Instant> known(objects.size(), kForever);
  for (const auto& version : view_) known[version.version] = std::min(known[version.version], version.known_from);
  for (uint32_t v = 0; v < objects.size(); ++v)
    if (const auto* type = timeline_.plan().resource(dated_[v].stored->resource_type);
        type != nullptr && objects[v].is_damaged && known[v] != kForever)
      gaps_.add(type->fhir_type, Completeness::kDamaged, known[v]);
}

PatientTimeline::Read PatientTimeline::read() {
  Read read;
  read.references_begin = reader_.references().size();
  read.object = reader_.read();
  read.references_end = reader_.references().size();
  read.is_damaged = reader_.is_damaged();
  if (read.object != nullptr) read.contained.assign(reader_.contained().begin(), reader_.contained().end());
  return read;
}

void PatientTimeline::add(const AsOfVersion& version, const Object& stored, std::span<const Object* const> contained) {
  const auto& dated = dated_[version.version];
  const bool is_changed = version.status != StatusThen::kAsStored || version.hides_later || version.hides_parts;
  const bool is_shared = stored.fact != Object::kNoFact;  // it is a version already: facts are numbered in their object
  const Object* object = &stored;
  if (is_changed || is_shared) object = object_in_state(timeline_, stored, dated.course, version);
  const Origin origin = version.status == StatusThen::kDraft ? Origin::kDraft : Origin::kRecord;
  timeline_.add(
      {object, origin, dated.stored->full_url, contained, version.known_from, version.known_to, version.is_possible()});
  if (object->fact == Object::kNoFact) return;
  if (version_of_.size() <= object->fact) version_of_.resize(object->fact + 1, nullptr);
  version_of_[object->fact] = &version;
}

/// What the patient's resources refer to, and so on from there, in all its versions: known since each version was, but
/// not before a resource that was known referred to it, or what is ordered tomorrow would be there today.
void PatientTimeline::read_shared(std::vector<Read>& objects) {
  constexpr uint32_t kNone = UINT32_MAX;
  shared_.clear();
  std::unordered_map<std::string_view, uint32_t> numbers;  // of what is referred to; kNone: nothing shared
  SharedViews shared;
  for (size_t v = 0; v < objects.size(); ++v)
    for (size_t r = objects[v].references_begin; r < objects[v].references_end; ++r) {
      const auto text = reader_.references()[r];
      const bool is_urn = text.starts_with("urn:");
      const auto reference = is_urn ? text : fhir::type_and_id(text);
      const auto type = reference.substr(0, reference.find('/'));
      if (reference.empty() || type == "Patient") continue;  // no Patient is shared
      if (!is_urn && timeline_.plan().resource(type) == nullptr) continue;
      const auto [found, is_new] = numbers.emplace(reference, kNone);
      if (is_new) store_.read_shared(reference, found_);
      if (is_new && !found_.empty()) {
        found->second = shared.number_count++;
        for (const auto& version : found_)
          if (const auto view = read_shared(version, is_urn ? reference : std::string_view{}, objects)) {
            shared.views.push_back(*view);
            shared.number_of.push_back(found->second);
          }
      }
      if (found->second != kNone) shared.edges.emplace_back(v, found->second);
    }
  if (!shared.views.empty()) add_shared(shared);
}

/// Known since something that refers to it was known; possible since something that does was possible.
void PatientTimeline::add_shared(const SharedViews& shared) {
  const auto possible = referred_since(shared, /*counts_possible=*/true);
  const auto known = referred_since(shared, /*counts_possible=*/false);
  const auto add_view = [&](AsOfVersion view, Instant from, Instant to) {
    view.known_from = std::max(view.known_from, from);
    view.known_to = std::min(view.known_to, to);
    if (view.known_from < view.known_to) view_.push_back(view);
  };
  for (size_t i = 0; i < shared.views.size(); ++i) {
    const uint32_t number = shared.number_of[i];
    auto may_be = shared.views[i];
    may_be.basis = Basis::kOpen;
    add_view(may_be, possible[number], known[number]);
    add_view(shared.views[i], known[number], kForever);
  }
}

/// Of each shared resource, since when a version that refers to it was known, or also may have been.
std::vector<Instant> PatientTimeline::referred_since(const SharedViews& shared, bool counts_possible) {
  std::vector<Instant> since(shared.number_count, kForever);
  first_known_.assign(own_, kForever);
  for (const auto& version : view_)
    if (version.version < own_ && (counts_possible || !version.is_possible()))
      first_known_[version.version] = std::min(first_known_[version.version], version.known_from);
  const auto known_since = [&](size_t v) {
    return v < own_ ? first_known_[v] : std::max(shared.views[v - own_].known_from, since[shared.number_of[v - own_]]);
  };
  for (bool has_changed = true; has_changed;) {  // a second time where shared resources refer to each other
    has_changed = false;
    for (const auto& [version, number] : shared.edges)
      if (const Instant known = known_since(version); known < since[number]) {
        since[number] = known;
        has_changed |= shared.edges.back().first >= own_;
      }
  }
  return since;
}

std::optional<AsOfVersion> PatientTimeline::read_shared(const store::StoredVersion& version, std::string_view url,
                                                        std::vector<Read>& objects) {
  if (timeline_.plan().resource(version.resource_type) == nullptr ||
      !reader_.open(version.json, version.resource_type, version.id))
    return std::nullopt;
  auto& stored =
      shared_.emplace_back(site_offset_ == 0 ? version : at_site_midnights(version, reader_.text(), site_offset_));
  if (mode_ != Mode::kNaive) stored.known_from = known_by(stored, reader_.text(), site_offset_);
  stored.full_url = url;  // by type and id it is meant whichever server's URL stands before them
  auto view = view_shared(stored, mode_);
  if (!view) return view;
  view->version = static_cast<uint32_t>(dated_.size());
  dated_.push_back({&stored, {}, {}});
  objects.push_back(read());
  return view;
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

void PatientTimeline::degrade(const store::Degraded& lost) {
  if (lost.type.empty())
    gaps_.add(std::nullopt, Completeness::kPartial, lost.from);
  else if (const auto* type = timeline_.plan().resource(lost.type))
    gaps_.add(type->fhir_type, Completeness::kPartial, lost.from);
}

void PatientTimeline::look(Instant at, DiagnosticSink& sink, Snapshot& snapshot) {
  gaps_.tell(at, timeline_);
  timeline_.at(at, sink, snapshot);
}

const AsOfVersion* PatientTimeline::version_of(const Object& resource) const {
  return resource.fact < version_of_.size() ? version_of_[resource.fact] : nullptr;
}

Person PatientTimeline::person(Instant at) const {
  const auto known_from = [](const DatedVersion& dated) {  // demographics without a history are known always
    return dated.stored->known_source == store::KnownSource::kHistory ? dated.stored->known_from : kAlways;
  };
  const DatedVersion* first = nullptr;
  const DatedVersion* last = nullptr;
  for (const auto& dated : versions()) {
    if (!dated.course.is(Lifecycle::kPatient)) continue;
    const Instant known = known_from(dated);
    if (first == nullptr || known < known_from(*first)) first = &dated;
    if ((mode_ == Mode::kNaive || known <= at) && (last == nullptr || known >= known_from(*last))) last = &dated;
  }
  if (first == nullptr) return {};
  const auto& course = (last == nullptr ? first : last)->course;
  return {course.born, course.sex, last == nullptr};
}

size_t PatientTimeline::count_known_after(Instant at) const {
  return static_cast<size_t>(known_.end() - std::ranges::upper_bound(known_, at));
}

}  // namespace vigil::replay
