// SPDX-License-Identifier: Apache-2.0
// Finds out whose the data is, and takes out what is another patient's.
#include "fhir/patient_check.h"

#include <string>
#include <unordered_set>

namespace vigil::fhir {

namespace {

bool is_patient(const PendingResource& resource) { return resource.shape->is_patient; }

/// Of a group, a device, a relative: "Group/g1", "https://fhir.example.org/Device/d1/_history/2".
bool names_another_type(std::string_view reference) {
  reference = reference.substr(0, reference.find("/_history/"));
  const size_t slash = reference.rfind('/');
  if (slash == std::string_view::npos) return false;
  const auto before = reference.substr(0, slash);
  const auto type = before.substr(before.rfind('/') + 1);
  return type != "Patient" && ReadPlan::is_resource_type(type);
}

/// A patient as references name it.
struct PatientKey {
  std::string_view id;
  std::string_view full_url;
};

PatientKey key_of(const PendingResource& patient) {
  return {patient.id.empty() ? patient_id_of(patient.full_url) : patient.id, patient.full_url};
}

/// Two Patient resources are one patient if they have one id or, without ids, one URL or the same content.
bool same_patient(const PendingResource& a, const PendingResource& b) {
  const PatientKey x = key_of(a);
  const PatientKey y = key_of(b);
  if (!x.id.empty() && !y.id.empty()) return x.id == y.id;
  if (!x.full_url.empty() && x.full_url == y.full_url) return true;
  return x.id.empty() && y.id.empty() && a.object != nullptr && b.object != nullptr &&
         same_content(*a.object, *b.object);
}

/// The patient whose the data is, and those it is not.
class Patients {
 public:
  Patients(const std::vector<PendingResource>& pending, std::string_view expected) {
    const PendingResource* first = nullptr;
    for (const auto& resource : pending) {
      if (!is_patient(resource)) continue;
      const PatientKey key = key_of(resource);
      const bool own =
          expected.empty() ? first == nullptr || same_patient(*first, resource) : key.id.empty() || key.id == expected;
      if (!own) {
        others_.insert(&resource);
        if (!key.full_url.empty()) other_urls_.insert(key.full_url);
      } else if (first == nullptr) {
        first = &resource;
        own_ = key;
      }
    }
    if (!expected.empty()) own_.id = expected;
    if (!own_.id.empty()) return;
    for (const auto& resource : pending) {
      const auto id = patient_id_of(resource.patient);
      if (own_.id.empty()) own_.id = id;
      several_referred_to_ |= !id.empty() && id != own_.id;
    }
  }

  bool has_others() const { return !others_.empty() || several_referred_to_; }

  /// `resource` is of the vector this was made of, in its place.
  bool is_own(const PendingResource& resource) {
    if (is_patient(resource)) return others_.empty() || !others_.contains(&resource);
    const auto reference = resource.patient;
    if (reference.empty() || reference == last_own_) return true;
    const bool own = whose(reference) != Whose::kOther && !names_another_type(reference);
    if (own) last_own_ = reference;
    return own;
  }

  /// Whether those who take part do not speak against it.
  bool is_own_appointment(std::span<const std::string_view> participants) const {
    bool has_other = false;
    for (const auto reference : participants) {
      const auto of = whose(reference);
      if (of == Whose::kOwn) return true;
      has_other |= of == Whose::kOther;
    }
    return !has_other;
  }

 private:
  enum class Whose : uint8_t { kOwn, kOther, kUntold };

  Whose whose(std::string_view reference) const {
    if (!own_.full_url.empty() && reference == own_.full_url) return Whose::kOwn;
    if (other_urls_.contains(reference)) return Whose::kOther;
    const auto id = patient_id_of(reference);
    if (id.empty() || own_.id.empty()) return Whose::kUntold;
    return id == own_.id ? Whose::kOwn : Whose::kOther;
  }

  PatientKey own_;
  std::string_view last_own_;  ///< a reference known to be to this patient: the next is mostly the same
  std::unordered_set<const PendingResource*> others_;
  std::unordered_set<std::string_view> other_urls_;
  bool several_referred_to_ = false;
};

std::string name_of(const PendingResource& resource) {
  return resource.id.empty() ? resource.shape->name : resource.shape->name + "/" + std::string(resource.id);
}

}  // namespace

std::string_view patient_id_of(std::string_view reference) {
  constexpr std::string_view kType = "Patient";
  reference = reference.substr(0, reference.find("/_history/"));
  const size_t slash = reference.rfind('/');
  if (slash == std::string_view::npos || slash < kType.size()) return {};
  const auto type = reference.substr(0, slash);
  const bool is_patient_type =
      type.ends_with(kType) && (type.size() == kType.size() || type[type.size() - kType.size() - 1] == '/');
  return is_patient_type ? reference.substr(slash + 1) : std::string_view{};
}

void check_patients(std::vector<PendingResource>& pending, std::span<const std::string_view> participants,
                    std::string_view expected_patient, Completeness without, Timeline& timeline, DataReport& report) {
  Patients patients(pending, expected_patient);
  if (patients.has_others()) {
    report.add("VGL1009", {}, {});
    timeline.degrade_all(Completeness::kDamaged);
  }
  for (auto& resource : pending) {
    const auto actors = participants.subspan(resource.participants_begin, resource.participants_count);
    if (patients.is_own(resource) && patients.is_own_appointment(actors)) continue;
    if (!is_patient(resource)) report.add("VGL1012", name_of(resource), {});
    if (resource.shape->type != nullptr) timeline.degrade(resource.shape->type->fhir_type, without);
    resource.object = nullptr;
  }
}

}  // namespace vigil::fhir
