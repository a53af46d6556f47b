// SPDX-License-Identifier: Apache-2.0
// Bundles: references within them, versions and deletions of a history.
#include "fhir/patient_check.h"
#include "fhir/references.h"
#include "store/intake.h"

namespace vigil::store {

using fhir::JsonText;

std::string_view patient_of_url(std::string_view url) {
  if (url.starts_with("urn:")) return url.substr(url.rfind(':') + 1);
  return fhir::patient_id_of(url);
}

/// The patient that a reference means which does not name one by itself; empty where nobody can say.
std::string_view Intake::patient_in(const Bundle& bundle, std::string_view reference) {
  if (const auto found = bundle.by_url.find(reference); found != bundle.by_url.end()) {
    const Entry& entry = *found->second;
    if (entry.head.type != "Patient") return {};
    return entry.head.id.empty() ? patient_of_url(entry.full_url) : entry.head.id;
  }
  return fhir::type_and_id(reference).empty() ? std::string_view(bundle.only_patient) : std::string_view{};
}

bool Intake::read_bundle(uint32_t token, Bundle& bundle) {
  bundle.type = json_.member_text(token, "type");
  const uint32_t end = json_.for_each_member(token, [&](std::string_view key, uint32_t value) {
    if (key != "entry" || json_.at(value) != '[') return json_.skip(value);
    return json_.for_each_element(value, [&](uint32_t number, uint32_t element) {
      if (json_.at(element) != '{') return json_.skip(element);
      auto& entry = bundle.entries.emplace_back();
      entry.number = number;
      return read_entry(element, entry);
    });
  });
  size_t patients = 0;
  for (const auto& entry : bundle.entries) {
    if (!entry.full_url.empty()) bundle.by_url.emplace(entry.full_url, &entry);
    if (entry.head.type != "Patient") continue;
    const auto id = entry.head.id.empty() ? patient_of_url(entry.full_url) : entry.head.id;
    if (id == bundle.only_patient) continue;
    bundle.only_patient = id;
    ++patients;
  }
  if (patients != 1) bundle.only_patient.clear();
  return end != JsonText::kBroken;
}

uint32_t Intake::read_entry(uint32_t token, Entry& entry) {
  return json_.for_each_member(token, [&](std::string_view key, uint32_t value) {
    if (key == "resource" && json_.at(value) == '{') {
      entry.resource = value;
      bool has_space = false;
      entry.behind = read_head(json_, value, entry.head, types_, has_space);
      return entry.behind;
    }
    if (key == "fullUrl") {
      entry.full_url = json_.string_at(value);
    } else if (key == "request") {
      entry.method = json_.member_text(value, "method");
      entry.url = json_.member_text(value, "url");
    } else if (key == "response") {
      entry.modified = read_instant(json_.member_text(value, "lastModified"));
    }
    return json_.skip(value);
  });
}

void Intake::add_bundle(const Bundle& bundle, const Place& place) {
  for (const auto& entry : bundle.entries) {
    const Place at = {place.at, place.file, entry.number};
    if (entry.resource == JsonText::kBroken) {
      if (entry.method == "DELETE") add_deletion(entry, at, bundle);
      continue;
    }
    if (entry.head.type == "Bundle" && !is_inner_bundle_) {
      is_inner_bundle_ = true;
      add_value(entry.resource, at);
      is_inner_bundle_ = false;
    } else {
      add_resource(entry.resource, entry.behind, entry.head, at, &entry, &bundle);
    }
  }
}

/// A deletion does not say whose the resource was; its other versions in the Bundle, or its only patient, do.
void Intake::add_deletion(const Entry& entry, const Place& place, const Bundle& bundle) {
  const auto reference = fhir::type_and_id(entry.url);
  const auto type = reference.substr(0, reference.find('/'));
  log_.count_read(type);
  if (reference.empty()) return reject(place, type, "VGL1003", "`request.url` of a deletion names no resource");
  Record record;
  record.kind = RecordKind::kDeletion;
  record.type = type;
  record.id = reference.substr(type.size() + 1);
  record.updated = entry.modified;
  record.place = place;
  patients_.clear();
  if (!find_owner_of_deleted(bundle, record))
    return reject(place, type, "VGL1003", "nothing tells whose the deleted resource was", entry.modified);
  records_->add(record);
  record.kind = RecordKind::kRepeatedDeletion;
  for (size_t i = 1; i < patients_.size(); ++i) {
    record.owner = patients_[i];
    records_->add(record);
  }
}

/// False where neither its other versions in the Bundle nor its only patient tell.
bool Intake::find_owner_of_deleted(const Bundle& bundle, Record& record) {
  const auto& facts = types_.find(record.type);
  const bool may_be_shared = facts.patient_element.empty();
  const bool is_always_shared = may_be_shared && facts.patient_paths.empty();
  bool is_there = false;
  if (record.type == "Patient") {
    record.owner = record.id;
    return true;
  }
  for (const auto& other : bundle.entries) {
    if (is_always_shared || other.head.type != record.type || other.head.id != record.id) continue;
    is_there |= other.resource != JsonText::kBroken;
    if (may_be_shared) {
      if (other.resource != JsonText::kBroken) find_patients(other.resource, record.type, &bundle);
      continue;
    }
    record.owner = fhir::patient_id_of(other.head.patient);
    if (record.owner.empty()) record.owner = patient_in(bundle, other.head.patient);
  }
  if (!patients_.empty()) record.owner = patients_.front();
  if (record.owner.empty() && (is_always_shared || (may_be_shared && is_there))) {
    owner_.assign(1, kSharedOwner).append(record.type).append(1, '/').append(record.id);
    record.owner = owner_;
  }
  if (record.owner.empty()) record.owner = bundle.only_patient;
  return !record.owner.empty();
}

}  // namespace vigil::store
