// SPDX-License-Identifier: Apache-2.0
// A patient's four years.
#include "support/population/patient.h"

#include <algorithm>
#include <cstdio>

namespace vigil::population {
namespace {

// Times are minutes since 1970-01-01T00:00Z.
constexpr int64_t kDay = 1440;
constexpr int64_t kBegin = 18993 * kDay;  // 2022-01-01
constexpr int64_t kEnd = 20454 * kDay;    // 2026-01-01

/// Year, month and day of a day since 1970 (Hinnant, "chrono-compatible low-level date algorithms", days_from_civil).
void append_date(std::string& text, int64_t day) {
  const int64_t z = day + 719468;
  const int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const int64_t day_of_era = z - era * 146097;
  const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month_index = (5 * day_of_year + 2) / 153;
  const int64_t month = month_index < 10 ? month_index + 3 : month_index - 9;
  const int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  std::array<char, 24> digits{};
  std::snprintf(digits.data(), digits.size(), "%04d-%02d-%02d", static_cast<int>(year), static_cast<int>(month),
                static_cast<int>(day_of_year - (153 * month_index + 2) / 5 + 1));
  text += digits.data();
}

void append_time(std::string& text, int64_t minutes) {
  append_date(text, minutes / kDay);
  std::array<char, 16> digits{};
  std::snprintf(digits.data(), digits.size(), "T%02d:%02d:00Z", static_cast<int>(minutes % kDay / 60),
                static_cast<int>(minutes % 60));
  text += digits.data();
}

/// A frequency between those of the ages 30, 50, 70 and 90.
double frequency_at(const std::array<double, 4>& frequency, double age) {
  const double place = std::clamp((age - 30) / 20, 0.0, 3.0);
  const auto low = std::min(static_cast<size_t>(place), size_t{2});
  const double share = place - static_cast<double>(low);
  const double found = frequency[low] * (1 - share) + frequency[low + 1] * share;
  return age < 30 ? found * age / 30 : found;
}

constexpr std::string_view kRxNorm = "http://www.nlm.nih.gov/research/umls/rxnorm";

}  // namespace

void PatientWriter::write(uint64_t number) {
  random_ = Random(seed_, number);
  std::array<char, 32> id{};
  // Spread over the alphabet of ids, as those of real systems are.
  const uint64_t mixed = Random(seed_ ^ 0x5DEECE66Du, number).next();
  std::snprintf(id.data(), id.size(), "%08x-%08x", static_cast<unsigned>(mixed >> 32), static_cast<unsigned>(number));
  id_ = id.data();
  // A population pyramid of three parts: children, adults, the old.
  const double part = random_.unit();
  age_ = part < 0.2 ? random_.unit() * 18 : part < 0.8 ? 18 + random_.unit() * 47 : 65 + random_.unit() * 30;
  is_female_ = random_.chance(0.51);
  orders_ = 0;
  observations_ = 0;
  choose_illnesses();
  write_patient();
  for (int i = 0; i < kIllnesses; ++i)
    if (since_[static_cast<size_t>(i)] != 0) write_illness(static_cast<Illness>(i));
  if (random_.chance(0.12)) {
    const auto& allergen = kAllergens[static_cast<size_t>(random_.below(kAllergens.size()))];
    auto& line = begin(kAllergy, "AllergyIntolerance", 0);
    line +=
        R"("clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical","code":"active"}]},"type":"allergy","criticality":")";
    line += random_.chance(0.3) ? "high" : "low";
    line += R"(","code":{"coding":[)";
    add_coding(line, allergen.system, allergen.code, allergen.name);
    line += "]},";
    add_subject(line, "patient");
    line += R"(,"recordedDate":")";
    append_time(line, kBegin - kDay * 1000 + random_.exponential(static_cast<double>(kDay) * 900));
    line += "\"}\n";
  }
  write_visits();
}

void PatientWriter::choose_illnesses() {
  since_.fill(0);
  for (size_t i = 0; i < kIllnesses; ++i) {
    if (!random_.chance(frequency_at(kIllnessFacts[i].frequency, age_))) continue;
    // Two thirds had it before.
    since_[i] = kBegin + kDay * random_.between(-2000, 1000) + random_.between(480, 1020);
  }
}

void PatientWriter::write_patient() {
  auto& line = lines_[kPatient];
  line.append(R"({"resourceType":"Patient","id":")").append(id_).append(R"(","gender":")");
  line += is_female_ ? "female" : "male";
  line += R"(","birthDate":")";
  append_date(line, kEnd / kDay - static_cast<int64_t>(age_ * 365.25));
  line += '"';
  if (age_ > 75 && random_.chance(0.12)) {
    line += R"(,"deceasedDateTime":")";
    append_time(line, kEnd - kDay * random_.between(1, 300));
    line += '"';
  }
  line += "}\n";
}

void PatientWriter::write_illness(Illness illness) {
  const auto& facts = kIllnessFacts[illness];
  auto& line = begin(kCondition, "Condition", illness);
  line +=
      R"("clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"verificationStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":"confirmed"}]},"code":{"coding":[)";
  add_coding(line, "http://snomed.info/sct", facts.snomed, facts.name);
  line += ',';
  add_coding(line, "http://hl7.org/fhir/sid/icd-10-cm", facts.icd10, facts.name);
  line += "]},";
  add_subject(line, "subject");
  line += R"(,"onsetDateTime":")";
  append_date(line, since_[illness] / kDay);
  line += R"(","recordedDate":")";
  append_time(line, since_[illness] + random_.exponential(static_cast<double>(kDay) * 20));
  line += "\"}\n";
}

void PatientWriter::write_visits() {
  const auto ill = kIllnesses - std::count(since_.begin(), since_.end(), 0);
  const double mean = 1.0 + (age_ > 60 ? 1.0 : 0.0) + 0.8 * static_cast<double>(ill);
  visits_.clear();
  for (int64_t at = kBegin; at < kEnd;) {
    at += 60 + random_.exponential(static_cast<double>(kEnd - kBegin) / mean);
    at = at / kDay * kDay + random_.between(480, 1080);
    if (at >= kEnd) break;
    const bool is_inpatient = random_.chance(0.08);
    const int64_t length = is_inpatient ? kDay * random_.between(1, 8) : random_.between(10, 60);
    visits_.push_back({at, at + length, is_inpatient, random_.below(kPractitioners)});
    at += length;
  }
  for (size_t i = 0; i < visits_.size(); ++i) write_visit(i);
}

void PatientWriter::write_visit(size_t number) {
  const Visit& visit = visits_[number];
  auto& line = begin(kEncounter, "Encounter", static_cast<int>(number));
  line += R"("status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":")";
  line += visit.is_inpatient ? "IMP" : "AMB";
  line += R"("},)";
  add_subject(line, "subject");
  line += R"(,"period":{"start":")";
  append_time(line, visit.begin);
  line += R"(","end":")";
  append_time(line, visit.end);
  line += "\"}}\n";
  write_tests(visit, number);
  for (size_t i = 0; i < kIllnesses; ++i) {
    // A chronic drug is begun at the first visit after the illness, and sometimes renewed or changed.
    const bool is_first = number == 0 || visits_[number - 1].begin < since_[i];
    if (since_[i] == 0 || since_[i] > visit.begin || !random_.chance(is_first ? 0.85 : 0.15)) continue;
    const auto& drug = kIllnessFacts[i].drugs[static_cast<size_t>(random_.below(4))];
    if (!drug.code.empty()) write_order(visit, number, drug, random_.chance(0.7) ? 720 : 90, false);
  }
  if (random_.chance(visit.is_inpatient ? 0.7 : 0.3))
    write_order(visit, number, kAcuteDrugs[static_cast<size_t>(random_.below(kAcuteDrugs.size()))],
                random_.between(3, 14), true);
}

void PatientWriter::write_tests(const Visit& visit, size_t number) {
  write_observation(visit, number, kSystolic);
  const bool is_old_or_ill = age_ > 65 || visit.is_inpatient || since_[kKidneyDisease] != 0;
  if (random_.chance(is_old_or_ill ? 0.7 : 0.2)) {
    write_observation(visit, number, kEgfr);
    write_observation(visit, number, kPotassium);
  }
  if (since_[kDiabetes] != 0 && random_.chance(0.6)) write_observation(visit, number, kHba1c);
  if (since_[kAtrialFibrillation] != 0 && random_.chance(0.6)) write_observation(visit, number, kInr);
}

double PatientWriter::value_of(Test test) {
  const auto& facts = kTestFacts[test];
  double value = facts.mean + facts.deviation * random_.normal();
  if (test == kEgfr) value -= (since_[kKidneyDisease] != 0 ? 52 : 0) + std::max(0.0, age_ - 50) * 0.6;
  if (test == kPotassium && since_[kKidneyDisease] != 0) value += 0.6;
  if (test == kHba1c) value += 1.8;
  if (test == kSystolic && since_[kHypertension] != 0) value += 14;
  return std::max(value, facts.mean * 0.1);
}

void PatientWriter::write_observation(const Visit& visit, size_t number, Test test) {
  const auto& facts = kTestFacts[test];
  const int64_t taken = visit.begin + random_.between(0, 8);
  auto& line = begin(kObservation, "Observation", observations_++);
  line +=
      R"("status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":")";
  line += facts.hours > 0 ? "laboratory" : "vital-signs";
  line += R"("}]}],"code":{"coding":[)";
  add_coding(line, "http://loinc.org", facts.loinc, facts.name);
  line += "]},";
  add_subject(line, "subject");
  add_encounter(line, number);
  line += R"(,"effectiveDateTime":")";
  append_time(line, taken);
  line += R"(","issued":")";
  append_time(line, taken + (facts.hours > 0 ? 30 + random_.exponential(facts.hours * 60.0) : 0));
  std::array<char, 32> value{};
  std::snprintf(value.data(), value.size(), "%.*f", facts.decimals, value_of(test));
  line.append(R"(","valueQuantity":{"value":)").append(value.data()).append(R"(,"unit":")").append(facts.unit);
  line.append(R"(","system":"http://unitsofmeasure.org","code":")").append(facts.unit).append("\"}}\n");
}

void PatientWriter::write_order(const Visit& visit, size_t number, const Drug& drug, int days, bool is_course) {
  const int64_t at = visit.begin + random_.between(5, 25);
  const bool is_over = at + days * kDay < kEnd;
  auto& line = begin(kMedicationRequest, "MedicationRequest", orders_++);
  line += R"("status":")";
  line += !is_over ? "active" : random_.chance(0.1) ? "stopped" : "completed";
  line += R"(","intent":"order","medicationCodeableConcept":{"coding":[)";
  add_coding(line, kRxNorm, drug.code, drug.name);
  line.append(R"(],"text":")").append(drug.name).append("\"},");
  add_subject(line, "subject");
  add_encounter(line, number);
  line += R"(,"authoredOn":")";
  append_time(line, at);
  line.append(R"(","requester":{"reference":"Practitioner/dr-)").append(std::to_string(visit.practitioner));
  line += R"("},"dosageInstruction":[{"timing":{"repeat":{"frequency":)";
  line += is_course ? '3' : '1';
  line += R"(,"period":1,"periodUnit":"d"}},"doseAndRate":[{"doseQuantity":{"value":1,"unit":"tablet"}}]}],)";
  line += R"("dispenseRequest":{"validityPeriod":{"start":")";
  append_time(line, at);
  line += R"(","end":")";
  append_time(line, at + days * kDay);
  line.append(R"("},"expectedSupplyDuration":{"value":)").append(std::to_string(days));
  line += R"(,"unit":"d","system":"http://unitsofmeasure.org","code":"d"}}})";
  line += '\n';
}

std::string& PatientWriter::begin(File file, std::string_view type, int number) {
  auto& line = lines_[file];
  line.append(R"({"resourceType":")").append(type).append(R"(","id":")").append(id_).append(1, '-');
  line.append(1, static_cast<char>('a' + file)).append(std::to_string(number)).append("\",");
  return line;
}

void PatientWriter::add_coding(std::string& line, std::string_view system, std::string_view code,
                               std::string_view name) {
  line.append(R"({"system":")").append(system).append(R"(","code":")").append(code);
  line.append(R"(","display":")").append(name).append("\"}");
}

void PatientWriter::add_subject(std::string& line, std::string_view member) {
  line.append(1, '"').append(member).append(R"(":{"reference":"Patient/)").append(id_).append("\"}");
}

void PatientWriter::add_encounter(std::string& line, size_t number) {
  line.append(R"(,"encounter":{"reference":"Encounter/)").append(id_).append("-b").append(std::to_string(number));
  line += "\"}";
}

}  // namespace vigil::population
