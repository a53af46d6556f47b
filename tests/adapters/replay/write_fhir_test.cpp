// SPDX-License-Identifier: Apache-2.0
// Every element of what a replay writes as FHIR is one that the published R4 definitions have, of the right type.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include <vigil/primitives.h>

#include "model/fhir_model.h"
#include "replay/write_fhir.h"
#include "replay_fixture.h"

using namespace vigil;
using Json = nlohmann::json;

namespace {

void check_primitive(const model::TypeInfo& type, const Json& value) {
  switch (type.system_kind) {
    case Kind::kBoolean: CHECK(value.is_boolean()); break;
    case Kind::kInteger: CHECK(value.is_number_integer()); break;
    case Kind::kDecimal: CHECK(value.is_number()); break;
    case Kind::kDate:
    case Kind::kDateTime:
      REQUIRE(value.is_string());
      CHECK(parse_fhir_primitive(type.system_kind, value.get<std::string>()).has_value());
      break;
    default: CHECK((value.is_string() && !value.get<std::string>().empty())); break;
  }
}

/// Elements are known, lists are lists and not empty, objects have members (FHIR R4, 2.6.2: JSON).
void check_element(model::FhirTypeId type_id, const Json& value) {
  const auto& type = model::type(type_id);
  if (type.kind == model::TypeKind::kPrimitive) return check_primitive(type, value);
  REQUIRE(value.is_object());
  CHECK_FALSE(value.empty());
  for (const auto& [key, member] : value.items()) {
    if (key == "resourceType") continue;
    INFO(type.name << "." << key);
    const auto element = model::find_json_element(type_id, key);
    REQUIRE(element.element != nullptr);
    CHECK(member.is_array() == element.element->is_list);
    if (!member.is_array()) {
      check_element(element.type, member);
      continue;
    }
    CHECK_FALSE(member.empty());
    for (const auto& one : member) check_element(element.type, one);
  }
}

std::vector<Json> read_resources(const std::string& path, const std::string& type) {
  std::vector<Json> resources;
  std::istringstream lines(test::read_text(path));
  for (std::string line; std::getline(lines, line);) {
    resources.push_back(Json::parse(line));
    CHECK(resources.back().value("resourceType", "") == type);
    check_element(model::find_type(type), resources.back());
  }
  return resources;
}

void check_codes(const std::vector<Json>& resources, const char* element, const std::set<std::string>& codes) {
  for (const auto& resource : resources)
    if (resource.contains(element)) CHECK(codes.contains(resource[element].get<std::string>()));
}

}  // namespace

TEST_CASE("MeasureReport, DetectedIssue and GuidanceResponse are as FHIR R4 defines them") {
  test::ReplayBench bench;
  bench.import(test::patient_line("p") + test::order_line("w", "p", "warfarin", "2020-01-01T10:00:00Z") +
               test::order_line("i", "p", "ibuprofen", "2020-02-01T10:00:00Z") +
               test::egfr_line("e", "p", 20, R"("effectiveDateTime":"2020-03-01T08:00:00Z")") +
               test::order_line("m", "p", "metformin", "2020-03-02T10:00:00Z"));
  bench.replay("out");
  const replay::RunFolder folder(bench.folder / "out");
  REQUIRE(replay::assemble({&folder, 1}, folder, "sqlite", bench.sink).has_value());
  REQUIRE(replay::write_fhir(folder.path(), bench.sink));
  const auto in = [&](const char* type) { return read_resources(folder.path() + "/fhir/" + type + ".ndjson", type); };
  // Elements that must be there, and required bindings: FHIR R4 (4.0.1), the definition of each resource.
  const auto issues = in("DetectedIssue");
  REQUIRE(issues.size() == 1);
  check_codes(
      issues, "status",
      {"registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown"});
  check_codes(issues, "severity", {"high", "moderate", "low"});
  CHECK(issues[0].contains("status"));
  CHECK(issues[0]["implicated"].size() == 2);
  const auto responses = in("GuidanceResponse");
  REQUIRE(responses.size() == 2);
  check_codes(responses, "status",
              {"success", "data-requested", "data-required", "in-progress", "failure", "entered-in-error"});
  for (const auto& response : responses) {
    CHECK(response.contains("status"));
    CHECK(response.contains("moduleUri"));
  }
  const auto reports = in("MeasureReport");
  REQUIRE(reports.size() == 1);
  check_codes(reports, "status", {"complete", "pending", "error"});
  check_codes(reports, "type", {"individual", "subject-list", "summary", "data-collection"});
  for (const char* element : {"status", "type", "measure", "period"}) CHECK(reports[0].contains(element));
  CHECK(reports[0]["group"].size() == 3);  // each rule that was asked
}
