// SPDX-License-Identifier: Apache-2.0
// Concepts, drugs and values.
#include "omop/fact_values.h"

#include <optional>

#include "json/json_number.h"
#include "tables/times.h"

namespace vigil::omop {

using tables::fhir_time;

namespace {

/// One Coding's members. Returns whether its system is one of FHIR's.
bool write_coding(JsonWriter& json, std::string_view id, const Concept& found) {
  const auto system = system_of(found.vocabulary);
  json.text("system", system.empty() ? kOmopSystem : system);
  json.text("code", system.empty() ? id : found.code);
  json.text("display", found.name);
  return !system.empty();
}

std::string_view comparator_of(std::string_view operator_concept) {
  if (operator_concept == "4171756") return "<";
  if (operator_concept == "4171754") return "<=";
  if (operator_concept == "4172704") return ">";
  if (operator_concept == "4171755") return ">=";
  return {};
}

struct GivenQuantity {
  std::string_view value;
  std::string_view unit_id;
  std::string_view unit_source;
  std::string_view operator_id;
};

void write_quantity(JsonWriter& json, std::string_view member, const Vocabulary& vocabulary,
                    const GivenQuantity& given) {
  const auto unit = vocabulary.concepts.find(given.unit_id);
  json.key(member).open('{');
  json.raw("value", given.value);
  json.text("comparator", comparator_of(given.operator_id));
  json.text("unit", !given.unit_source.empty() ? given.unit_source : unit ? unit->name : std::string_view{});
  if (unit && unit->vocabulary == "UCUM") {
    json.text("system", system_of("UCUM"));
    json.text("code", unit->code);
  }
  json.close('}');
}

/// The value of a measurement or observation, the first there is of number, concept and text.
void write_value(JsonWriter& json, const Vocabulary& vocabulary, const GivenQuantity& quantity,
                 std::string_view concept_id, std::string_view text) {
  const std::string number = json::to_number(quantity.value);
  if (!number.empty()) {
    GivenQuantity given = quantity;
    given.value = number;
    write_quantity(json, "valueQuantity", vocabulary, given);
  } else if (!concept_id.empty() && concept_id != "0") {
    write_concept(json, "valueCodeableConcept", vocabulary, {concept_id, {}, text});
  } else {
    json.text("valueString", text);
  }
}

void write_limit(JsonWriter& json, std::string_view member, std::string_view value) {
  const std::string number = json::to_number(value);
  if (number.empty()) return;
  json.key(member).open('{');
  json.raw("value", number);
  json.close('}');
}

}  // namespace

bool write_concept(JsonWriter& json, std::string_view member, const Vocabulary& vocabulary, const GivenConcept& given) {
  const auto standard = vocabulary.concepts.find(given.id);
  const auto source = given.source_id == given.id ? std::nullopt : vocabulary.concepts.find(given.source_id);
  bool is_coded = false;
  json.key(member).open('{');
  if (standard || source) {
    json.key("coding").open('[').open('{');
    if (standard) is_coded |= write_coding(json, given.id, *standard);
    if (standard && source) json.close('}').open('{');
    if (source) is_coded |= write_coding(json, given.source_id, *source);
    json.close('}').close(']');
  }
  if (!given.source_value.empty())
    json.text("text", given.source_value);
  else if (standard)
    json.text("text", standard->name);
  else
    json.text("text", "OMOP concept " + std::string(given.id));
  json.close('}');
  return is_coded;
}

void write_coded(JsonWriter& json, std::string_view member, std::string_view system, std::string_view code) {
  json.key(member).open('{');
  json.key("coding").open('[').open('{');
  json.text("system", system);
  json.text("code", code);
  json.close('}').close(']');
  json.close('}');
}

void write_reference(JsonWriter& json, std::string_view member, std::string_view type, std::string_view id) {
  if (id.empty()) return;
  json.key(member).open('{').key("reference").string(std::array{type, std::string_view("/"), id}).close('}');
}

void write_subject(JsonWriter& json, std::string_view member, std::string_view person) {
  write_reference(json, member, "Patient", person);
}

namespace {

enum Drug {
  kDrugId,
  kDrugPerson,
  kDrugConcept,
  kDrugStart,
  kDrugStartTime,
  kDrugEnd,
  kDrugEndTime,
  kDrugType,
  kStopReason,
  kRefills,
  kQuantity,
  kDaysSupply,
  kSig,
  kRoute,
  kDrugVisit,
  kDrugSource,
  kDrugSourceConcept,
  kRouteSource,
  kDoseUnit
};

/// Types of record that say a drug was given (OMOP's Type Concept vocabulary: EHR administration record, inpatient
/// administration, and the older ones).
bool is_administration(std::string_view type) {
  return type == "32818" || type == "38000180" || type == "38000179" || type == "43542358";
}

/// What the patient says to take: "Patient self-report", and "Patient Self-Reported Medication" of before.
bool is_statement(std::string_view type) { return type == "32865" || type == "44787730"; }

enum class DrugRecord : uint8_t { kOrder, kAdministration, kVaccination, kStatement };

DrugRecord drug_record(const FactRow& row) {
  const auto drug = row.vocabulary().concepts.find(row.get(kDrugConcept));
  if (drug && drug->vocabulary == "CVX") return DrugRecord::kVaccination;
  const auto type = row.get(kDrugType);
  if (is_administration(type)) return DrugRecord::kAdministration;
  return is_statement(type) ? DrugRecord::kStatement : DrugRecord::kOrder;
}

std::string_view status_of(DrugRecord record, bool is_stopped, bool has_end) {
  if (record == DrugRecord::kVaccination || record == DrugRecord::kAdministration) return "completed";
  return is_stopped ? "stopped" : has_end ? "completed" : "unknown";
}

void write_dosage(const FactRow& row, JsonWriter& json, std::string_view member) {
  const bool has_route = (!row.get(kRoute).empty() && row.get(kRoute) != "0") || !row.get(kRouteSource).empty();
  if (row.get(kSig).empty() && !has_route) return;
  json.key(member).open('[').open('{');
  json.text("text", row.get(kSig));
  if (has_route) write_concept(json, "route", row.vocabulary(), {row.get(kRoute), {}, row.get(kRouteSource)});
  json.close('}').close(']');
}

void write_period(JsonWriter& json, std::string_view member, const std::string& start, const std::string& end) {
  if (end.empty()) {
    json.text(std::string(member) + "DateTime", start);
    return;
  }
  json.key(std::string(member) + "Period").open('{');
  json.text("start", start);
  json.text("end", end);
  json.close('}');
}

void write_order(const FactRow& row, JsonWriter& json, const std::string& start, const std::string& end) {
  json.text("authoredOn", start);
  write_dosage(row, json, "dosageInstruction");
  json.key("dispenseRequest").open('{');
  json.key("validityPeriod").open('{');
  json.text("start", start);
  json.text("end", end);
  json.close('}');
  if (json::is_number(row.get(kRefills))) json.raw("numberOfRepeatsAllowed", row.get(kRefills));
  if (const auto quantity = json::to_number(row.get(kQuantity)); !quantity.empty()) {
    json.key("quantity").open('{');
    json.raw("value", quantity);
    json.text("unit", row.get(kDoseUnit));
    json.close('}');
  }
  if (const auto days = json::to_number(row.get(kDaysSupply)); !days.empty()) {
    json.key("expectedSupplyDuration").open('{');
    json.raw("value", days);
    json.text("unit", "d");
    json.text("system", system_of("UCUM"));
    json.text("code", "d");
    json.close('}');
  }
  json.close('}');
}

}  // namespace

bool write_drug(const FactRow& row, JsonWriter& json) {
  static constexpr std::string_view kTypes[] = {"MedicationRequest", "MedicationAdministration", "Immunization",
                                                "MedicationStatement"};
  const auto record = drug_record(row);
  const auto start = fhir_time(row.get(kDrugStart), row.get(kDrugStartTime));
  const auto end = fhir_time(row.get(kDrugEnd), row.get(kDrugEndTime));
  const GivenConcept given{row.get(kDrugConcept), row.get(kDrugSourceConcept), row.get(kDrugSource)};
  json.text("resourceType", kTypes[static_cast<size_t>(record)]);
  json.text("id", row.get(kDrugId));
  json.text("status", status_of(record, !row.get(kStopReason).empty(), !end.empty()));
  if (record == DrugRecord::kVaccination) {
    const bool is_coded = write_concept(json, "vaccineCode", row.vocabulary(), given);
    write_subject(json, "patient", row.get(kDrugPerson));
    write_reference(json, "encounter", "Encounter", row.get(kDrugVisit));
    json.text("occurrenceDateTime", start);
    return is_coded;
  }
  const bool is_order = record == DrugRecord::kOrder;
  if (is_order) json.text("intent", "order");
  const bool is_coded = write_concept(json, "medicationCodeableConcept", row.vocabulary(), given);
  write_subject(json, "subject", row.get(kDrugPerson));
  write_reference(json, is_order ? "encounter" : "context", "Encounter", row.get(kDrugVisit));
  if (is_order) {
    write_order(row, json, start, end);
    return is_coded;
  }
  write_period(json, "effective", start, end);
  if (record == DrugRecord::kStatement) write_dosage(row, json, "dosage");
  return is_coded;
}

bool write_measurement(const FactRow& row, JsonWriter& json) {
  enum {
    kId,
    kPerson,
    kConcept,
    kDate,
    kDateTime,
    kOperator,
    kNumber,
    kValueConcept,
    kUnit,
    kLow,
    kHigh,
    kVisit,
    kSource,
    kSourceConcept,
    kUnitSource,
    kValueSource
  };
  json.text("id", "m" + std::string(row.get(kId)));
  json.text("status", "final");
  const bool is_coded =
      write_concept(json, "code", row.vocabulary(), {row.get(kConcept), row.get(kSourceConcept), row.get(kSource)});
  write_subject(json, "subject", row.get(kPerson));
  write_reference(json, "encounter", "Encounter", row.get(kVisit));
  json.text("effectiveDateTime", fhir_time(row.get(kDate), row.get(kDateTime)));
  write_value(json, row.vocabulary(), {row.get(kNumber), row.get(kUnit), row.get(kUnitSource), row.get(kOperator)},
              row.get(kValueConcept), row.get(kValueSource));
  if (!json::to_number(row.get(kLow)).empty() || !json::to_number(row.get(kHigh)).empty()) {
    json.key("referenceRange").open('[').open('{');
    write_limit(json, "low", row.get(kLow));
    write_limit(json, "high", row.get(kHigh));
    json.close('}').close(']');
  }
  return is_coded;
}

bool write_observation(const FactRow& row, JsonWriter& json) {
  enum {
    kId,
    kPerson,
    kConcept,
    kDate,
    kDateTime,
    kNumber,
    kText,
    kValueConcept,
    kUnit,
    kVisit,
    kSource,
    kSourceConcept,
    kUnitSource,
    kValueSource
  };
  const auto time = fhir_time(row.get(kDate), row.get(kDateTime));
  const auto about = row.get(kConcept);
  const bool has_value = !row.get(kValueConcept).empty() && row.get(kValueConcept) != "0";
  // "Allergy to drug" (439224) and the like name the substance as their value.
  const auto question = row.vocabulary().concepts.find(about);
  const bool is_allergy = has_value && (about == "439224" || (question && question->name.starts_with("Allergy to ")));
  json.text("resourceType", is_allergy ? "AllergyIntolerance" : "Observation");
  json.text("id", is_allergy ? std::string(row.get(kId)) : "o" + std::string(row.get(kId)));
  if (is_allergy) {
    const bool is_coded =
        write_concept(json, "code", row.vocabulary(), {row.get(kValueConcept), {}, row.get(kValueSource)});
    write_subject(json, "patient", row.get(kPerson));
    write_reference(json, "encounter", "Encounter", row.get(kVisit));
    json.text("recordedDate", time);
    return is_coded;
  }
  json.text("status", "final");
  const bool is_coded =
      write_concept(json, "code", row.vocabulary(), {about, row.get(kSourceConcept), row.get(kSource)});
  write_subject(json, "subject", row.get(kPerson));
  write_reference(json, "encounter", "Encounter", row.get(kVisit));
  json.text("effectiveDateTime", time);
  write_value(json, row.vocabulary(), {row.get(kNumber), row.get(kUnit), row.get(kUnitSource), {}},
              row.get(kValueConcept), row.get(kText).empty() ? row.get(kValueSource) : row.get(kText));
  return is_coded;
}

}  // namespace vigil::omop
