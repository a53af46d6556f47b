// SPDX-License-Identifier: Apache-2.0
// Vigil's own functions on a patient's facts, and what is undetermined about them (DESIGN, decision 4).
#include <array>

#include "conformance/expressions.h"

using namespace vigil;
using namespace vigil::conformance;

namespace {

constexpr std::string_view kDrugs = "urn:test:drugs";
constexpr std::string_view kAllergens = "urn:test:allergens";
constexpr std::string_view kPackages = "urn:test:packages";

/// Amoxicillin and ampicillin share a side chain, penicillins and cefazolin a class; 'Augmentin' holds two ingredients.
std::shared_ptr<const KnowledgeBase> make_knowledge() {
  KnowledgeBaseBuilder builder;
  DiagnosticSink sink;
  const auto drug = [&](std::string_view code, std::string_view display) {
    return builder.intern(kDrugs, code, display);
  };
  const auto group = [&](std::string_view code, std::string_view display) {
    return builder.intern("urn:test:groups", code, display);
  };
  const auto amoxicillin = drug("723", "amoxicillin"), clavulanate = drug("48203", "clavulanate"),
             ampicillin = drug("733", "ampicillin");
  const auto penicillin = drug("7980", "penicillin G"), ibuprofen = drug("5640", "ibuprofen");
  const auto augmentin = drug("Augmentin", "Augmentin tablet"), ibuprofen_gel = drug("gel", "ibuprofen gel"),
             eye_drops = drug("drops", "ketorolac eye drops");
  for (const auto id : {amoxicillin, clavulanate, ampicillin, penicillin, ibuprofen})
    builder.add_relation(Relation::kIngredient, id, id);
  builder.add_relation(Relation::kIngredient, augmentin, amoxicillin);
  builder.add_relation(Relation::kIngredient, augmentin, clavulanate);
  builder.add_relation(Relation::kIngredient, ibuprofen_gel, ibuprofen);
  const auto penicillins = group("penicillins", "Penicillins"),
             aminopenicillins = group("amino", "Aminopenicillin side chain");
  builder.add_relation(Relation::kSideChainGroup, amoxicillin, aminopenicillins);
  builder.add_relation(Relation::kSideChainGroup, ampicillin, aminopenicillins);
  for (const auto id : {amoxicillin, ampicillin, penicillin}) {
    builder.add_relation(Relation::kCrossReactiveGroup, id, penicillins);
    builder.add_relation(Relation::kDrugClass, id, drug("J01C", "penicillin antibacterials"));
  }
  builder.add_relation(Relation::kDrugClass, ibuprofen, drug("M01A", "NSAIDs"));
  const auto allergen = [&](std::string_view code) { return builder.intern(kAllergens, code, code); };
  builder.add_relation(Relation::kAllergenIngredient, allergen("amoxicillin-allergy"), amoxicillin);
  builder.add_relation(Relation::kAllergenGroup, allergen("penicillin-allergy"), penicillins);
  allergen("peanut");
  builder.add_no_allergy(allergen("none-known"));
  builder.add_relation(Relation::kRoute, ibuprofen_gel, builder.intern("urn:vigil:codesystem:route", "topical"));
  builder.add_relation(Relation::kRoute, eye_drops, builder.intern("urn:vigil:codesystem:route", "ophthalmic"));
  builder.add_relation(Relation::kRoute, augmentin, builder.intern("urn:vigil:codesystem:route", "oral"));
  // A package code of another system means the tablet; a second one means nothing that is known.
  builder.add_relation(Relation::kSameAs, builder.intern(kPackages, "0029-6080-12"), augmentin);
  builder.add_relation(Relation::kSameAs, builder.intern(kPackages, "0000-0000-00"), drug("retired", ""));
  builder.add_relation(Relation::kSameAs, builder.intern(kPackages, "723-substance"), amoxicillin);
  builder.add_value_set("urn:test:penicillin-tablets", "", "", std::array{augmentin}, sink);
  return builder.build(sink);
}

std::string resource(std::string_view type, std::string_view id, std::string_view rest) {
  return R"({"resource":{"resourceType":")" + std::string(type) + R"(","id":")" + std::string(id) +
         R"(","subject":{"reference":"Patient/p"},)" + std::string(rest) + "}}";
}
std::string coded(std::string_view system, std::string_view code) {
  return R"({"coding":[{"system":")" + std::string(system) + R"(","code":")" + std::string(code) + R"("}]})";
}
std::string order(std::string_view id, std::string_view code, std::string_view more = "") {
  return resource(
      "MedicationRequest", id,
      R"("status":"active","intent":"order","medicationCodeableConcept":)" + coded(kDrugs, code) + std::string(more));
}
std::string allergy(std::string_view id, std::string_view more) {
  return R"({"resource":{"resourceType":"AllergyIntolerance","id":")" + std::string(id) +
         R"(","patient":{"reference":"Patient/p"},)" + std::string(more) + "}}";
}
std::string bundle(const std::vector<std::string>& entries) {
  std::string text =
      R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"p"}})";
  for (const auto& entry : entries) text += "," + entry;
  return text + "]}";
}

constexpr std::string_view kDeclarations = R"(
codesystem "Drugs": 'urn:test:drugs'
code "Penicillin antibacterial": 'J01C' from "Drugs"
code "Amoxicillin": '723' from "Drugs"
code "Nothing known": '999' from "Drugs"
codesystem "Packages": 'urn:test:packages'
code "Package": '0029-6080-12' from "Packages"
valueset "Penicillin tablets": 'urn:test:penicillin-tablets'
)";

void check_patient(std::span<const ExpressionCase> cases, const std::vector<std::string>& entries) {
  static const auto knowledge = make_knowledge();
  const auto patient = bundle(entries);
  check(cases,
        {.declarations = kDeclarations, .knowledge = knowledge, .now = "2026-11-22T09:30:00Z", .patient = patient});
}

/// The order with an id, as an expression.
#define ORDER(id) "First([MedicationRequest] M where M.id = '" id "')"
#define ALLERGY(id) "First([AllergyIntolerance] A where A.id = '" id "')"

}  // namespace

TEST_CASE("ingredients, classes, isA: an unknown drug may have any") {
  static constexpr ExpressionCase kTable[] = {
      {"(ingredients(" ORDER("a") ")) C return C.display", "{ 'amoxicillin', 'clavulanate' }"},
      {"(classes(" ORDER("a") ")) C return C.display", "{ 'penicillin antibacterials' }"},
      {"(codes(" ORDER("a") ")) C return C.code", "{ 'Augmentin' }"},
      {"isA(" ORDER("a") ", \"Penicillin antibacterial\")", "true"},
      {"isA(" ORDER("a") ", \"Amoxicillin\")", "true"},
      {"isA(" ORDER("i") ", \"Penicillin antibacterial\")", "false"},
      {"isA(" ORDER("u") ", \"Penicillin antibacterial\")", "false ?"},
      {"ingredients(" ORDER("u") ")", "{} ?"},
      {"exists ingredients(" ORDER("u") ")", "false ?"},
      {"exists (classes(" ORDER("u") ") intersect classes(" ORDER("a") "))", "false ?"},
      {"exists (classes(" ORDER("i") ") intersect classes(" ORDER("a") "))", "false"},
      {"Count(ingredients(\"Amoxicillin\"))", "1"},
      {"ingredients(\"Nothing known\")", "{} ?"},
      {"isA(\"Amoxicillin\", \"Penicillin antibacterial\")", "true"},
      {"ingredients(null as FHIR.MedicationRequest)", "null"},
  };
  check_patient(kTable, {order("a", "Augmentin"), order("i", "5640"), order("u", "unheard-of")});
}

TEST_CASE("an order that carries a code of another system alone is what the crosswalk says") {
  static constexpr ExpressionCase kTable[] = {
      {"(ingredients(" ORDER("p") ")) C return C.display", "{ 'amoxicillin', 'clavulanate' }"},
      {"(classes(" ORDER("p") ")) C return C.display", "{ 'penicillin antibacterials' }"},
      {"(codes(" ORDER("p") ")) C return C.code", "{ '0029-6080-12', 'Augmentin' }"},
      {"routes(" ORDER("p") ")", "{ 'oral' }"},
      {"isA(" ORDER("p") ", \"Amoxicillin\")", "true"},
      {"([MedicationRequest: \"Penicillin tablets\"]) M return M.id", "{ 'p' } ?"},
      {"\"Package\" in \"Penicillin tablets\"", "true"},
      {"allergyMatch(" ORDER("p") ", First([AllergyIntolerance])).level", "'ingredient'"},
      {"ingredients(" ORDER("none") ")", "{} ?"},
      {"ingredients(" ORDER("unheard-of") ")", "{} ?"},
  };
  const auto packed = [](std::string_view id, std::string_view code) {
    return resource("MedicationRequest", id,
                    R"("status":"active","intent":"order","medicationCodeableConcept":)" + coded(kPackages, code));
  };
  check_patient(kTable, {packed("p", "0029-6080-12"), packed("none", "0000-0000-00"), packed("unheard-of", "1-2-3"),
                         allergy("u", R"("code":)" + coded(kPackages, "723-substance"))});
}

TEST_CASE("routes and isTopical: the order's own route before the drug's") {
  static constexpr ExpressionCase kTable[] = {
      {"routes(" ORDER("gel") ")", "{ 'topical' }"},
      {"isTopical(" ORDER("gel") ")", "true"},
      {"isTopical(" ORDER("drops") ")", "true"},
      {"isTopical(" ORDER("tablet") ")", "false"},
      {"routes(" ORDER("swallowed") ")", "{ 'oral' }"},
      {"isTopical(" ORDER("swallowed") ")", "false"},
      {"isTopical(" ORDER("both") ")", "false"},
      {"isTopical(" ORDER("strange") ")", "null ?"},
      {"routes(" ORDER("strange") ")", "{ '123' } ?"},
      {"routes(" ORDER("strange-tablet") ")", "{ '123', 'oral' } ?"},
      {"'oral' in routes(" ORDER("strange-tablet") ")", "true"},
      {"'oral' in routes(" ORDER("strange") ")", "false ?"},
      {"routes(" ORDER("by-hl7-3") ")", "{ 'oral' }"},
      {"isTopical(" ORDER("by-hl7-2") ")", "true"},
      {"isTopical(" ORDER("local-beside") ")", "true"},
      {"routes(" ORDER("none") ")", "{} ?"},
      {"isTopical(" ORDER("none") ")", "null ?"},
  };
  static constexpr std::string_view kVersion2 = "http://terminology.hl7.org/CodeSystem/v2-0162";
  static constexpr std::string_view kVersion3 = "http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration";
  const auto by = [](std::string_view code) { return R"({"route":)" + coded("http://snomed.info/sct", code) + "}"; };
  const auto dosage = [&](const std::string& all) { return R"(,"dosageInstruction":[)" + all + "]"; };
  check_patient(kTable,
                {order("gel", "gel"), order("drops", "drops"), order("tablet", "Augmentin"), order("none", "5640"),
                 order("swallowed", "gel", dosage(by("26643006"))),
                 order("both", "5640", dosage(by("6064005") + "," + by("26643006"))),
                 order("strange", "5640", dosage(by("123"))), order("strange-tablet", "Augmentin", dosage(by("123"))),
                 order("by-hl7-3", "5640", dosage(R"({"route":)" + coded(kVersion3, "PO") + "}")),
                 order("by-hl7-2", "5640", dosage(R"({"route":)" + coded(kVersion2, "OP") + "}")),
                 order("local-beside", "5640",
                       dosage(R"({"route":{"coding":[{"system":"urn:site","code":"7"},)"
                              R"({"system":"http://snomed.info/sct","code":"6064005"}]}})"))});
}

TEST_CASE("allergyMatch: the ingredient before its side chain before its class") {
#define MATCH(o, a) "allergyMatch(" ORDER(o) ", " ALLERGY(a) ")"
  static constexpr ExpressionCase kTable[] = {
      {MATCH("augmentin", "amoxicillin"), "Tuple { level: 'ingredient', via: 'amoxicillin' }"},
      {MATCH("ampicillin", "amoxicillin"), "Tuple { level: 'side-chain', via: 'Aminopenicillin side chain' }"},
      {MATCH("penicillin", "amoxicillin"), "Tuple { level: 'class', via: 'Penicillins' }"},
      {MATCH("augmentin", "class"), "Tuple { level: 'class', via: 'Penicillins' }"},
      {MATCH("augmentin", "as-drug"), "Tuple { level: 'ingredient', via: 'amoxicillin' }"},
      {MATCH("augmentin", "by-reaction"), "Tuple { level: 'ingredient', via: 'amoxicillin' }"},
      {MATCH("ibuprofen", "amoxicillin"), "null"},
      {MATCH("augmentin", "peanut"), "null"},
      {MATCH("augmentin", "none-known"), "null"},
      {MATCH("augmentin", "refuted"), "null"},
      {MATCH("augmentin", "unknown"), "null ?"},
      {MATCH("augmentin", "text"), "null ?"},
      {MATCH("unheard-of", "amoxicillin"), "null ?"},
      {MATCH("unheard-of", "none-known"), "null"},
  };
#undef MATCH
  const auto to = [](std::string_view system, std::string_view code) { return R"("code":)" + coded(system, code); };
  check_patient(
      kTable,
      {order("augmentin", "Augmentin"), order("ampicillin", "733"), order("penicillin", "7980"),
       order("ibuprofen", "5640"), order("unheard-of", "unheard-of"),
       allergy("amoxicillin", to(kAllergens, "amoxicillin-allergy")),
       allergy("class", to(kAllergens, "penicillin-allergy")), allergy("as-drug", to(kDrugs, "723")),
       allergy("by-reaction",
               to(kAllergens, "other") + R"(,"reaction":[{"substance":)" + coded(kDrugs, "Augmentin") + "}]"),
       allergy("peanut", to(kAllergens, "peanut")), allergy("none-known", to(kAllergens, "none-known")),
       allergy("refuted",
               to(kAllergens, "amoxicillin-allergy") + R"(,"verificationStatus":)" + coded("urn:test:v", "refuted")),
       allergy("unknown", to(kAllergens, "unheard-of")), allergy("text", R"("code":{"text":"some antibiotic"})")});
}

TEST_CASE("isSevere: a criticality not assessed leaves it open, unless every reaction was mild or moderate") {
  static constexpr ExpressionCase kTable[] = {
      {"isSevere(" ALLERGY("high") ")", "true"},
      {"isSevere(" ALLERGY("low") ")", "false"},
      {"isSevere(" ALLERGY("low-severe") ")", "true"},
      {"isSevere(" ALLERGY("missing") ")", "false ?"},
      {"isSevere(" ALLERGY("not-assessed") ")", "false ?"},
      {"isSevere(" ALLERGY("mild") ")", "false"},
      {"isSevere(" ALLERGY("mild-once") ")", "false ?"},
      {"isSevere(" ALLERGY("mild-not-assessed") ")", "false ?"},
  };
  check_patient(
      kTable,
      {allergy("high", R"("criticality":"high")"), allergy("low", R"("criticality":"low")"),
       allergy("mild-once", R"("reaction":[{"severity":"mild"},{"description":"rash"}])"),
       allergy("mild-not-assessed", R"("criticality":"unable-to-assess","reaction":[{"severity":"mild"}])"),
       allergy("low-severe", R"("criticality":"low","reaction":[{"severity":"mild"},{"severity":"severe"}])"),
       allergy("missing", R"("type":"allergy")"), allergy("not-assessed", R"("criticality":"unable-to-assess")"),
       allergy("mild", R"("reaction":[{"severity":"mild"}])")});
}

TEST_CASE("isActive: by status; one that says nothing leaves it open") {
  static constexpr ExpressionCase kTable[] = {
      {"isActive(" ORDER("running") ")", "true"},
      {"isActive(" ORDER("stopped") ")", "false"},
      {"isActive(" ORDER("unsaid") ")", "false ?"},
  };
  const auto with_status = [](std::string_view id, std::string_view status) {
    return resource("MedicationRequest", id,
                    R"("status":")" + std::string(status) + R"(","medicationCodeableConcept":)" + coded(kDrugs, "723"));
  };
  check_patient(
      kTable, {with_status("running", "active"), with_status("stopped", "stopped"), with_status("unsaid", "unknown")});
}

TEST_CASE("codes behind a reference: followed, or open where it leads nowhere") {
  static constexpr ExpressionCase kTable[] = {
      {"(codes(" ORDER("there") ")) C return C.code", "{ '723' }"},
      {"codes(" ORDER("gone") ")", "{} ?"},
      {"exists ingredients(" ORDER("gone") ")", "false ?"},
  };
  check_patient(kTable, {R"({"resource":{"resourceType":"Medication","id":"m","code":)" + coded(kDrugs, "723") + "}}",
                         resource("MedicationRequest", "there",
                                  R"("status":"active","medicationReference":{"reference":"Medication/m"})"),
                         resource("MedicationRequest", "gone",
                                  R"("status":"active","medicationReference":{"reference":"Medication/x"})")});
}
