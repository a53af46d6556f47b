// SPDX-License-Identifier: Apache-2.0
// What the invented patients have, take and are measured for.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace vigil::population {

/// RxNorm, as in knowledge-base/drugs.
struct Drug {
  std::string_view code;
  std::string_view name;
};

enum Illness : uint8_t {
  kHypertension,
  kDiabetes,
  kAtrialFibrillation,
  kKidneyDisease,
  kHeartFailure,
  kCoronaryDisease,
  kDepression,
  kArthritis,
  kReflux,
  kGout,
  kIllnesses,
};

/// A chronic illness, how frequent it is at the ages 30, 50, 70 and 90, and its drugs.
struct IllnessFacts {
  std::string_view snomed;
  std::string_view icd10;
  std::string_view name;
  std::array<double, 4> frequency;
  std::array<Drug, 4> drugs;  ///< one of them; those without a code are no drug
};

inline constexpr std::array<IllnessFacts, kIllnesses> kIllnessFacts = {{
    {"59621000",
     "I10",
     "Essential hypertension",
     {0.06, 0.28, 0.58, 0.70},
     {{{"314076", "lisinopril 10 MG Oral Tablet"},
       {"197361", "amlodipine 5 MG Oral Tablet"},
       {"310798", "hydrochlorothiazide 25 MG Oral Tablet"},
       {"866514", "metoprolol tartrate 50 MG Oral Tablet"}}}},
    {"44054006",
     "E11.9",
     "Type 2 diabetes mellitus",
     {0.02, 0.10, 0.22, 0.20},
     {{{"861007", "metformin hydrochloride 500 MG Oral Tablet"},
       {"861007", "metformin hydrochloride 500 MG Oral Tablet"},
       {"310490", "glipizide 5 MG Oral Tablet"},
       {"", ""}}}},
    {"49436004",
     "I48.91",
     "Atrial fibrillation",
     {0.002, 0.01, 0.08, 0.18},
     {{{"855332", "warfarin sodium 5 MG Oral Tablet"},
       {"1364445", "apixaban 5 MG Oral Tablet"},
       {"855332", "warfarin sodium 5 MG Oral Tablet"},
       {"197604", "digoxin 0.125 MG Oral Tablet"}}}},
    {"709044004",
     "N18.4",
     "Chronic kidney disease",
     {0.005, 0.02, 0.10, 0.22},
     {{{"313988", "furosemide 40 MG Oral Tablet"}, {"314076", "lisinopril 10 MG Oral Tablet"}, {"", ""}, {"", ""}}}},
    {"42343007",
     "I50.9",
     "Congestive heart failure",
     {0.002, 0.01, 0.06, 0.14},
     {{{"313096", "spironolactone 25 MG Oral Tablet"},
       {"313988", "furosemide 40 MG Oral Tablet"},
       {"197604", "digoxin 0.125 MG Oral Tablet"},
       {"314076", "lisinopril 10 MG Oral Tablet"}}}},
    {"53741008",
     "I25.10",
     "Coronary arteriosclerosis",
     {0.004, 0.04, 0.16, 0.24},
     {{{"617310", "atorvastatin 20 MG Oral Tablet"},
       {"198211", "simvastatin 40 MG Oral Tablet"},
       {"309362", "clopidogrel 75 MG Oral Tablet"},
       {"308416", "aspirin 81 MG Delayed Release Oral Tablet"}}}},
    {"35489007",
     "F32.9",
     "Depressive disorder",
     {0.08, 0.10, 0.08, 0.08},
     {{{"312941", "sertraline 50 MG Oral Tablet"},
       {"200371", "citalopram 20 MG Oral Tablet"},
       {"197900", "lorazepam 0.5 MG Oral Tablet"},
       {"", ""}}}},
    {"396275006",
     "M19.90",
     "Osteoarthritis",
     {0.02, 0.12, 0.30, 0.40},
     {{{"197806", "ibuprofen 600 MG Oral Tablet"},
       {"198014", "naproxen 500 MG Oral Tablet"},
       {"835603", "tramadol hydrochloride 50 MG Oral Tablet"},
       {"", ""}}}},
    {"235595009",
     "K21.9",
     "Gastroesophageal reflux disease",
     {0.06, 0.12, 0.16, 0.16},
     {{{"198051", "omeprazole 20 MG Delayed Release Oral Capsule"},
       {"198051", "omeprazole 20 MG Delayed Release Oral Capsule"},
       {"", ""},
       {"", ""}}}},
    {"90560007",
     "M10.9",
     "Gout",
     {0.005, 0.03, 0.06, 0.08},
     {{{"197319", "allopurinol 100 MG Oral Tablet"},
       {"197319", "allopurinol 100 MG Oral Tablet"},
       {"", ""},
       {"", ""}}}},
}};

/// Short courses of acute visits.
inline constexpr std::array<Drug, 10> kAcuteDrugs = {{
    {"197806", "ibuprofen 600 MG Oral Tablet"},
    {"308191", "amoxicillin 500 MG Oral Capsule"},
    {"197517", "clarithromycin 500 MG Oral Tablet"},
    {"198335", "sulfamethoxazole 800 MG / trimethoprim 160 MG Oral Tablet"},
    {"309309", "ciprofloxacin 500 MG Oral Tablet"},
    {"312615", "prednisone 20 MG Oral Tablet"},
    {"1049621", "oxycodone hydrochloride 5 MG Oral Tablet"},
    {"835603", "tramadol hydrochloride 50 MG Oral Tablet"},
    {"1049909", "diphenhydramine hydrochloride 25 MG Oral Capsule"},
    {"312950", "sildenafil 50 MG Oral Tablet"},
}};

struct Allergen {
  std::string_view system;
  std::string_view code;
  std::string_view name;
};
inline constexpr std::array<Allergen, 4> kAllergens = {{
    {"http://www.nlm.nih.gov/research/umls/rxnorm", "723", "Amoxicillin"},
    {"http://www.nlm.nih.gov/research/umls/rxnorm", "10180", "Sulfamethoxazole"},
    {"http://www.nlm.nih.gov/research/umls/rxnorm", "5640", "Ibuprofen"},
    {"http://www.nlm.nih.gov/research/umls/rxnorm", "1191", "Aspirin"},
}};

enum Test : uint8_t { kEgfr, kPotassium, kHba1c, kInr, kSystolic, kTests };

/// A laboratory test or measurement, its value in health, and how long the result takes (0: known at once).
struct TestFacts {
  std::string_view loinc;
  std::string_view name;
  std::string_view unit;
  double mean;
  double deviation;
  int decimals;
  int hours;
};
inline constexpr std::array<TestFacts, kTests> kTestFacts = {{
    {"33914-3", "Glomerular filtration rate/1.73 sq M.predicted", "mL/min/{1.73_m2}", 88, 16, 0, 6},
    {"6298-4", "Potassium [Moles/volume] in Blood", "mmol/L", 4.2, 0.4, 1, 4},
    {"4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "%", 5.5, 0.4, 1, 24},
    {"6301-6", "INR in Platelet poor plasma by Coagulation assay", "{INR}", 2.4, 0.6, 1, 3},
    {"8480-6", "Systolic blood pressure", "mm[Hg]", 126, 13, 0, 0},
}};

}  // namespace vigil::population
