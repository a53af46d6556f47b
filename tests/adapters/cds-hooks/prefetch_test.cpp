// SPDX-License-Identifier: Apache-2.0
// What a service asks to be prefetched, and how it reads what comes.
#include <algorithm>

#include "cds-hooks/protocol/hook_contexts.h"
#include "cds-hooks/protocol/medication_references.h"
#include "service_fixture.h"

using namespace vigil;
using namespace vigil::test;

namespace {

Json prefetch_of(ExampleService& service, const std::string& hook) {
  const auto services = service.services_listed();
  for (const auto& one : services)
    if (one["hook"] == hook) return one["prefetch"];
  return {};
}

bool names_unchecked(const Json& cards, const std::string& text) {
  return std::ranges::any_of(cards, [&](const Json& card) {
    return card["source"]["topic"]["code"] == "not-checked" &&
           card.value("detail", std::string()).find(text) != std::string::npos;
  });
}

/// A potassium order: whether it is checked hangs on the key `observation`.
Json potassium_call(const Json& observation) {
  auto call = order_sign();
  call["context"]["draftOrders"] = bundle({medication_request("o1", "313096", "draft")});
  if (observation.is_discarded())
    call["prefetch"].erase("observation");
  else
    call["prefetch"]["observation"] = observation;
  return call;
}

Json potassium(double value) {
  return {{"resourceType", "Observation"},
          {"id", "k1"},
          {"status", "final"},
          {"subject", {{"reference", "Patient/p1"}}},
          {"code", {{"coding", {{{"system", "http://loinc.org"}, {"code", "2823-3"}}}}}},
          {"effectiveDateTime", "2026-11-20T08:00:00Z"},
          {"valueQuantity",
           {{"value", value}, {"unit", "mmol/L"}, {"system", "http://unitsofmeasure.org"}, {"code", "mmol/L"}}}};
}

const Json kAbsent = Json(Json::value_t::discarded);

}  // namespace

TEST_CASE("points 13, 30, 31, 33, 34: templates are what the rules of the service read") {
  ExampleService service;
  CHECK(prefetch_of(service, "order-sign") ==
        Json{{"medicationRequest", "MedicationRequest?patient={{context.patientId}}"},
             {"observation", "Observation?patient={{context.patientId}}&code=http://loinc.org%7C2823-3"},
             {"patient", "Patient/{{context.patientId}}"}});
  CHECK(prefetch_of(service, "patient-view") == Json{{"patient", "Patient/{{context.patientId}}"}});
  CHECK(prefetch_of(service, "order-select").size() == 2);
  for (const auto& one : service.services.set->services())
    for (const auto& prefetch : one.prefetch.templates) {
      INFO(prefetch.text);
      CHECK(hooks::check_template(prefetch.text, one.hook).empty());
    }
}

namespace {

/// One rule on three hooks, that looks at orders of metformin; `more` stands behind its source.
std::string metformin_rules(const std::string& more, const std::string& rest = "") {
  return R"(
library Metformin version '1.0.0'
using FHIR version '4.0.1'
context Patient
rule "Metformin ordered"
  on    'order-sign', 'order-select', 'order-dispatch', 'org.example.own'
  for   ordered [MedicationRequest: RxNorm '310965'] Metformin)" +
         more + R"(
  tier  passive
  alert 'Metformin is ordered'
)" + rest;
}

}  // namespace

TEST_CASE("of what rules read as orders alone, the record is not asked for, and need not be there") {
  const Json patient_alone{{"patient", "Patient/{{context.patientId}}"}};
  const Json with_record{{"medicationRequest", "MedicationRequest?patient={{context.patientId}}"},
                         {"patient", "Patient/{{context.patientId}}"}};
  ExampleService service({}, metformin_rules(""));
  CHECK(prefetch_of(service, "order-sign") == patient_alone);
  CHECK(prefetch_of(service, "order-select") == patient_alone);
  // A dispatched order is one of the record; what comes with hooks of one's own is not known.
  CHECK(prefetch_of(service, "order-dispatch") == with_record);
  CHECK(prefetch_of(service, "org.example.own") == with_record);
  auto call = order_sign();
  call["prefetch"] = {{"patient", patient()}};
  const auto cards = service.cards(call);
  REQUIRE(cards.size() == 1);
  CHECK(cards[0]["summary"] == "Metformin is ordered");
  call["context"]["draftOrders"] = bundle({});
  CHECK(service.cards(call).empty());
}

TEST_CASE("what some rule reads of the record too is asked for, whatever others read as orders alone") {
  const std::string plain = "[MedicationRequest: RxNorm '310965']";
  for (const auto& rules :
       {metformin_rules("\n  when  Count(" + plain + ") > 1"), metformin_rules(",\n        current " + plain + " Old"),
        metformin_rules("\n  when  \"Had it\"", "define \"Had it\": exists " + plain + "\n"),
        metformin_rules("", "rule \"Had it\"\n  on 'order-sign'\n  when exists " + plain +
                                "\n  tier passive\n  alert 'Had metformin'\n")}) {
    CAPTURE(rules);
    ExampleService service({}, rules);
    CHECK(prefetch_of(service, "order-sign").contains("medicationRequest"));
    auto call = order_sign();
    call["prefetch"] = {{"patient", patient()}};
    const auto response = service.call(call);  // a note, or a 412 where no rule could run
    CHECK(response.body.find("medicationRequest") != std::string::npos);
  }
  ExampleService two({}, metformin_rules("", "rule \"Had it\"\n  on 'patient-view'\n  when exists " + plain +
                                                 "\n  tier passive\n  alert 'Had metformin'\n"));
  CHECK(!prefetch_of(two, "order-sign").contains("medicationRequest"));
  CHECK(prefetch_of(two, "patient-view").contains("medicationRequest"));
}

TEST_CASE("points 31, 32, 34: what a template may not hold is found") {
  const auto is_good = [](std::string_view text, std::string_view hook = "order-sign") {
    return hooks::check_template(text, hook).empty();
  };
  CHECK(is_good("Patient/{{context.patientId}}"));
  CHECK(is_good("Practitioner/{{userPractitionerId}}"));
  CHECK(is_good("Observation?patient={{context.patientId}}&code:in=http://x&date=gt2020-01-01&_count=1&_sort=-date"));
  CHECK(!is_good("MedicationRequest?_id={{context.draftOrders}}"));
  CHECK(!is_good("X?y={{context.selections}}", "order-select"));
  CHECK(!is_good("X?y={{context.fulfillmentTasks}}", "order-dispatch"));
  CHECK(is_good("ServiceRequest?_id={{context.dispatchedOrders}}", "order-dispatch"));
  CHECK(!is_good("X?y={{context.userId}}", "order-dispatch"));
  CHECK(!is_good("X/{{context.draftOrders.entry[0].resource.id}}"));
  CHECK(!is_good("X?y={{today()}}"));
  CHECK(!is_good("X?y={{patientId}}"));
  CHECK(!is_good("MedicationRequest?patient={{context.patientId}}&_include=MedicationRequest:medication"));
  CHECK(!is_good("Observation?patient.name=x"));
  CHECK(!is_good("Observation?code:text=x"));
}

TEST_CASE("what is no id of FHIR asks no server: with a comma it would be two patients") {
  for (const char* none : {"p1,p2", "a b&c", "a%2Cb", "a|b", "a$b", "", "\xC3\xA9"}) {
    CAPTURE(none);
    hooks::HookCall call;
    call.tokens.emplace_back("patientId", hooks::PatientText(none));
    call.tokens.emplace_back("encounterId", hooks::PatientText(none));
    CHECK(!hooks::fill_template("X?patient={{context.patientId}}", call));
    CHECK(!hooks::fill_template("Encounter/{{context.encounterId}}", call));
  }
  hooks::HookCall call;
  call.tokens.emplace_back("patientId", hooks::PatientText(std::string(64, 'a')));
  call.tokens.emplace_back("encounterId", hooks::PatientText(std::string(65, 'a')));
  CHECK(hooks::fill_template("X?patient={{context.patientId}}", call));
  CHECK(!hooks::fill_template("Encounter/{{context.encounterId}}", call));
}

TEST_CASE("tokens are filled, and encoded") {
  hooks::HookCall call;
  call.tokens.emplace_back("patientId", hooks::PatientText("A-1.b"));
  call.tokens.emplace_back("selections", hooks::PatientText("A/a b&c,B/d"));
  call.user = hooks::PatientText("PractitionerRole/r1");
  CHECK(hooks::fill_template("X?patient={{context.patientId}}&y=1", call) == "X?patient=A-1.b&y=1");
  CHECK(hooks::fill_template("X?y={{context.selections}}", call) == "X?y=A%2Fa%20b%26c,B%2Fd");
  CHECK(hooks::fill_template("PractitionerRole?_id={{ userPractitionerRoleId }}", call) == "PractitionerRole?_id=r1");
  CHECK(!hooks::fill_template("Practitioner/{{userPractitionerId}}", call));
  CHECK(!hooks::fill_template("Encounter/{{context.encounterId}}", call));
  CHECK(hooks::fill_template("Patient", call) == "Patient");
}

TEST_CASE("points 35, 36: a key that is absent leaves its rules unknown, and is named") {
  ExampleService service;
  const auto cards = service.cards(potassium_call(kAbsent));
  CHECK(names_unchecked(cards, "Potassium before spironolactone"));
  CHECK(names_unchecked(cards, "prefetch `observation`: the call did not bring it"));
  // A rule that hangs on another key is checked.
  auto call = order_sign();
  call["prefetch"].erase("observation");
  CHECK(service.cards(call)[0]["indicator"] == "warning");
}

TEST_CASE("point 37: null and an empty Bundle both say: there is none") {
  ExampleService service;
  for (const auto& none : {Json(nullptr), bundle({})}) {
    auto call = order_sign();
    call["prefetch"]["medicationRequest"] = none;
    CHECK(service.cards(call).empty());
  }
  auto call = potassium_call(bundle({potassium(5.6)}));
  CHECK(service.cards(call)[0]["indicator"] == "critical");
  call = potassium_call(bundle({potassium(4.1)}));
  CHECK(service.cards(call).empty());
}

TEST_CASE("point 37: null says nothing where a service is told to distrust it, or for the patient") {
  hooks::ProtocolOptions options;
  options.distrusts_null = true;
  ExampleService service(options);
  auto call = order_sign();
  call["prefetch"]["medicationRequest"] = nullptr;
  CHECK(names_unchecked(service.cards(call), "medicationRequest"));
  ExampleService trusting;
  Json view{{"hook", "patient-view"},
            {"hookInstance", "x"},
            {"context", {{"userId", "Practitioner/1"}, {"patientId", "p1"}}},
            {"prefetch", {{"patient", nullptr}}}};
  CHECK(trusting.call(view).status == 412);
}

TEST_CASE("point 38: an OperationOutcome is an error, not data") {
  ExampleService service;
  const Json outcome{{"resourceType", "OperationOutcome"}, {"issue", {{{"severity", "error"}, {"code", "forbidden"}}}}};
  CHECK(names_unchecked(service.cards(potassium_call(outcome)), "an OperationOutcome stands in its place"));
  auto mixed = bundle({potassium(4.0)});
  mixed["entry"].push_back({{"search", {{"mode", "outcome"}}}, {"resource", outcome}});
  CHECK(names_unchecked(service.cards(potassium_call(mixed)), "an OperationOutcome reports an error"));
  // A word beside complete data is none, unless it says that something is withheld.
  auto& issue = mixed["entry"][1]["resource"]["issue"][0];
  issue["severity"] = "information";
  CHECK(names_unchecked(service.cards(potassium_call(mixed)), "an OperationOutcome says that it may not be all"));
  issue["code"] = "informational";
  CHECK(service.cards(potassium_call(mixed)).empty());
  // Other keys are not concerned.
  auto call = order_sign();
  call["prefetch"]["observation"] = outcome;
  const auto cards = service.cards(call);
  CHECK(cards[0]["indicator"] == "warning");
}

TEST_CASE("point 39: a page of several is partial data") {
  ExampleService service;
  auto page = bundle({});
  page["link"] = {{{"relation", "next"}, {"url", "https://fhir.example.org/next"}}};
  CHECK(names_unchecked(service.cards(potassium_call(page)), "there are further pages"));
  page.erase("link");
  page["total"] = 2;
  CHECK(names_unchecked(service.cards(potassium_call(page)), "fewer entries than the total"));
  page["total"] = 0;
  CHECK(names_unchecked(service.cards(potassium_call(page)), "none found"));
}

TEST_CASE("point 40: 412, naming the keys, only where no rule could run") {
  ExampleService service;
  auto call = potassium_call(kAbsent);
  call["hook"] = "patient-view";
  call["context"].erase("draftOrders");
  call.erase("prefetch");
  const auto response = service.call(call);
  CHECK(response.status == 412);
  CHECK(problem_of(response).find("prefetch.patient: was not obtained: absent") == 0);
}

TEST_CASE("values that are no resources were not obtained") {
  ExampleService service;
  for (const auto& value : {Json("123"), Json(1), Json::array(), Json{{"...", "<snipped>"}}}) {
    INFO(value.dump());
    CHECK(names_unchecked(service.cards(potassium_call(value)), "it is no resource"));
  }
}

TEST_CASE("keys of the client's own are read too") {
  ExampleService service;
  auto call = order_sign();
  call["prefetch"] = {{"patient", patient()}, {"item1", bundle({medication_request("m1", "855332", "active")})}};
  const auto cards = service.cards(call);
  CHECK(cards[0]["indicator"] == "warning");
  CHECK(names_unchecked(cards, "medicationRequest"));  // but whether that was all, it does not say
}

TEST_CASE("no evaluation reads outside of its prefetch: each type of the read plan has a template or is by reference") {
  ExampleService service({}, std::string(kRules) + metformin_rules("").substr(metformin_rules("").find("rule")));
  const auto& set = *service.services.set;
  for (const auto& one : set.services())
    for (const auto rule : one.rules) {
      const auto& info = one.pack->rulebook->rules()[rule];
      const auto requirements = one.pack->rulebook->requirements_of(info.library + "." + info.name);
      REQUIRE(requirements);
      for (const auto& requirement : *requirements) {
        INFO(one.id, " ", requirement.resource_type);
        if (requirement.only_ordered && hooks::brings_orders(hooks::hook_context(one.hook))) continue;
        const auto& plan = one.prefetch;
        const bool has_template = std::ranges::any_of(
            plan.templates, [&](const auto& t) { return t.resource_type == requirement.resource_type; });
        CHECK((has_template ||
               std::ranges::find(plan.by_reference, requirement.resource_type) != plan.by_reference.end()));
      }
    }
}

TEST_CASE("point 108: medications by reference that did not come along are named, others not") {
  const auto order = [](const std::string& id, const std::string& reference) {
    auto json = medication_request(id, "1", "active");
    json.erase("medicationCodeableConcept");
    json["medicationReference"] = {{"reference", reference}};
    return json;
  };
  auto json = order_sign();
  json["context"]["draftOrders"] = bundle({order("o1", "Medication/a"), order("o2", "#contained")});
  json["prefetch"]["medicationRequest"] = bundle({order("m1", "Medication/b"),
                                                  order("m2", "Medication/b"),
                                                  order("m3", "https://else.where/Medication/c"),
                                                  order("m4", "Medication/d/_history/2"),
                                                  {{"resourceType", "Medication"}, {"id", "a"}}});
  hooks::JsonDocument document;
  hooks::HookCall call;
  const std::string body = json.dump();
  REQUIRE(hooks::read_hook_call(body, "order-sign", {}, document, call).empty());
  std::vector<std::string> reads;
  for (const auto& one : hooks::find_missing_medications(call, {}, {})) reads.push_back(one.text);
  CHECK(reads == std::vector<std::string>{"Medication/b", "Medication/d"});
  CHECK(hooks::find_missing_medications(call, {}, {}, 1).size() == 1);
  std::vector<hooks::Fetched> fetched(1);
  fetched[0].pages.emplace_back(R"({"resourceType":"Medication","id":"b"})");
  CHECK(hooks::find_missing_medications(call, fetched, {}).size() == 1);
}

TEST_CASE("point 30: what a site does not hold is not asked for, and known to be none") {
  const auto rules = rules_on_what_is_taken();
  auto call = order_sign();
  call["prefetch"]["medicationRequest"] = bundle({});
  ExampleService asks({}, rules);
  CHECK(prefetch_of(asks, "order-sign").contains("medicationStatement"));
  CHECK(asks.call(call).status == 412);
  hooks::ProtocolOptions options;
  options.prefetch.not_held = {"MedicationStatement"};
  ExampleService knows(options, rules);
  CHECK_FALSE(prefetch_of(knows, "order-sign").contains("medicationStatement"));
  CHECK(knows.cards(call).empty());
  CHECK(knows.services.set->reads("MedicationStatement"));
  CHECK_FALSE(knows.services.set->reads("Condition"));
}
