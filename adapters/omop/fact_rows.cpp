// SPDX-License-Identifier: Apache-2.0
// Columns of CDM 5.4 tables to elements of FHIR R4. The README has the table of what becomes what.
#include "omop/fact_rows.h"

#include <algorithm>
#include <array>

#include "json/json_number.h"
#include "omop/fact_values.h"
#include "tables/times.h"

namespace vigil::omop {
namespace {

using tables::fhir_time;
using Names = std::string_view;

// --- PERSON ---------------------------------------------------------------------------------------------------------

enum Person { kPersonId, kGender, kYear, kMonth, kDay, kSourceValue, kGenderSource };
constexpr std::array<Names, 7> kPersonNames = {"person_id",          "gender_concept_id", "year_of_birth",
                                               "month_of_birth",     "day_of_birth",      "person_source_value",
                                               "gender_source_value"};

std::string_view gender_of(std::string_view gender_concept, std::string_view source) {
  if (gender_concept == "8507") return "male";
  if (gender_concept == "8532") return "female";
  if (gender_concept == "8521") return "other";
  if (source == "M" || source == "m") return "male";
  if (source == "F" || source == "f") return "female";
  return "unknown";
}

std::string two_digits(std::string_view number) {
  return number.size() == 1 ? "0" + std::string(number) : std::string(number);
}

bool write_person(const FactRow& row, JsonWriter& json) {
  json.text("id", row.get(kPersonId));
  if (!row.get(kSourceValue).empty()) {
    json.key("identifier").open('[').open('{');
    json.text("value", row.get(kSourceValue));
    json.close('}').close(']');
  }
  json.text("gender", gender_of(row.get(kGender), row.get(kGenderSource)));
  std::string birth(row.get(kYear));
  if (!row.get(kMonth).empty()) birth += "-" + two_digits(row.get(kMonth));
  if (!row.get(kMonth).empty() && !row.get(kDay).empty()) birth += "-" + two_digits(row.get(kDay));
  json.text("birthDate", birth);
  const auto& deaths = row.vocabulary().deaths;
  if (const auto death = deaths.find(std::string(row.get(kPersonId))); death != deaths.end())
    death->second.empty() ? json.raw("deceasedBoolean", "true") : json.text("deceasedDateTime", death->second);
  return true;
}

// --- VISIT_OCCURRENCE -----------------------------------------------------------------------------------------------

enum Visit {
  kVisitId,
  kVisitPerson,
  kVisitConcept,
  kVisitStart,
  kVisitStartTime,
  kVisitEnd,
  kVisitEndTime,
  kVisitSource
};
constexpr std::array<Names, 8> kVisitNames = {
    "visit_occurrence_id",  "person_id",      "visit_concept_id",   "visit_start_date",
    "visit_start_datetime", "visit_end_date", "visit_end_datetime", "visit_source_value"};

/// v3-ActCode of OMOP's visits; empty for those without a counterpart.
std::string_view class_of(std::string_view visit) {
  if (visit == "9201") return "IMP";
  if (visit == "9203" || visit == "262") return "EMER";
  if (visit == "9202") return "AMB";
  if (visit == "581476") return "HH";
  if (visit == "5083" || visit == "722455") return "VR";
  return {};
}

bool write_visit(const FactRow& row, JsonWriter& json) {
  json.text("id", row.get(kVisitId));
  const auto end = fhir_time(row.get(kVisitEnd), row.get(kVisitEndTime));
  json.text("status", end.empty() ? "unknown" : "finished");
  const auto code = class_of(row.get(kVisitConcept));
  json.key("class").open('{');
  if (code.empty()) {
    json.text("display", row.get(kVisitSource));
  } else {
    json.text("system", "http://terminology.hl7.org/CodeSystem/v3-ActCode");
    json.text("code", code);
  }
  json.close('}');
  write_subject(json, "subject", row.get(kVisitPerson));
  json.key("period").open('{');
  json.text("start", fhir_time(row.get(kVisitStart), row.get(kVisitStartTime)));
  json.text("end", end);
  json.close('}');
  return !code.empty();
}

// --- CONDITION_OCCURRENCE -------------------------------------------------------------------------------------------

enum Condition {
  kConditionId,
  kConditionPerson,
  kConditionConcept,
  kConditionStart,
  kConditionStartTime,
  kConditionEnd,
  kConditionEndTime,
  kConditionVisit,
  kConditionSource,
  kConditionSourceConcept
};
constexpr std::array<Names, 10> kConditionNames = {"condition_occurrence_id",  "person_id",
                                                   "condition_concept_id",     "condition_start_date",
                                                   "condition_start_datetime", "condition_end_date",
                                                   "condition_end_datetime",   "visit_occurrence_id",
                                                   "condition_source_value",   "condition_source_concept_id"};

bool write_condition(const FactRow& row, JsonWriter& json) {
  json.text("id", row.get(kConditionId));
  const auto end = fhir_time(row.get(kConditionEnd), row.get(kConditionEndTime));
  if (!end.empty())  // FHIR R4 con-4
    write_coded(json, "clinicalStatus", "http://terminology.hl7.org/CodeSystem/condition-clinical", "resolved");
  const bool is_coded =
      write_concept(json, "code", row.vocabulary(),
                    {row.get(kConditionConcept), row.get(kConditionSourceConcept), row.get(kConditionSource)});
  write_subject(json, "subject", row.get(kConditionPerson));
  write_reference(json, "encounter", "Encounter", row.get(kConditionVisit));
  json.text("onsetDateTime", fhir_time(row.get(kConditionStart), row.get(kConditionStartTime)));
  json.text("abatementDateTime", end);
  return is_coded;
}

// --- PROCEDURE_OCCURRENCE -------------------------------------------------------------------------------------------

enum Procedure {
  kProcedureId,
  kProcedurePerson,
  kProcedureConcept,
  kProcedureStart,
  kProcedureStartTime,
  kProcedureEnd,
  kProcedureEndTime,
  kProcedureVisit,
  kProcedureSource,
  kProcedureSourceConcept
};
constexpr std::array<Names, 10> kProcedureNames = {"procedure_occurrence_id", "person_id",
                                                   "procedure_concept_id",    "procedure_date",
                                                   "procedure_datetime",      "procedure_end_date",
                                                   "procedure_end_datetime",  "visit_occurrence_id",
                                                   "procedure_source_value",  "procedure_source_concept_id"};

bool write_procedure(const FactRow& row, JsonWriter& json) {
  json.text("id", row.get(kProcedureId));
  json.text("status", "completed");
  const bool is_coded =
      write_concept(json, "code", row.vocabulary(),
                    {row.get(kProcedureConcept), row.get(kProcedureSourceConcept), row.get(kProcedureSource)});
  write_subject(json, "subject", row.get(kProcedurePerson));
  write_reference(json, "encounter", "Encounter", row.get(kProcedureVisit));
  const auto start = fhir_time(row.get(kProcedureStart), row.get(kProcedureStartTime));
  const auto end = fhir_time(row.get(kProcedureEnd), row.get(kProcedureEndTime));
  if (end.empty()) {
    json.text("performedDateTime", start);
  } else {
    json.key("performedPeriod").open('{');
    json.text("start", start);
    json.text("end", end);
    json.close('}');
  }
  return is_coded;
}

// --- DRUG_ERA -------------------------------------------------------------------------------------------------------

enum Era { kEraId, kEraPerson, kEraConcept, kEraStart, kEraEnd };
constexpr std::array<Names, 5> kEraNames = {"drug_era_id", "person_id", "drug_concept_id", "drug_era_start_date",
                                            "drug_era_end_date"};

/// The ingredient taken, over the span that its exposures made.
bool write_era(const FactRow& row, JsonWriter& json) {
  json.text("id", row.get(kEraId));
  const auto end = fhir_time(row.get(kEraEnd), {});
  json.text("status", end.empty() ? "unknown" : "completed");
  const bool is_coded =
      write_concept(json, "medicationCodeableConcept", row.vocabulary(), {row.get(kEraConcept), {}, {}});
  write_subject(json, "subject", row.get(kEraPerson));
  json.key("effectivePeriod").open('{');
  json.text("start", fhir_time(row.get(kEraStart), {}));
  json.text("end", end);
  json.close('}');
  return is_coded;
}

constexpr std::array<FactTable, 8> kTables = {{
    {"person", "Patient", kPersonNames, 3, write_person},
    {"visit_occurrence", "Encounter", kVisitNames, 4, write_visit},
    {"condition_occurrence", "Condition", kConditionNames, 4, write_condition},
    {"drug_exposure", "MedicationRequest", kDrugNames, 4, write_drug, true},
    {"measurement", "Observation", kMeasurementNames, 4, write_measurement},
    {"observation", "Observation", kObservationNames, 4, write_observation, true},
    {"procedure_occurrence", "Procedure", kProcedureNames, 4, write_procedure},
    {"drug_era", "MedicationStatement", kEraNames, 4, write_era},
}};

}  // namespace

namespace {

bool is_time_column(std::string_view name) { return name.ends_with("_date") || name.ends_with("_datetime"); }

bool is_number_column(std::string_view name) {
  constexpr std::array<Names, 9> kNumbers = {"value_as_number", "quantity",       "days_supply",
                                             "refills",         "range_low",      "range_high",
                                             "year_of_birth",   "month_of_birth", "day_of_birth"};
  return std::ranges::find(kNumbers, name) != kNumbers.end();
}

/// What databases and dumps write for nothing: PostgreSQL's COPY, its numbers that are none and dates without a bound,
/// and tools that print SQL's word.
bool is_nothing(std::string_view value) {
  constexpr std::array<Names, 7> kNothing = {"", "\\N", "NULL", "null", "NaN", "infinity", "-infinity"};
  return std::ranges::find(kNothing, value) != kNothing.end();
}

}  // namespace

bool FactRow::find_columns(std::string_view table, std::span<const std::string_view> names, size_t required,
                           DiagnosticSink& sink) {
  columns_.assign(names.size(), kAbsent);
  for (size_t i = 0; i < names.size(); ++i) {
    if (const auto column = table_.column(names[i])) {
      columns_[i] = *column;
      if (is_time_column(names[i]) || is_number_column(names[i]))
        typed_.push_back({names[i], *column, is_time_column(names[i])});
    } else if (i < required) {
      sink.add(data_diagnostic("VGL1313", {}, {table, names[i]}).with_hint("expected the columns of OMOP CDM 5.4"));
      return false;
    }
  }
  return true;
}

std::string FactRow::problem() const {
  for (const auto& typed : typed_) {
    const auto value = table_.value(typed.column);
    if (typed.is_time ? tables::is_time(value) : json::is_number(value)) continue;
    if (is_nothing(value) || (!typed.is_time && !json::to_number(value).empty())) continue;
    return "column `" + std::string(typed.name) + "` holds no " + (typed.is_time ? "date or time" : "number");
  }
  return {};
}

std::span<const FactTable> fact_tables() { return kTables; }

void write_fact(const FactTable& table, const FactRow& row, std::string& text, bool& is_coded) {
  text.clear();
  JsonWriter json(text);
  json.open('{');
  if (!table.names_its_type) json.text("resourceType", table.resource_type);
  is_coded = table.write(row, json);
  json.close('}');
}

}  // namespace vigil::omop
