// SPDX-License-Identifier: Apache-2.0
// A small service for tests: rules of a few lines, calls made of parts, answers as JSON.
#pragma once

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <vigil/primitives.h>

#include "cds-hooks/protocol/answer.h"
#include "cds-hooks/protocol/override_reasons.h"

namespace vigil::test {

using Json = nlohmann::ordered_json;

/// Rules without a knowledge base: codes stand in them.
inline constexpr const char* kRules = R"(
library Example version '1.2.0'
using FHIR version '4.0.1'
context Patient

rule "Ibuprofen with warfarin"
  category 'drug-interaction'
  on    'order-select', 'order-sign'
  for   ordered [MedicationRequest: RxNorm '310965'] Nsaid,
        current [MedicationRequest: RxNorm '855332'] Warfarin
  tier  interruptive
  alert 'Ibuprofen with warfarin: risk of bleeding'
    detail  'Choose another analgesic.'
    suggest 'Cancel ibuprofen': delete Nsaid
    suggest 'Hold it': update Nsaid with { status: 'on-hold' }
    suggest 'Halve it': update Nsaid with { medication: RxNorm '197805', dosageInstruction: { FHIR.Dosage { text: 'once' } } }
    suggest 'Order omeprazole': create MedicationRequest { status: 'draft', intent: 'order', medication: RxNorm '198051' }
    override 'Benefit outweighs the risk', SNOMEDCT '182890002'
    link    'About it': 'https://example.org/ibuprofen'
  evidence
    cite 'A guideline, 2026'

rule "Potassium before spironolactone"
  category 'laboratory'
  on    'order-sign'
  for   ordered [MedicationRequest: RxNorm '313096'] Spironolactone
  when  latest([Observation: LOINC '2823-3'], 12 months).value > 5.0 'mmol/L'
  tier  hard-stop
  alert 'High potassium: no spironolactone'

rule "Older than eighty"
  category 'geriatric'
  on    'patient-view'
  when  AgeInYears() > 80
  tier  passive
  alert 'Older than eighty years'

rule "Allergy entered"
  on    'allergyintolerance-create'
  for   [AllergyIntolerance: RxNorm '723'] Allergy
  tier  passive
  alert 'Amoxicillin allergy entered'

rule "Own hook"
  on    'org.example.discharge-letter'
  for   [Condition: SNOMEDCT '44054006'] Diabetes
  tier  passive
  alert 'Mention diabetes in the letter'

rule "Dispatched scan"
  on    'order-dispatch'
  for   ordered [ServiceRequest: SNOMEDCT '77477000'] Scan
  tier  passive
  alert 'A CT scan is dispatched'
)";

inline hooks::RulePack compile_pack(const std::string& rules, std::shared_ptr<const KnowledgeBase> knowledge = {}) {
  CompileOptions options;
  options.knowledge = std::move(knowledge);
  auto compilation = compile({{"rules.vigil", rules}}, options);
  INFO(render_text(compilation.diagnostics, *compilation.sources));
  REQUIRE(!compilation.has_errors());
  REQUIRE(compilation.rulebook != nullptr);
  hooks::RulePack pack;
  pack.id = "example";
  pack.title = "Example";
  pack.version = "7";
  pack.rulebook = std::shared_ptr<const Rulebook>(std::move(compilation.rulebook));
  return pack;
}

inline Json resource(const std::string& text) { return Json::parse(text); }

inline Json medication_request(const std::string& id, const std::string& code, const std::string& status) {
  return {{"resourceType", "MedicationRequest"},
          {"id", id},
          {"status", status},
          {"intent", "order"},
          {"subject", {{"reference", "Patient/p1"}}},
          {"medicationCodeableConcept",
           {{"coding", {{{"system", "http://www.nlm.nih.gov/research/umls/rxnorm"}, {"code", code}}}}}}};
}

inline Json bundle(std::vector<Json> resources) {
  Json json{{"resourceType", "Bundle"}, {"type", "searchset"}, {"entry", Json::array()}};
  for (auto& one : resources) json["entry"].push_back({{"resource", std::move(one)}});
  return json;
}

inline Json patient(const std::string& birth_date = "1950-03-01") {
  return {{"resourceType", "Patient"}, {"id", "p1"}, {"birthDate", birth_date}};
}

/// Ibuprofen ordered for a patient who takes warfarin.
inline Json order_sign() {
  return {{"hook", "order-sign"},
          {"hookInstance", "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"},
          {"context",
           {{"userId", "Practitioner/u1"},
            {"patientId", "p1"},
            {"draftOrders", bundle({medication_request("o1", "310965", "draft")})}}},
          {"prefetch",
           {{"patient", patient()},
            {"medicationRequest", bundle({medication_request("m1", "855332", "active")})},
            {"observation", bundle({})}}}};
}

/// One rule on ibuprofen beside warfarin that is ordered or stated to be taken, with what its alert says besides.
inline std::string rules_on_what_is_taken(const std::string& more = {}) {
  return R"(
library Taken version '1.0.0'
using FHIR version '4.0.1'
context Patient
rule "Ibuprofen with warfarin"
  on    'order-sign'
  for   ordered [MedicationRequest: RxNorm '310965'] Nsaid,
        current ([MedicationRequest: RxNorm '855332'] union [MedicationStatement: RxNorm '855332']) Warfarin
  alert 'x'
)" + more;
}

class ExampleService {
 public:
  explicit ExampleService(hooks::ProtocolOptions options = {}, const std::string& rules = kRules,
                          const std::vector<hooks::HookAlias>& aliases = {}) {
    if (options.cards.default_overrides.empty())
      options.cards.default_overrides = hooks::published_reasons(/*all_codes=*/false);
    std::vector<hooks::RulePack> packs;
    packs.push_back(compile_pack(rules));
    services.set = std::make_shared<const hooks::ServiceSet>(std::move(packs), std::move(options), aliases);
  }

  static hooks::Request request(std::string method, std::string path, std::string body = {}) {
    hooks::Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.content_type = "application/json";
    request.request_id = "r1";
    request.body = hooks::PatientText(std::move(body));
    request.now = *parse_instant("2026-11-22T09:30:00Z");
    return request;
  }

  hooks::Response send(const hooks::Request& one) {
    last = hooks::answer(services, workspace, one);
    return last.response;
  }
  hooks::Response post(const std::string& path, const std::string& body) { return send(request("POST", path, body)); }
  hooks::Response get(const std::string& path) { return send(request("GET", path)); }

  /// Calls the service of the call's hook.
  hooks::Response call(const Json& body) {
    return post("/cds-services/example-" + body.value("hook", std::string("order-sign")), body.dump());
  }
  /// The cards of a call that is to be answered with 200.
  Json cards(const Json& body) {
    const auto response = call(body);
    INFO(response.body);
    REQUIRE(response.status == 200);
    return Json::parse(response.body)["cards"];
  }
  Json services_listed() { return Json::parse(get("/cds-services").body)["services"]; }

  hooks::Services services;
  hooks::Workspace workspace{1};
  hooks::Answer last;
};

/// The first diagnostics text of an OperationOutcome.
inline std::string problem_of(const hooks::Response& response) {
  const auto json = Json::parse(response.body, nullptr, false);
  if (json.is_discarded() || json.value("resourceType", "") != "OperationOutcome") return "no OperationOutcome";
  return json["issue"][0]["diagnostics"];
}

}  // namespace vigil::test
