// SPDX-License-Identifier: Apache-2.0
// Parts that resources of several tables share, and the tables with values.
#pragma once

#include <array>
#include <string_view>

#include "omop/fact_rows.h"

namespace vigil::omop {

/// A concept as a row gives it: the standard one, the one of the source, and the source's own text.
struct GivenConcept {
  std::string_view id;
  std::string_view source_id;
  std::string_view source_value;
};

/// A CodeableConcept with what is known of it. Returns whether it has a code of a system that FHIR names. The name of a
/// concept stands in `text` where the source has none.
bool write_concept(JsonWriter& json, std::string_view member, const Vocabulary& vocabulary, const GivenConcept& given);
/// A CodeableConcept of one code.
void write_coded(JsonWriter& json, std::string_view member, std::string_view system, std::string_view code);
/// A Reference to `type`; nothing where the id is empty.
void write_reference(JsonWriter& json, std::string_view member, std::string_view type, std::string_view id);
void write_subject(JsonWriter& json, std::string_view member, std::string_view person);

bool write_drug(const FactRow& row, JsonWriter& json);
bool write_measurement(const FactRow& row, JsonWriter& json);
bool write_observation(const FactRow& row, JsonWriter& json);

inline constexpr std::array<std::string_view, 19> kDrugNames = {"drug_exposure_id",
                                                                "person_id",
                                                                "drug_concept_id",
                                                                "drug_exposure_start_date",
                                                                "drug_exposure_start_datetime",
                                                                "drug_exposure_end_date",
                                                                "drug_exposure_end_datetime",
                                                                "drug_type_concept_id",
                                                                "stop_reason",
                                                                "refills",
                                                                "quantity",
                                                                "days_supply",
                                                                "sig",
                                                                "route_concept_id",
                                                                "visit_occurrence_id",
                                                                "drug_source_value",
                                                                "drug_source_concept_id",
                                                                "route_source_value",
                                                                "dose_unit_source_value"};
inline constexpr std::array<std::string_view, 17> kMeasurementNames = {"measurement_id",
                                                                       "person_id",
                                                                       "measurement_concept_id",
                                                                       "measurement_date",
                                                                       "measurement_datetime",
                                                                       "operator_concept_id",
                                                                       "value_as_number",
                                                                       "value_as_concept_id",
                                                                       "unit_concept_id",
                                                                       "range_low",
                                                                       "range_high",
                                                                       "visit_occurrence_id",
                                                                       "measurement_source_value",
                                                                       "measurement_source_concept_id",
                                                                       "unit_source_value",
                                                                       "value_source_value",
                                                                       "measurement_time"};
inline constexpr std::array<std::string_view, 15> kObservationNames = {
    "observation_id",       "person_id",           "observation_concept_id",   "observation_date",
    "observation_datetime", "value_as_number",     "value_as_string",          "value_as_concept_id",
    "unit_concept_id",      "visit_occurrence_id", "observation_source_value", "observation_source_concept_id",
    "unit_source_value",    "value_source_value",  "qualifier_source_value"};

}  // namespace vigil::omop
