// SPDX-License-Identifier: Apache-2.0
// Pages of rules: what stands on them, what is escaped, and that they are the same each time.
#include "cli/rule_pages.h"

#include <doctest/doctest.h>

#include <string>

#include "cli/html.h"

using namespace vigil;
using namespace vigil::cli;

namespace {

constexpr std::string_view kRxnorm = "http://www.nlm.nih.gov/research/umls/rxnorm";

Compilation compile_example() {
  KnowledgeBaseBuilder builder;
  DiagnosticSink sink;
  const auto tablet = builder.intern(kRxnorm, "855332", "warfarin sodium 5 MG Oral Tablet");
  const auto warfarin = builder.intern(kRxnorm, "11289", "Warfarin");
  const auto antagonists = builder.intern("urn:vigil:codesystem:drug-class", "vka", "Vitamin K antagonists");
  builder.add_relation(Relation::kIngredient, tablet, warfarin);
  builder.add_relation(Relation::kDrugClass, warfarin, antagonists);
  builder.add_value_set("urn:test:warfarin", "", "Warfarin", std::array{tablet, warfarin}, sink);
  return compile({{"one.vigil", R"(library One version '1.0'
using FHIR version '4.0.1'
valueset "Warfarin": 'urn:test:warfarin'
context Patient

rule "Warfarin & age < 90"
  category 'anticoagulation'
  on       'order-sign'
  for      ordered [MedicationRequest: "Warfarin"] New
  when     AgeInYears() > 90
  unless   New.status = 'stopped' because 'it was \'stopped\''
  alert    '{New.medication} above 90'
    detail   'Think again.'
  if unknown note 'No date of birth'
  evidence
    cite      'A guideline, <2020>'
    developer 'Vigil project'
    rationale 'Falls.'

rule "Another"
  on    'patient-view'
  when  true
  alert 'x'

test "at 95"
  given patient born @1930-01-01
  when  'order-sign' with MedicationRequest { medication: Code { code: '855332', system: 'http://www.nlm.nih.gov/research/umls/rxnorm' } }
  expect "Warfarin & age < 90" interruptive

test "of the other"
  expect "Another"
)"}},
                 {.knowledge = builder.build(sink), .parameters = {}, .stop_after = {}, .dump = {}});
}

bool has(const std::string& html, std::string_view part) { return html.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a page says what, when, why, what it reads and which tests hold it") {
  const auto compiled = compile_example();
  for (const auto& each : compiled.diagnostics) MESSAGE(each.message);
  REQUIRE(compiled.rulebook != nullptr);
  const auto pages = make_rule_pages(*compiled.rulebook);
  REQUIRE(pages.size() == 3);
  CHECK(pages[0].file == "warfarin-age-90.html");
  const auto& page = pages[0].html;
  CHECK(has(page, "<h1>Warfarin &amp; age &lt; 90</h1>"));
  CHECK(has(page, "{New.medication} above 90"));
  CHECK(has(page, "Think again."));
  CHECK(has(page, "Where data is missing, it notes: No date of birth"));
  CHECK(has(page, "<li>it was 'stopped'</li>"));
  CHECK(has(page, "A guideline, &lt;2020&gt;"));
  CHECK(has(page, "<p>Falls.</p>"));
  CHECK(has(page, "<tr><td>Uses date of birth</td><td></td><td>yes</td></tr>"));
  CHECK(has(page, "<tr><td>Uses sex</td><td></td><td>no</td></tr>"));
  CHECK(has(page, "<tr><td>Warfarin</td><td>2</td><td>urn:test:warfarin</td></tr>"));
  CHECK(has(page, "<li>at 95</li>"));
  CHECK_FALSE(has(page, "of the other"));
}

TEST_CASE("the index lists by category, hook, class and drug") {
  const auto compiled = compile_example();
  const auto pages = make_rule_pages(*compiled.rulebook);
  const auto& index = pages.back();
  CHECK(index.file == "index.html");
  const std::string linked = "<a href=\"warfarin-age-90.html\">Warfarin &amp; age &lt; 90</a>";
  for (const std::string term : {"anticoagulation", "order-sign", "Vitamin K antagonists", "Warfarin"})
    CHECK(has(index.html, "<tr><td>" + term + "</td><td>" + linked + "</td></tr>"));
  CHECK(has(index.html, "<tr><td>patient-view</td><td><a href=\"another.html\">Another</a></td></tr>"));
}

TEST_CASE("the same rules give the same pages") {
  const auto first = compile_example(), second = compile_example();
  const auto a = make_rule_pages(*first.rulebook), b = make_rule_pages(*second.rulebook);
  for (size_t i = 0; i < a.size(); ++i) CHECK(a[i].html == b[i].html);
}

TEST_CASE("text is escaped, tables need rows") {
  CHECK(escape_html("<a & \"b\">") == "&lt;a &amp; &quot;b&quot;&gt;");
  CHECK(html_table({{"a", "b"}}).empty());
}
