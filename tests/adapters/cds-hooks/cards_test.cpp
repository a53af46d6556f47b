// SPDX-License-Identifier: Apache-2.0
// Cards: what each member may hold, in what order they come, and what the note on unchecked rules says.
#include "cds-hooks/protocol/cards.h"

#include <regex>

#include "cds-hooks/protocol/card_text.h"
#include "service_fixture.h"

using namespace vigil;
using namespace vigil::test;

namespace {

bool is_uuid(const std::string& text) {
  static const std::regex kUuid("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  return std::regex_match(text, kUuid);
}

/// Point 3: nothing optional is null or empty.
void check_no_empty_members(const Json& json, const std::string& path = "") {
  if (!json.is_structured()) return;
  for (const auto& [key, value] : json.items()) {
    const std::string here = path + "/" + key;
    INFO(here);
    CHECK(!value.is_null());
    if (here != "/cards") CHECK(!(value.is_structured() && value.empty()));
    CHECK(value != "");
    check_no_empty_members(value, here);
  }
}

Json first_card(hooks::ProtocolOptions options = {}) {
  ExampleService service(std::move(options));
  return service.cards(order_sign())[0];
}

}  // namespace

TEST_CASE("points 3, 50: the response holds cards, and nothing empty") {
  ExampleService service;
  const auto body = Json::parse(service.call(order_sign()).body);
  CHECK(body.size() == 1);
  check_no_empty_members(body);
}

TEST_CASE("point 51: where nothing was found the list is empty") {
  ExampleService service;
  auto call = order_sign();
  call["prefetch"]["medicationRequest"] = bundle({});
  CHECK(service.call(call).body == R"({"cards":[]})");
}

TEST_CASE("point 53: long names are cut before what was found; the detail has them whole") {
  ExampleService service({}, R"(
library Named version '1.0.0'
using FHIR version '4.0.1'
context Patient
rule "Ibuprofen with warfarin"
  on    'order-sign'
  for   ordered [MedicationRequest: RxNorm '310965'] Nsaid, current [MedicationRequest: RxNorm '855332'] Warfarin
  alert '{Nsaid.medication} together with {Warfarin.medication}: risk of bleeding'
)");
  auto call = order_sign();
  const auto summary_with = [&](const std::string& name) {
    call["context"]["draftOrders"]["entry"][0]["resource"]["medicationCodeableConcept"]["text"] = name;
    return service.cards(call)[0]["summary"].get<std::string>();
  };
  CHECK(summary_with("Ibuprofen 400 mg").starts_with("Ibuprofen 400 mg together with "));
  std::string sig = "Ibuprofen 400 mg tablet, one";
  while (sig.size() < 180) sig += " \u00e0 midi";
  const auto summary = summary_with(sig);
  CHECK(summary.starts_with("Ibuprofen 400 mg tablet, one"));
  CHECK(summary.find("... together with ") != std::string::npos);
  CHECK(summary.ends_with(": risk of bleeding"));
  CHECK(service.cards(call)[0]["detail"].get<std::string>().find(sig) != std::string::npos);
}

TEST_CASE("points 52, 53, 54, 57, 58, 59: what every card has") {
  const auto card = first_card();
  CHECK(is_uuid(card["uuid"]));
  CHECK(card["summary"] == "Ibuprofen with warfarin: risk of bleeding");
  CHECK(card["indicator"] == "warning");
  CHECK(card["source"]["label"] == "A guideline, 2026");
  CHECK(card["source"]["topic"] ==
        Json{{"system", "urn:vigil:rule-category"}, {"code", "drug-interaction"}, {"display", "drug-interaction"}});
  CHECK(card["detail"] == "Choose another analgesic.\n\nSources:\n\n- A guideline, 2026");
}

TEST_CASE("points 55, 56: the source's address and icon by settings") {
  hooks::ProtocolOptions options;
  options.cards.source_label = "Our pharmacy";
  options.cards.source_url = "https://example.org/";
  options.cards.source_icon = "https://example.org/icon.png";
  const auto card = first_card(options);
  CHECK(card["source"]["label"] == "Our pharmacy");
  CHECK(card["source"]["url"] == "https://example.org/");
  CHECK(card["source"]["icon"] == "https://example.org/icon.png");
  CHECK(!first_card()["source"].contains("url"));
}

TEST_CASE("point 52: a summary is shorter than 140 code points, at a word's end") {
  CHECK(hooks::to_summary("short") == "short");
  CHECK(hooks::to_summary("  two\n lines\t ") == "two lines");
  const std::string exact(139, 'x');
  CHECK(hooks::to_summary(exact) == exact);
  CHECK(hooks::code_points(hooks::to_summary(std::string(140, 'x'))) == 139);
  std::string accents;
  for (int i = 0; i < 140; ++i) accents += "é";
  const auto cut = hooks::to_summary(accents);
  CHECK(hooks::code_points(cut) == 139);
  CHECK(cut.ends_with("é…"));
  std::string words;
  for (int i = 0; i < 30; ++i) words += "word123 ";
  CHECK(hooks::to_summary(words).ends_with("word123…"));
  CHECK(hooks::code_points(hooks::to_summary(words)) <= 139);
}

TEST_CASE("point 59: nothing of the data is Markdown, HTML or a link") {
  using hooks::escape_markdown;
  CHECK(escape_markdown("<script>alert(1)</script> & <b>") == "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;");
  CHECK(escape_markdown("[x](http://evil)") == "\\[x\\](http\\://evil)");
  CHECK(escape_markdown("![i](x)") == "\\!\\[i\\](x)");
  CHECK(escape_markdown("*a* _b_ `c` ~~d~~ # e | f \\") == "\\*a\\* \\_b\\_ \\`c\\` \\~\\~d\\~\\~ \\# e \\| f \\\\");
  CHECK(escape_markdown("www.evil.org a@b.org") == "www\\.evil.org a\\@b.org");
  CHECK(escape_markdown("- item\n+ item\n12. item\n1) item") == "\\- item  \n\\+ item  \n12\\. item  \n1\\) item");
  CHECK(escape_markdown("2.5 mg, 30-40") == "2\\.5 mg, 30-40");
  CHECK(escape_markdown("dose 2.5 mg") == "dose 2.5 mg");
}

TEST_CASE("points 60, 65, 67, 68, 70: suggestions act on the drafts") {
  const auto card = first_card();
  CHECK(card["selectionBehavior"] == "at-most-one");
  const auto& suggestions = card["suggestions"];
  REQUIRE(suggestions.size() == 4);
  for (const auto& suggestion : suggestions) {
    CHECK(is_uuid(suggestion["uuid"]));
    CHECK(suggestion["label"].is_string());
    CHECK(suggestion["actions"].size() == 1);
    CHECK(suggestion["actions"][0]["description"] == suggestion["label"]);
    CHECK(!suggestion.contains("isRecommended"));
  }
  CHECK(suggestions[0]["actions"][0] ==
        Json{{"type", "delete"}, {"description", "Cancel ibuprofen"}, {"resourceId", "MedicationRequest/o1"}});
  const auto& update = suggestions[1]["actions"][0];
  CHECK(update["type"] == "update");
  auto changed = medication_request("o1", "310965", "on-hold");
  CHECK(Json(update["resource"]) == changed);
  const auto& halved = suggestions[2]["actions"][0]["resource"];
  CHECK(halved["id"] == "o1");
  CHECK(!halved.contains("medication"));
  CHECK(halved["medicationCodeableConcept"]["coding"][0]["code"] == "197805");
  CHECK(halved["dosageInstruction"][0]["text"] == "once");
  const auto& create = suggestions[3]["actions"][0];
  CHECK(create["type"] == "create");
  CHECK(create["resource"]["resourceType"] == "MedicationRequest");
  CHECK(create["resource"]["status"] == "draft");
  CHECK(create["resource"]["subject"]["reference"] == "Patient/p1");
  CHECK(create["resource"]["medicationCodeableConcept"]["coding"][0]["code"] == "198051");
}

TEST_CASE("point 70: an action on an order that the client cannot find is left to the user") {
  ExampleService service;
  auto call = order_sign();
  call["context"]["draftOrders"]["entry"][0]["resource"].erase("id");
  const auto card = service.cards(call)[0];
  CHECK(card["detail"].get<std::string>().find("- Cancel ibuprofen") != std::string::npos);
  CHECK(card["suggestions"][0]["label"] == "Order omeprazole");
  CHECK(!card["extension"].contains("davinci-crd.associated-resource"));
}

TEST_CASE("points 61, 103: reasons to override, coded") {
  const auto reasons = first_card()["overrideReasons"];
  CHECK(reasons[0] == Json{{"code", "benefit-outweighs-the-risk"},
                           {"system", "urn:vigil:override-reason"},
                           {"display", "Benefit outweighs the risk"}});
  CHECK(reasons[1]["system"] == "http://snomed.info/sct");
  CHECK(reasons[1]["display"].is_string());
  ExampleService service;
  auto call = order_sign();
  call["context"]["draftOrders"] = bundle({medication_request("o1", "313096", "draft")});
  call["prefetch"]["observation"] = bundle({resource(R"({"resourceType":"Observation","id":"k","status":"final",
      "subject":{"reference":"Patient/p1"},"code":{"coding":[{"system":"http://loinc.org","code":"2823-3"}]},
      "effectiveDateTime":"2026-11-20","valueQuantity":{"value":6,"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"}})")});
  const auto card = service.cards(call)[0];
  CHECK(card["indicator"] == "critical");
  CHECK(card["overrideReasons"].size() == 6);
  CHECK(card["overrideReasons"][0]["system"] == "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes");
  CHECK(hooks::published_reasons(true).size() == 29);
}

TEST_CASE("points 62, 63: links") {
  CHECK(first_card()["links"][0] ==
        Json{{"label", "About it"}, {"url", "https://example.org/ibuprofen"}, {"type", "absolute"}});
}

TEST_CASE("points 73, 110: each card tells its orders, rules and versions") {
  const auto extension = first_card()["extension"];
  CHECK(extension["davinci-crd.associated-resource"] == Json{"MedicationRequest/o1"});
  const auto& rules = extension["vigil.rules"];
  CHECK(rules["pack"] == "example");
  CHECK(rules["packVersion"] == "7");
  CHECK(rules["rulesDigest"].get<std::string>().size() == 16);
  CHECK(rules["knowledgeDigest"].get<std::string>().size() == 16);
  CHECK(rules["rules"][0] == Json{{"name", "Ibuprofen with warfarin"}, {"library", "Example"}, {"version", "1.2.0"}});
}

TEST_CASE("point 73: max-cards and topics switched off, as Da Vinci CRD has them") {
  ExampleService service;
  auto call = order_sign();
  call["extension"]["davinci-crd.configuration"] = {{"max-cards", 1}};
  CHECK(service.cards(call).size() == 1);
  CHECK(service.cards(call)[0]["indicator"] == "warning");
  call["extension"]["davinci-crd.configuration"] = {{"laboratory", false}};
  CHECK(service.cards(call)[0]["indicator"] == "warning");
  call["extension"]["davinci-crd.configuration"] = {{"drug-interaction", true}, {"max-cards", "x"}};
  CHECK(service.cards(call)[0]["indicator"] == "warning");
}

TEST_CASE("point 73: every topic that can be switched off is offered in discovery") {
  ExampleService service;
  for (const auto& one : service.services_listed()) {
    if (one["hook"] != "order-sign") continue;
    const auto& options = one["extension"]["davinci-crd.configuration-options"];
    REQUIRE(options.size() == 3);
    CHECK(options[0]["code"] == "max-cards");
    CHECK(options[1]["code"] == "drug-interaction");
    CHECK(options[2]["code"] == "laboratory");
    CHECK(options[2]["type"] == "boolean");
    CHECK(options[2]["default"] == true);
  }
}

TEST_CASE("what a client's settings hide is counted on a note: no cards means that nothing was found") {
  ExampleService service;
  service.services.records = true;
  auto call = order_sign();
  const auto only_card = [&](const Json& configuration) {
    call["extension"]["davinci-crd.configuration"] = configuration;
    const auto cards = service.cards(call);
    REQUIRE(cards.size() == 1);
    CHECK(cards[0]["indicator"] == "info");
    CHECK(!cards[0].contains("suggestions"));
    return cards[0];
  };
  const auto none = only_card({{"max-cards", 0}});
  CHECK(none["summary"] == "1 alert was found, not shown by this client's settings");
  CHECK(none["detail"] == "Found and not shown, by davinci-crd.configuration:\n\n- 1: max-cards is 0");
  CHECK(none["source"]["topic"]["code"] == "not-shown");
  CHECK(none["extension"]["vigil.rules"]["rules"][0]["name"] == "Ibuprofen with warfarin");
  // The decision holds what was found.
  REQUIRE(service.last.decision);
  const auto parts = decision_log::split_secret(service.last.decision->secret);
  REQUIRE(parts);
  CHECK(parts->head.find("Ibuprofen with warfarin: risk of bleeding") != std::string_view::npos);

  const auto silenced = only_card({{"drug-interaction", false}});
  CHECK(silenced["detail"].get<std::string>().find("\n- 1: topic drug-interaction is switched off") !=
        std::string::npos);
  CHECK(!only_card({{"drug-interaction", false}, {"max-cards", 1}})["summary"].empty());

  // What was not checked stands on the same note.
  call["prefetch"].erase("observation");
  call["context"]["draftOrders"]["entry"].push_back({{"resource", medication_request("o2", "313096", "draft")}});
  const auto both = only_card({{"max-cards", 0}});
  CHECK(both["summary"].get<std::string>().starts_with(
      "1 alert was found, not shown by this client's settings; 1 check"));
  CHECK(both["detail"].get<std::string>().find("- Potassium before spironolactone: ") != std::string::npos);
  CHECK(both["source"]["topic"]["code"] == "not-checked");

  // Nothing found, nothing to say.
  ExampleService quiet;
  auto harmless = order_sign();
  harmless["prefetch"]["medicationRequest"] = bundle({});
  harmless["extension"]["davinci-crd.configuration"] = {{"max-cards", 0}};
  CHECK(quiet.cards(harmless).empty());
}

TEST_CASE("max-cards drops neither the note on what was not checked nor the only alert there is room for") {
  ExampleService service;
  auto call = order_sign();
  call["prefetch"].erase("observation");
  call["context"]["draftOrders"]["entry"].push_back({{"resource", medication_request("o2", "313096", "draft")}});
  CHECK(service.cards(call).size() == 2);
  call["extension"]["davinci-crd.configuration"] = {{"max-cards", 1}};
  const auto cards = service.cards(call);
  REQUIRE(cards.size() == 1);
  CHECK(cards[0]["indicator"] == "warning");
  CHECK(cards[0]["detail"].get<std::string>().find("- Potassium before spironolactone: ") != std::string::npos);
  call["context"]["draftOrders"]["entry"].erase(0);
  CHECK(service.cards(call)[0]["source"]["topic"]["code"] == "not-checked");
}

TEST_CASE("the most important card comes first, the note last") {
  ExampleService service;
  auto call = order_sign();
  call["prefetch"].erase("observation");
  call["context"]["draftOrders"]["entry"].push_back({{"resource", medication_request("o2", "313096", "draft")}});
  const auto cards = service.cards(call);
  CHECK(cards[0]["indicator"] == "warning");
  CHECK(cards[1]["summary"] == "1 check could not be made: Potassium before spironolactone");
  CHECK(cards[1]["indicator"] == "info");
}

TEST_CASE("a setting silences rules that are unknown though all data came") {
  auto call = order_sign();
  call["context"]["draftOrders"] = bundle({medication_request("o1", "313096", "draft")});
  ExampleService service;
  CHECK(service.cards(call).size() == 1);
  hooks::ProtocolOptions options;
  options.cards.names_every_unknown = false;
  ExampleService quiet(options);
  CHECK(quiet.cards(call).empty());
  call["prefetch"].erase("observation");
  CHECK(quiet.cards(call).size() == 1);
}

TEST_CASE("point 108: unicode and HTML in texts pass through unharmed") {
  ExampleService service({}, R"(
library Texts version '1.0.0'
using FHIR version '4.0.1'
context Patient
rule "Text"
  category 'x'
  on    'order-sign'
  for   ordered [MedicationRequest] M
  tier  passive
  alert '{(M.medication as FHIR.CodeableConcept).text.value} <b>ordered</b>'
    detail '{(M.medication as FHIR.CodeableConcept).text.value}'
)");
  auto call = order_sign();
  call["context"]["draftOrders"]["entry"][0]["resource"]["medicationCodeableConcept"] = {
      {"text", "Café 😀 <img src=x onerror=alert(1)> [x](y)"}};
  const auto card = service.cards(call)[0];
  CHECK(card["summary"] == "Café 😀 <img src=x onerror=alert(1)> [x](y) <b>ordered</b>");
  CHECK(card["detail"] == "Café 😀 &lt;img src=x onerror=alert(1)&gt; \\[x\\](y)");
}

TEST_CASE("a response is UTF-8, whatever bytes a text of the site's own tables holds") {
  hooks::Card card;
  card.text = "{\"summary\":\"caf\xC3\xA9 \xFF\"}";
  const auto body = hooks::to_response_body({card});
  CHECK(body == "{\"cards\":[{\"summary\":\"caf\xC3\xA9 ?\"}]}");
  CHECK(Json::accept(body));
}
