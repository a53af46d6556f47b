// SPDX-License-Identifier: Apache-2.0
// Reads a patient's data and orders into a timeline, and looks at it as of `now`.
#include "cli/load_patients.h"

#include <algorithm>
#include <array>
#include <set>

#include <vigil/primitives.h>

namespace vigil::cli {
namespace {

/// FHIR's orders: what the reader takes for drafts where their status is `draft`.
constexpr std::array<std::string_view, 6> kOrderTypes = {"CommunicationRequest", "DeviceRequest",
                                                         "MedicationRequest",    "NutritionOrder",
                                                         "ServiceRequest",       "VisionPrescription"};

/// What the set of a patient's lines lost may be this patient's.
void degrade(Timeline& timeline, const std::vector<SetDamage>& damages) {
  for (const auto& damage : damages) {
    const auto* type = timeline.plan().resource(damage.resource_type);
    if (damage.resource_type.empty())
      timeline.degrade_all(damage.completeness);
    else if (type != nullptr)
      timeline.degrade(type->fhir_type, damage.completeness);
  }
}

/// What a snapshot finds names resources; people look for them in a file.
void add_with_file(const std::string& file, DiagnosticSink& found, DiagnosticSink& sink) {
  for (auto& diagnostic : found.take()) {
    diagnostic.place = file + ": " + diagnostic.place;
    sink.add(std::move(diagnostic));
  }
}

}  // namespace

PatientLoader::PatientLoader(const Rulebook& rulebook, const Temporal& now)
    : rulebook_(rulebook),
      at_(to_instant(now)),
      timeline_(rulebook.read_plan(), rulebook.knowledge()),
      reader_(rulebook.read_plan()),
      order_reader_(rulebook.read_plan(), {.drafts = fhir::Drafts::kAll}) {}

void PatientLoader::read_orders(const std::vector<std::string>& paths, DiagnosticSink& sink) {
  for (const auto& path : paths)
    if (auto bytes = fhir::read_file(path, {}, sink)) order_files_.push_back({path, std::move(*bytes)});
}

void PatientLoader::load_nothing() {
  timeline_.clear();
  orders_.clear();
  DiagnosticSink sink;
  timeline_.at(at_, sink, snapshot_);
}

bool PatientLoader::load(const PatientSource& source, const std::vector<SetDamage>& damages, DiagnosticSink& sink) {
  timeline_.clear();
  orders_.clear();
  const bool is_file = source.lines.empty();
  const auto bytes = is_file ? fhir::read_file(source.path, {}, sink) : std::optional(join_lines(source.lines));
  if (!bytes) return false;
  const std::string& place = is_file ? source.path : source.name;
  reader_.read(*bytes, place, timeline_, sink, source.id);
  if (!is_file) degrade(timeline_, damages);
  if (sink.has_errors() && timeline_.version_count() == 0) return false;
  DiagnosticSink conflicts;  // of the record alone; reported once, with the orders
  timeline_.at(at_, conflicts, snapshot_);
  if (order_files_.empty()) add_with_file(place, conflicts, sink);
  const auto* patient = snapshot_.patient();
  if (patient == nullptr && rulebook_.read_plan().resource("Patient") != nullptr && !sink.has_errors())
    sink.add(data_diagnostic("VGL1008", place, {}).with_hint("expected a Patient resource among the data"));
  if (!order_files_.empty()) add_orders(place, patient != nullptr ? patient->id : std::string_view(source.id), sink);
  return true;
}

void PatientLoader::add_orders(const std::string& place, std::string_view patient_id, DiagnosticSink& sink) {
  std::set<const Object*> drafts;
  for (const auto& fact : snapshot_.all_facts())
    if (fact.origin == Origin::kDraft) drafts.insert(fact.resource);
  const std::string id(patient_id);
  for (const auto& order : order_files_) order_reader_.read(order.bytes, order.name, timeline_, sink, id);
  DiagnosticSink conflicts;
  timeline_.at(at_, conflicts, snapshot_);
  add_with_file(place, conflicts, sink);
  if (drafts.empty()) return;
  for (const auto& fact : snapshot_.all_facts()) {
    if (fact.origin != Origin::kDraft || drafts.contains(fact.resource)) continue;
    if (fact.id.empty())
      sink.add(plain_error("an order of --order has no id, and the patient has drafts of its own",
                           "give the order an `id`, so that it can be told from them"));
    else
      orders_.push_back(reference_to(fact));
  }
}

bool PatientLoader::has_orders() const {
  return std::ranges::any_of(snapshot_.all_facts(), [](const Fact& fact) { return fact.origin == Origin::kDraft; });
}

std::vector<ResourceReference> PatientLoader::active_orders() const {
  std::vector<ResourceReference> orders;
  for (const auto& fact : snapshot_.all_facts()) {
    if (fact.origin != Origin::kRecord || fact.status != "active" || fact.id.empty()) continue;
    auto reference = reference_to(fact);
    if (std::ranges::find(kOrderTypes, reference.type) != kOrderTypes.end()) orders.push_back(std::move(reference));
  }
  return orders;
}

ResourceReference PatientLoader::reference_to(const Fact& fact) const {
  const auto* type = rulebook_.read_plan().type(fact.fhir_type);
  return {type == nullptr ? std::string() : std::string(type->name), std::string(fact.id)};
}

}  // namespace vigil::cli
