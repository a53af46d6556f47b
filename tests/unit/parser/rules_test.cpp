// SPDX-License-Identifier: Apache-2.0
// Rules, tests, tables and their texts.
#include <doctest/doctest.h>

#include "unit/parser/parsed.h"

using vigil::test::parse;

namespace {

std::string result(std::string text) {
  const auto parsed = parse(std::move(text));
  auto out = parsed.errors() + parsed.dump();
  if (!out.empty()) out.pop_back();
  return out;
}

}  // namespace

TEST_CASE("The design's NSAID rule and its test") {
  CHECK(result(R"(
rule "NSAID together with warfarin"
  category  'drug-interaction'
  on        'order-select', 'order-sign'
  for       ordered [MedicationRequest: "NSAIDs"] Nsaid,
            current [MedicationRequest: "Warfarin"] Warfarin
  unless    isTopical(Nsaid) because 'topical use adds little systemic exposure'
  tier      passive when "Has gastroprotection" because 'a gastroprotective agent is on board'
  tier      interruptive
  alert     '{Nsaid.medication} together with {Warfarin.medication}: risk of bleeding'
    detail   'Both raise the risk of bleeding.'
    suggest  'Cancel {Nsaid.medication}': delete Nsaid
    override 'Benefit outweighs the risk', 'Short course, monitored'
  if unknown note
  evidence
    cite      'HL7 PDDI-CDS implementation guide: warfarin and NSAIDs'
    developer 'Vigil project'
    released  @2026-11-22

test "alerts when ibuprofen is ordered during warfarin therapy"
  given patient born @1950-03-01, sex 'female'
    and MedicationRequest { status: 'active', medication: RxNorm '855332' }
  when  'order-sign' with MedicationRequest { status: 'draft', medication: RxNorm '310965' }
  expect "NSAID together with warfarin" interruptive
)") == "(rule \"NSAID together with warfarin\" (category 'drug-interaction') (on 'order-select') (on 'order-sign')"
       " (for (Nsaid (ordered MedicationRequest \"NSAIDs\"))) (for (Warfarin (current MedicationRequest \"Warfarin\")))"
       " (unless (call isTopical Nsaid) (because (template 'topical use adds little systemic exposure')))"
       " (tier passive (when \"Has gastroprotection\") (because (template 'a gastroprotective agent is on board')))"
       " (tier interruptive)"
       " (alert (template '' (. Nsaid medication) ' together with ' (. Warfarin medication) ': risk of bleeding'))"
       " (detail (template 'Both raise the risk of bleeding.'))"
       " (suggest (template 'Cancel ' (. Nsaid medication) '') (delete Nsaid))"
       " (override 'Benefit outweighs the risk') (override 'Short course, monitored') (if-unknown note)"
       " (evidence cite 'HL7 PDDI-CDS implementation guide: warfarin and NSAIDs') (evidence developer 'Vigil project')"
       " (evidence released @2026-11-22))\n"
       "(test \"alerts when ibuprofen is ordered during warfarin therapy\" (patient born @1950-03-01) (patient sex "
       "'female')"
       " (given (instance MedicationRequest (status: 'active') (medication: (code sugar '855332' RxNorm))))"
       " (when 'order-sign') (with (instance MedicationRequest (status: 'draft') (medication: (code sugar '310965' "
       "RxNorm))))"
       " (expect \"NSAID together with warfarin\" interruptive))");
}

TEST_CASE("The design's table and its rule") {
  CHECK(result(R"(
table "Interactions" { a Code, b Code, tier String, effect String, citation String } symmetric (a, b)
rule "Documented drug-drug interaction"
  category 'drug-interaction'
  on   'order-sign'
  for  ordered [MedicationRequest] New,
       current [MedicationRequest] Current,
       "Interactions" I
  when I.a in ingredients(New) and I.b in ingredients(Current)
  tier I.tier
  alert '{New.medication} with {Current.medication}: {I.effect}'
    cite I.citation
)") == "(table \"Interactions\" (a Code) (b Code) (tier String) (effect String) (citation String) (symmetric a b))\n"
       "(rule \"Documented drug-drug interaction\" (category 'drug-interaction') (on 'order-sign')"
       " (for (New (ordered MedicationRequest))) (for (Current (current MedicationRequest))) (for (I \"Interactions\"))"
       " (when (and (in (. I a) (call ingredients New)) (in (. I b) (call ingredients Current)))) (tier (. I tier))"
       " (alert (template '' (. New medication) ' with ' (. Current medication) ': ' (. I effect) '')) (cite (. I "
       "citation)))");
  CHECK(result("table T { code Code, on List<String>, table Interval<Date> }") ==
        "(table T (code Code) (on List<String>) (table Interval<Date>))");
}

TEST_CASE("The design's other rules") {
  CHECK(result(R"(
rule "Metformin with severely reduced kidney function"
  on    'order-select', 'order-sign'
  for   ordered [MedicationRequest: "Metformin"] Metformin
  let   Egfr: latest([Observation: "eGFR"], 12 months), X: 3
  when  Egfr.value < 30 'mL/min/{1.73_m2}'
  alert '{Metformin.medication} with eGFR {Egfr.value} on {Egfr.effective}: contraindicated'
  if unknown alert 'No eGFR: check kidney function before {Metformin.medication}'
)") == "(rule \"Metformin with severely reduced kidney function\" (on 'order-select') (on 'order-sign')"
       " (for (Metformin (ordered MedicationRequest \"Metformin\")))"
       " (let Egfr (call latest (retrieve Observation \"eGFR\") (quantity 12 'months'))) (let X 3)"
       " (when (< (. Egfr value) (quantity 30 'mL/min/{1.73_m2}')))"
       " (alert (template '' (. Metformin medication) ' with eGFR ' (. Egfr value) ' on ' (. Egfr effective) ': "
       "contraindicated'))"
       " (if-unknown alert (template 'No eGFR: check kidney function before ' (. Metformin medication) '')))");
  CHECK(result(R"(
rule "No statin"
  on 'patient-view'
  when "Has diabetes" and AgeInYears() between 40 and 75 and not "Takes a statin"
  unless "Statin intolerance" because 'statin intolerance is recorded'
  once per 6 months
  alert 'No statin'
)") == "(rule \"No statin\" (on 'patient-view') (when (and \"Has diabetes\" (between (call AgeInYears) 40 75) (not "
       "\"Takes a statin\")))"
       " (unless \"Statin intolerance\" (because (template 'statin intolerance is recorded'))) (once period (quantity "
       "6 'months'))"
       " (alert (template 'No statin')))");
  CHECK(result(R"(
rule R
  for [A] New
  let Match: allergyMatch(New), Shared: classes(New) intersect classes(Old)
  tier hard-stop    when Match.level = 'ingredient' and isSevere(New)
  tier interruptive when Match.level in { 'ingredient', 'side-chain' }
  tier passive
  one alert per (New, Shared)
)") == "(rule R (for (New (retrieve A))) (let Match (call allergyMatch New)) (let Shared (intersect (call classes New) "
       "(call classes Old)))"
       " (tier hard-stop (when (and (= (. Match level) 'ingredient') (call isSevere New))))"
       " (tier interruptive (when (in (. Match level) (list 'ingredient' 'side-chain')))) (tier passive) "
       "(one-alert-per New Shared))");
}

TEST_CASE("Each clause of a rule") {
  const auto clause = [](const std::string& text) { return result("rule R " + text); };
  CHECK(clause("") == "(rule R)");
  CHECK(clause("severity 1 + I.severity") == "(rule R (severity (+ 1 (. I severity))))");
  CHECK(clause("once per patient") == "(rule R (once patient))");
  CHECK(clause("once per encounter") == "(rule R (once encounter))");
  CHECK(clause("once per X.period") == "(rule R (once period (. X period)))");
  CHECK(clause("tier hard - stop") == "(rule R (tier hard-stop))");
  CHECK(clause("tier hard - 1 because 'x'") == "(rule R (tier (- hard 1) (because (template 'x'))))");
  CHECK(clause("alert 'a' for 'patient' in 'de' alert 'b' in 'fr' detail 'c' for 'patient'") ==
        "(rule R (alert (template 'a') (for 'patient') (in 'de')) (alert (template 'b') (in 'fr')) (detail (template "
        "'c') (for 'patient')))");
  CHECK(clause("suggest 'a': create MedicationRequest { status: 'draft' } suggest 'b': update X with { dose: 1, code: "
               "2 }") ==
        "(rule R (suggest (template 'a') (create (instance MedicationRequest (status: 'draft'))))"
        " (suggest (template 'b') (update X (dose: 1) (code: 2))))");
  CHECK(
      clause("recommend 'a': delete X, create MedicationRequest { status: 'draft' }, update Y with { dose: 1 } perform "
             "'b': delete Z") ==
      "(rule R (recommend (template 'a') (delete X) (create (instance MedicationRequest (status: 'draft')))"
      " (update Y (dose: 1))) (perform (template 'b') (delete Z)))");
  CHECK(clause("override 'a', Code 'x' from \"S\" display 'd' override S 'y'") ==
        "(rule R (override 'a') (override (code 'x' \"S\" (display 'd'))) (override (code sugar 'y' S)))");
  CHECK(clause("link 'see {x}': 'https://example.org'") ==
        "(rule R (link (template 'see ' x '') 'https://example.org'))");
  CHECK(
      clause(
          "launch 'app': 'https://example.org/a' launch automatically 'x': 'https://example.org/b' with 'drug={x}'") ==
      "(rule R (launch (template 'app') 'https://example.org/a')"
      " (launch automatically (template 'x') 'https://example.org/b' (with (template 'drug=' x ''))))");
  CHECK(clause("cite 'book' cite I.citation") == "(rule R (cite 'book') (cite (. I citation)))");
  CHECK(clause("if unknown log") == "(rule R (if-unknown log))");
  CHECK(clause("if unknown note 'x {y}'") == "(rule R (if-unknown note (template 'x ' y '')))");
  CHECK(clause("active from @2026-01-01 to @2027-01-01 shadow") ==
        "(rule R (active-from @2026-01-01) (active-to @2027-01-01) shadow)");
  CHECK(clause("active to @2027-01-01") == "(rule R (active-to @2027-01-01))");
  CHECK(clause("evidence cite 'a' cite 'b' version '1' funding 'none' reviewed @2026-01-01 population { 'a', 'b' } "
               "shadow") ==
        "(rule R (evidence cite 'a') (evidence cite 'b') (evidence version '1') (evidence funding 'none') (evidence "
        "reviewed @2026-01-01)"
        " (evidence population (list 'a' 'b')) shadow)");
  CHECK(clause("when a when b") == "VGL0112 1:15 clause `when` is given twice");
}

TEST_CASE("Texts have holes, and braces by doubling") {
  const auto text = [](const std::string& inner) { return result("rule R alert '" + inner + "'"); };
  CHECK(text("") == "(rule R (alert (template '')))");
  CHECK(text("{a}{b}") == "(rule R (alert (template '' a '' b '')))");
  CHECK(text("{{x}} {a}") == "(rule R (alert (template '{x} ' a '')))");
  CHECK(text("it\\'s {Tuple { a: 1 }.a} {Round(x, 1)}") ==
        "(rule R (alert (template 'it\\'s ' (. (tuple (a: 1)) a) ' ' (call Round x 1) '')))");
  CHECK(text("{a = \\'}\\'}") == "(rule R (alert (template '' (= a '}') '')))");
  CHECK(text("{\"a } b\"}") == "(rule R (alert (template '' \"a } b\" '')))");
  CHECK(text("{[A] a where a.x return a.y}") ==
        "(rule R (alert (template '' (query (a (retrieve A)) (where (. a x)) (return (. a y))) '')))");
  CHECK(text("a {b") == "VGL0111 1:17 the text template is wrong: the hole is not closed");
  CHECK(text("a { } b") == "VGL0111 1:17 the text template is wrong: the hole is empty");
  CHECK(text("a } b") == "VGL0111 1:17 the text template is wrong: `}` stands alone");
  CHECK(text("a {b +} c") == "VGL0101 1:21 unexpected end of the hole, expected an expression");
  CHECK(text("a {b 2} c") == "VGL0101 1:20 unexpected `2`, expected an operator");
  CHECK(text("a {b; c} c") == "VGL0105 1:19 unexpected character `;`");
}

TEST_CASE("Each part of a test") {
  const auto part = [](const std::string& text) { return result("test \"t\" " + text); };
  CHECK(part("given patient expect nothing") == "(test \"t\" (expect nothing))");
  CHECK(part("given patient born Today() - 40 years and Observation not obtained and FHIR.Condition not obtained") ==
        "(test \"t\" (patient born (- (call Today) (quantity 40 'years'))) (not-obtained Observation) (not-obtained "
        "FHIR.Condition))");
  CHECK(part("given Observation { value: 5 'mg' } and patient sex 'male' at @2026-01-01") ==
        "(test \"t\" (patient sex 'male') (given (instance Observation (value: (quantity 5 'mg')))) (at @2026-01-01))");
  CHECK(part("when 'patient-view' expect \"R\"") == "(test \"t\" (when 'patient-view') (expect \"R\"))");
  CHECK(part("when 'order-sign' with A { x: 1 } and FHIR.B { } expect R hard-stop because 'x' saying 'y' expect R "
             "not-met") == "VGL0101 1:57 unexpected `}`, expected `:` or a name");
  CHECK(part("when 'order-sign' with A { x: 1 } and FHIR.B {:} expect R hard-stop because 'x' saying 'y' expect R "
             "not-met") ==
        "(test \"t\" (when 'order-sign') (with (instance A (x: 1))) (with (instance FHIR.B)) (expect R hard-stop "
        "(because 'x') (saying 'y'))"
        " (expect R not-met))");
  CHECK(part("expect R suppressed expect R unknown expect R saying 'x'") ==
        "(test \"t\" (expect R suppressed) (expect R unknown) (expect R (saying 'x')))");
  CHECK(part("expect define \"X\" = a and b expect define Y = null expect \"nothing\" fired") ==
        "(test \"t\" (expect define \"X\" (and a b)) (expect define Y null) (expect \"nothing\" fired))");
  CHECK(part("given 5") ==
        "VGL0101 1:16 unexpected `5`, expected a resource such as MedicationRequest { status: 'active' }");
}
