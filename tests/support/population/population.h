// SPDX-License-Identifier: Apache-2.0
// Invented patients of any number, for tests, demonstrations and measurements.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace vigil::population {

struct Options {
  uint64_t patients = 1000;
  uint64_t seed = 1;
  std::string folder;                    ///< made if absent
  uint64_t patients_per_file = 100'000;  ///< a file a type and so many patients
};

/// Writes FHIR R4 bulk NDJSON: Patient, Encounter, Condition, AllergyIntolerance, MedicationRequest, Observation, and
/// the Practitioners they name. Four years up to 2025-12-31: chronic illness by age and sex, its drugs and laboratory
/// controls, acute visits with short courses, results issued hours after the specimen, diagnoses recorded after their
/// onset. A patient depends on the seed and its number alone, so a larger population begins with the smaller one. Codes
/// are RxNorm, LOINC, SNOMED CT and ICD-10-CM as in knowledge-base/. The frequencies are plausible, not epidemiology.
/// `progress` gets the number of patients done. Returns the bytes written; 0, with `problem`, where a file cannot be.
uint64_t generate(const Options& options, const std::function<void(uint64_t)>& progress, std::string& problem);

}  // namespace vigil::population
