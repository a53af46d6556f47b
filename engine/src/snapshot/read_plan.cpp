// SPDX-License-Identifier: Apache-2.0
// Look-up tables of read plans, and how a plan is built.
#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

#include <vigil/snapshot.h>

#include "model/fhir_model.h"
#include "snapshot/read_plan_builder.h"
#include "terminology/hash.h"

namespace vigil {

namespace {

/// Places elements by linear probing. Returns how many did not get their own place; a repeated name is left out.
template <class Hash>
size_t fill(std::vector<uint16_t>& table, const std::vector<PlannedElement>& elements, uint16_t empty, Hash hash) {
  std::fill(table.begin(), table.end(), empty);
  const size_t mask = table.size() - 1;
  size_t collisions = 0;
  for (size_t e = 0; e < elements.size(); ++e) {
    size_t at = hash(elements[e].json_name) & mask;
    const size_t own = at;
    bool repeated = false;
    for (; table[at] != empty && !repeated; at = (at + 1) & mask)
      repeated = elements[table[at]].json_name == elements[e].json_name;
    if (repeated) continue;
    table[at] = static_cast<uint16_t>(e);
    collisions += at != own;
  }
  return collisions;
}

}  // namespace

void PlannedType::seal() {
  constexpr uint32_t kTries = 32;
  assert(elements.size() < kEmpty);  // the largest type of R4 has some 300, with those of choices and of extensions
  const size_t count = elements.size();
  uint32_t best_multiplier = 0x9E3779B1u;
  size_t best_size = 1;
  size_t best = SIZE_MAX;
  // From small tables to large ones, each with some multipliers; at least half the places stay empty. Names of one hash
  // collide in all of them, so the best of a bounded search is taken.
  const size_t smallest = std::bit_ceil(2 * count + 1);
  for (size_t size = smallest; size <= 8 * smallest && best > 0; size *= 2) {
    table_.assign(size, kEmpty);
    uint32_t multiplier = 0x9E3779B1u;
    for (uint32_t i = 0; i < kTries && best > 0; ++i, multiplier = multiplier * 0x85EBCA6Bu + 2u) {
      const size_t collisions = fill(table_, elements, kEmpty, [&](std::string_view s) { return hash(s, multiplier); });
      if (collisions >= best) continue;
      best = collisions;
      best_size = size;
      best_multiplier = multiplier;
    }
  }
  multiplier_ = best_multiplier;
  table_.assign(best_size, kEmpty);
  fill(table_, elements, kEmpty, [&](std::string_view s) { return hash(s, multiplier_); });
}

const PlannedType* ReadPlan::resource(std::string_view resource_type) const {
  if (by_name_.empty()) return nullptr;
  const size_t mask = by_name_.size() - 1;
  for (size_t at = hash_text(resource_type) & mask; by_name_[at] != 0; at = (at + 1) & mask)
    if (types_[by_name_[at] - 1u].name == resource_type) return &types_[by_name_[at] - 1u];
  return nullptr;
}

bool ReadPlan::is_resource_type(std::string_view name) {
  const auto type = model::find_type(name);
  return type != model::kNoType && model::type(type).kind == model::TypeKind::kResource;
}

std::string_view ReadPlan::patient_element(std::string_view resource_type) {
  const auto type = model::find_type(resource_type);
  return type == model::kNoType ? std::string_view{} : model::type(type).patient_path;
}

std::string_view name(Completeness completeness) {
  switch (completeness) {
    case Completeness::kComplete: return "complete";
    case Completeness::kPartial: return "partial";
    case Completeness::kNotObtained: return "not obtained";
    case Completeness::kDamaged: return "damaged";
  }
  return "";
}

void ReadPlanBuilder::add(PlannedType type) {
  assert(type.fhir_type < model::type_count());
  const auto& info = model::type(type.fhir_type);
  type.name = info.name;
  type.is_resource = model::is_resource(type.fhir_type);
  const auto same =
      std::find_if(types_.begin(), types_.end(), [&](const auto& t) { return t.fhir_type == type.fhir_type; });
  if (same != types_.end())
    *same = std::move(type);
  else
    types_.push_back(std::move(type));
}

ReadPlan ReadPlanBuilder::build() {
  std::sort(types_.begin(), types_.end(), [](const auto& a, const auto& b) { return a.fhir_type < b.fhir_type; });
  ReadPlan plan;
  plan.types_ = std::exchange(types_, {});
  plan.by_type_.assign(plan.types_.empty() ? 0 : plan.types_.back().fhir_type + 1u, 0);
  plan.by_name_.assign(std::bit_ceil(4 * plan.types_.size() + 1), 0);
  const size_t mask = plan.by_name_.size() - 1;
  uint64_t digest = mix(1, plan.types_.size());
  for (size_t t = 0; t < plan.types_.size(); ++t) {
    auto& type = plan.types_[t];
    type.seal();
    if (type.name == "Coding") {
      const auto* system = type.find("system");
      const auto* code = type.find("code");
      type.system_slot = system != nullptr && code != nullptr ? system->slot : PlannedType::kNoSlot;
      type.code_slot = system != nullptr && code != nullptr ? code->slot : PlannedType::kNoSlot;
    }
    plan.by_type_[type.fhir_type] = static_cast<uint16_t>(t + 1);
    if (type.is_resource) {
      size_t at = hash_text(type.name) & mask;
      while (plan.by_name_[at] != 0) at = (at + 1) & mask;
      plan.by_name_[at] = static_cast<uint16_t>(t + 1);
    }
    digest = mix(hash_text(type.name, digest), type.slot_count);
    for (const auto& e : type.elements) {
      const auto kind = static_cast<uint64_t>(e.kind) << 32 | static_cast<uint64_t>(e.is_list) << 40;
      digest = mix(hash_text(e.json_name, digest), kind | static_cast<uint64_t>(e.slot) << 16 | e.fhir_type);
    }
  }
  plan.digest_ = digest;
  return plan;
}

void ReadPlanBuilder::set_code_filters(ReadPlan& plan, CodeFilters filters) {
  filters.seal();
  plan.digest_ = mix(plan.digest_, filters.digest());
  plan.code_filters_ = std::make_shared<const CodeFilters>(std::move(filters));
}

}  // namespace vigil
