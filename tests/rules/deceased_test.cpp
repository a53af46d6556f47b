// SPDX-License-Identifier: Apache-2.0
// A chart that is opened after the patient has died: no reminder of what is due or missing.
#include "packs.h"

using namespace vigil;
using namespace vigil::test;

namespace {

/// Diabetes, atrial fibrillation and lithium at 72 years, with nothing done about them.
std::string neglected(const std::string& of_patient) {
  const auto problem = [](const std::string& id, const std::string& code) {
    return entry(R"({"resourceType":"Condition","id":")" + id +
                 R"(","clinicalStatus":{"coding":[{"code":"active"}]},"code":{"coding":[{"system":)"
                 R"("http://hl7.org/fhir/sid/icd-10-cm","code":")" +
                 code + R"("}]}})");
  };
  return entry(R"({"resourceType":"Patient","id":"p","birthDate":"1954-01-01")" + of_patient + "}") + "," +
         problem("diabetes", "E11.9") + "," + problem("fibrillation", "I48.91") + "," + problem("pressure", "I10") +
         "," + order("lithium", "active", "42351");
}

}  // namespace

TEST_CASE("the living are reminded") {
  CHECK(Packs::all().open(neglected("")).alerts.size() >= 6);
  CHECK(Packs::all().open(neglected(R"(,"deceasedBoolean":false)")).alerts.size() >= 6);
}

TEST_CASE("after a death nothing is due") {
  CHECK(Packs::all().open(neglected(R"(,"deceasedBoolean":true)")).alerts.empty());
  CHECK(Packs::all().open(neglected(R"(,"deceasedDateTime":"2026-05-02")")).alerts.empty());
}
