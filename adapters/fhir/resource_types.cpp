// SPDX-License-Identifier: Apache-2.0
// The table of resource types, filled from the plan and as names are met.
#include "fhir/resource_types.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace vigil::fhir {

namespace {

constexpr size_t kPlaces = 1024;  // R4 has 148 resource types

/// Types whose resources with status `draft` are orders under review.
constexpr std::array<std::string_view, 6> kRequests = {"CommunicationRequest", "DeviceRequest",  "MedicationRequest",
                                                       "NutritionOrder",       "ServiceRequest", "VisionPrescription"};

size_t hash(std::string_view name) {
  uint64_t first = 0;
  uint64_t last = 0;
  std::memcpy(&first, name.data(), std::min<size_t>(name.size(), 8));
  if (name.size() > 8) std::memcpy(&last, name.data() + name.size() - 8, 8);
  const uint64_t mixed = (first ^ (last << 1 | last >> 63) ^ name.size()) * 0x9E3779B97F4A7C15u;
  return static_cast<size_t>(mixed >> 48) & (kPlaces - 1);
}

uint64_t size_bit(std::string_view key) { return key.size() < 64 ? uint64_t{1} << key.size() : 0; }

ResourceRole role_of(std::string_view name, const PlannedType* planned) {
  if (name == "Bundle") return ResourceRole::kBundle;
  if (name == "Parameters") return ResourceRole::kParameters;
  if (name == "OperationOutcome") return ResourceRole::kOperationOutcome;
  if (planned != nullptr) return ResourceRole::kPlanned;
  return name == "Patient" ? ResourceRole::kPatient : ResourceRole::kUnneeded;
}

}  // namespace

ResourceTypes::ResourceTypes(const ReadPlan& plan) : plan_(plan), table_(kPlaces, nullptr) {
  for (const auto& type : plan.types())
    if (type.is_resource) learn(type.name);
}

const ResourceShape* ResourceTypes::find(std::string_view name) {
  for (size_t at = hash(name); table_[at] != nullptr; at = (at + 1) & (kPlaces - 1))
    if (table_[at]->name == name) return table_[at];
  return ReadPlan::is_resource_type(name) ? learn(name) : nullptr;
}

const ResourceShape* ResourceTypes::learn(std::string_view name) {
  auto& shape = shapes_.emplace_back();
  shape.name = name;
  shape.type = plan_.resource(name);
  shape.role = role_of(name, shape.type);
  shape.patient_key = ReadPlan::patient_element(name);
  shape.is_request = std::find(kRequests.begin(), kRequests.end(), name) != kRequests.end();
  shape.special_sizes = size_bit("resourceType") | size_bit("contained") | size_bit("id") | size_bit("meta");
  if (shape.is_request) shape.special_sizes |= size_bit("status");
  if (!shape.patient_key.empty()) shape.special_sizes |= size_bit(shape.patient_key);
  size_t at = hash(name);
  while (table_[at] != nullptr) at = (at + 1) & (kPlaces - 1);
  table_[at] = &shape;
  return &shape;
}

}  // namespace vigil::fhir
