// SPDX-License-Identifier: Apache-2.0
// Makes the reader's tables from a plan, and learns resource types as they are met.
#include "fhir/read_shapes.h"

#include <algorithm>
#include <array>
#include <utility>

#include "fhir/json_text.h"

namespace vigil::fhir {

namespace {

constexpr size_t kPlaces = 1024;  // R4 has 148 resource types

/// Types whose resources with status `draft` are orders under review.
constexpr std::array<std::string_view, 6> kRequests = {"CommunicationRequest", "DeviceRequest",  "MedicationRequest",
                                                       "NutritionOrder",       "ServiceRequest", "VisionPrescription"};

size_t hash_name(std::string_view name) {
  if (name.empty()) return 0;
  uint64_t first = 0;
  uint64_t last = 0;
  std::memcpy(&first, name.data(), std::min<size_t>(name.size(), 8));
  if (name.size() > 8) std::memcpy(&last, name.data() + name.size() - 8, 8);
  const uint64_t mixed = (first ^ (last << 1 | last >> 63) ^ name.size()) * 0x9E3779B97F4A7C15u;
  return static_cast<size_t>(mixed >> 48) & (kPlaces - 1);
}

ResourceRole role_of(std::string_view name, const PlannedType* planned) {
  if (name == "Bundle") return ResourceRole::kBundle;
  if (name == "Parameters") return ResourceRole::kParameters;
  if (name == "OperationOutcome") return ResourceRole::kOperationOutcome;
  if (planned != nullptr) return ResourceRole::kPlanned;
  return name == "Patient" ? ResourceRole::kPatient : ResourceRole::kUnneeded;
}

}  // namespace

MemberTable::MemberTable(std::vector<Member> members) : members_(std::move(members)) {
  const size_t size = std::bit_ceil(4 * members_.size() + 2);
  places_.assign(size, {});
  shift_ = 64 - static_cast<uint32_t>(std::countr_zero(size));
  for (uint32_t m = 0; m < members_.size(); ++m) {
    const auto name = members_[m].name;
    const KeyWords words(name, name.size());
    if (name.empty() || look_up(name, words) != nullptr) continue;
    size_t at = hash(words) >> shift_;
    while (places_[at].size != 0) at = (at + 1) & (size - 1);
    places_[at] = {words.first, words.size, m};
  }
}

const Member* MemberTable::look_up(std::string_view key, const KeyWords& words) const {
  if (key.empty()) return nullptr;
  for (size_t at = hash(words) >> shift_; places_[at].size != 0; at = (at + 1) & (places_.size() - 1)) {
    const Place& place = places_[at];
    if (place.prefix == words.first && place.size == key.size() && members_[place.member].name == key)
      return &members_[place.member];
  }
  return nullptr;
}

const Member* MemberTable::find_out_of_order(std::string_view key, const KeyWords& words, Cursor& cursor,
                                             bool& sure) const {
  const Member* member = look_up(key, words);
  Recent& recent = order_[cursor++ % kOrder];
  sure = member != nullptr || !has_escape(key);
  recent = sure && key.size() <= KeyWords::kExact ? Recent{words, member} : Recent{};
  return member;
}

ReadShapes::ReadShapes(const ReadPlan& plan) : plan_(plan), types_(plan.types().size()), by_name_(kPlaces, nullptr) {
  // First all places, so that members can point at types that come later, or at their own.
  for (size_t t = 0; t < types_.size(); ++t) {
    const PlannedType& type = plan.types()[t];
    types_[t].type = &type;
    types_[t].members = MemberTable(members_of(type));
    const auto* reference = type.name == "Reference" ? type.find("reference") : nullptr;
    if (reference != nullptr && reference->kind == Kind::kString && !reference->is_list)
      types_[t].reference_slot = reference->slot;
  }
  for (const auto& type : plan.types())
    if (type.is_resource) learn(type.name);
}

std::vector<Member> ReadShapes::members_of(const PlannedType& type) const {
  std::vector<Member> members;
  for (const auto& e : type.elements) {
    const PlannedType* of_objects = e.kind == Kind::kObject ? plan_.type(e.fhir_type) : nullptr;
    const TypeShape* shape =
        of_objects == nullptr ? nullptr : &types_[static_cast<size_t>(of_objects - plan_.types().data())];
    const bool interned =
        type.system_slot != PlannedType::kNoSlot && (e.slot == type.system_slot || e.slot == type.code_slot);
    members.push_back({e.json_name, shape, e.fhir_type, e.slot, e.kind, e.is_list, interned, Special::kNone});
  }
  return members;
}

const ResourceShape* ReadShapes::find_resource(std::string_view name) {
  for (size_t at = hash_name(name); by_name_[at] != nullptr; at = (at + 1) & (kPlaces - 1))
    if (by_name_[at]->name == name) return by_name_[at];
  return ReadPlan::is_resource_type(name) ? learn(name) : nullptr;
}

/// Where the plan gives what the reader needs, `slot` is set, and the member is read as any other.
void ReadShapes::add_special(std::vector<Member>& members, std::string_view name, Special special,
                             uint16_t& slot) const {
  if (name.empty()) return;
  auto member = std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.name == name; });
  if (member == members.end()) {
    members.emplace_back();
    member = members.end() - 1;
    member->name = name;
  }
  const bool is_text = member->kind == Kind::kString && !member->is_list;
  const bool is_reference = member->kind == Kind::kObject && !member->is_list && member->type != nullptr &&
                            member->type->reference_slot != PlannedType::kNoSlot;
  const bool from_slot =
      special == Special::kPatient ? is_reference : is_text && (special == Special::kId || special == Special::kStatus);
  if (from_slot)
    slot = member->slot;
  else
    member->special = special;
}

const ResourceShape* ReadShapes::learn(std::string_view name) {
  auto& shape = resources_.emplace_back();
  shape.name = name;
  shape.type = plan_.resource(name);
  shape.role = role_of(name, shape.type);
  shape.is_patient = name == "Patient";
  shape.is_request = std::find(kRequests.begin(), kRequests.end(), name) != kRequests.end();
  std::vector<Member> members = shape.type == nullptr ? std::vector<Member>{} : members_of(*shape.type);
  uint16_t unused = PlannedType::kNoSlot;
  add_special(members, "resourceType", Special::kResourceType, unused);
  add_special(members, "id", Special::kId, shape.id_slot);
  add_special(members, ReadPlan::patient_element(name), Special::kPatient, shape.patient_slot);
  // An Appointment has no subject: the patient is one of those who take part.
  if (name == "Appointment") add_special(members, "participant", Special::kParticipants, unused);
  add_special(members, "contained", Special::kContained, unused);
  add_special(members, "meta", Special::kMeta, unused);
  if (shape.is_request) add_special(members, "status", Special::kStatus, shape.status_slot);
  if (shape.patient_slot != PlannedType::kNoSlot) {
    const auto& patient =
        *std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.slot == shape.patient_slot; });
    shape.reference_slot = patient.type->reference_slot;
  }
  shape.members = MemberTable(std::move(members));
  size_t at = hash_name(name);
  while (by_name_[at] != nullptr) at = (at + 1) & (kPlaces - 1);
  by_name_[at] = &shape;
  return &shape;
}

}  // namespace vigil::fhir
