// SPDX-License-Identifier: Apache-2.0
// Ordered drugs against recorded allergies: how closely they are related by how the allergy is recorded, a tier in each
// cell.
#include "packs.h"

using namespace vigil;
using namespace vigil::test;

namespace {

/// How one allergy can stand in the record: its members besides the code.
struct Form {
  std::string_view name;
  std::string_view type = "allergy";
  std::string_view criticality = "low";
  std::string_view verification = "confirmed";
  bool states_none = false;  ///< the code says that no allergy is known
  bool given_since = false;  ///< a completed dose of the ordered drug follows
};
constexpr Form kForms[] = {
    {.name = "severe", .criticality = "high"},
    {.name = "mild"},
    {.name = "not graded", .criticality = ""},
    {.name = "intolerance", .type = "intolerance"},
    {.name = "refuted", .verification = "refuted"},
    {.name = "no known allergy", .states_none = true},
    {.name = "given since", .given_since = true},
    {.name = "severe and given since", .criticality = "high", .given_since = true},
};
constexpr size_t kFirstForm = 8;  // column of the table

std::string member(std::string_view name, std::string_view value) {
  return ",\"" + std::string(name) + "\":\"" + std::string(value) + "\"";
}

std::string concept_member(std::string_view name, std::string_view system, std::string_view code) {
  return ",\"" + std::string(name) + R"(":{"coding":[{"system":")" + std::string(system) + R"(","code":")" +
         std::string(code) + "\"}]}";
}

constexpr std::string_view kSnomed = "http://snomed.info/sct";
constexpr std::string_view kHl7 = "http://terminology.hl7.org/CodeSystem/allergyintolerance-";

std::string allergy(const std::vector<std::string>& row, const Form& form) {
  std::string json = R"({"resourceType":"AllergyIntolerance","id":"allergy")";
  json += concept_member("clinicalStatus", std::string(kHl7) + "clinical", "active");
  json += concept_member("verificationStatus", std::string(kHl7) + "verification", form.verification);
  json += member("type", form.type) + member("recordedDate", "2024-03-01T10:00:00Z");
  if (!form.criticality.empty()) json += member("criticality", form.criticality);
  if (form.states_none) return entry(json + concept_member("code", kSnomed, "716186003") + "}");
  json += concept_member("code", row[3] == "rxnorm" ? kDefaultCodeSystem : kSnomed, row[4]);
  if (!row[2].empty())
    json += R"(,"reaction":[{"manifestation":[{"coding":[{"system":")" + std::string(kSnomed) + R"(","code":")" +
            row[2] + R"("}]}],"onset":"2024-02-20T08:00:00Z"}])";
  return entry(json + "}");
}

std::string given_dose(std::string_view rxcui) {
  return entry(R"({"resourceType":"MedicationAdministration","id":"dose")" + member("status", "completed") +
               member("effectiveDateTime", "2025-02-01T10:00:00Z") +
               concept_member("medicationCodeableConcept", kDefaultCodeSystem, rxcui) + "}");
}

std::string tier_of(const std::vector<std::string>& row, const Form& form) {
  std::string record = allergy(row, form);
  if (form.given_since) record += "," + given_dose(row[6]);
  const auto alerts = Packs::all().sign(record, order("new", "draft", row[6]));
  for (const auto& alert : alerts.alerts) CHECK_FALSE((alert.is_note && alert.category == "allergy"));
  const auto tier = highest(alerts, "allergy");
  return tier == Tier::kSilent ? "none" : std::string(name(tier));
}

}  // namespace

TEST_CASE("each group, relation and form of record has its tier") {
  for (const auto& row : read_rows_of(std::filesystem::path(VIGIL_SOURCE_DIR) / "tests/rules/allergies.csv")) {
    REQUIRE(row.size() == kFirstForm + std::size(kForms));
    for (size_t i = 0; i < std::size(kForms); ++i) {
      CAPTURE(row[0]);
      CAPTURE(row[1]);
      CAPTURE(row[2]);
      CAPTURE(row[5]);
      CAPTURE(row[7]);
      CAPTURE(kForms[i].name);
      CHECK(tier_of(row, kForms[i]) == row[kFirstForm + i]);
    }
  }
}

TEST_CASE("300 allergies: the worst still stops the order, and what was left out is told") {
  // 299 mild ones to amoxicillin and, last, a severe one: beyond what a rule may find.
  std::string record;
  for (int i = 1; i <= 300; ++i) {
    auto one = allergy({"", "", "", "rxnorm", "723", "", ""}, kForms[i == 300 ? 0 : 1]);
    one.replace(one.find("\"allergy\""), std::string_view("\"allergy\"").size(),
                "\"allergy-" + std::to_string(i) + "\"");
    record += (record.empty() ? "" : ",") + one;
  }
  const auto alerts = Packs::all().sign(record, order("new", "draft", "308182"));
  CHECK(highest(alerts, "allergy") == Tier::kHardStop);
  const auto& results = Packs::all().outcome().results;
  const auto full = std::ranges::find_if(results, [](const RuleResult& result) { return result.left_out > 0; });
  REQUIRE(full != results.end());
  CHECK(full->findings.size() == 200);
  CHECK(full->left_out == 100);
  CHECK(std::ranges::any_of(alerts.alerts, [](const Alert& alert) {
    return alert.is_note && alert.detail.find("100 more findings") != std::string::npos;
  }));
}
