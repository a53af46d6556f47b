// SPDX-License-Identifier: Apache-2.0
// What a rulebook tells of itself without a patient, and what compiling gives where it stops or fails.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include <vigil/evaluate.h>
#include <vigil/rulebook.h>

using namespace vigil;

namespace {

constexpr const char* kText = R"(library L version '2.1'
using FHIR version '4.0.1'
codesystem "S": 'urn:s'
code "One": '1' from "S"
code "Two": '2' from "S"
concept "Both": { "One", "Two" }
valueset "Statins": 'urn:vs:statins'
context Patient
define "Takes a statin": exists [MedicationRequest: "Statins"]
define "Measured": exists ([Observation: "One"] O where O.status = 'final')
define "Measured either": exists [Observation: "Both"]
define private "Helper": 1
rule "No statin"
  category 'gap'
  on 'patient-view', 'order-sign'
  when not "Takes a statin"
  alert 'no statin'
    cite 'the cite of the rule'
  evidence
    developer 'Someone'
test "t"
  given patient born @1950-01-01
  when 'patient-view'
  expect "No statin"
)";

Compilation compiled(const std::string& text = kText, CompileOptions options = {}) {
  KnowledgeBaseBuilder builder;
  DiagnosticSink sink;
  const auto statin = builder.intern("urn:s", "statin");
  builder.add_value_set("urn:vs:statins", "", "Statins", {&statin, 1}, sink);
  options.knowledge = builder.build(sink);
  return compile({{"test.vigil", text}}, options);
}

Requirement only(const std::optional<std::vector<Requirement>>& requirements) {
  REQUIRE(requirements);
  REQUIRE(requirements->size() == 1);
  return requirements->front();
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("rules, definitions and tests are listed with what the text says of them") {
  const auto compilation = compiled();
  REQUIRE_MESSAGE(!compilation.has_errors(), render_text(compilation.diagnostics, *compilation.sources));
  const auto& rulebook = *compilation.rulebook;
  REQUIRE(rulebook.rules().size() == 1);
  const auto& rule = rulebook.rules()[0];
  CHECK(rule.library == "L");
  CHECK(rule.library_version == "2.1");
  CHECK(rule.name == "No statin");
  CHECK(rule.category == "gap");
  CHECK(rule.hooks == Names{"patient-view", "order-sign"});
  REQUIRE(rule.evidence.size() == 1);
  CHECK(rule.evidence[0].attribute == "developer");
  CHECK(rule.evidence[0].value == "Someone");
  CHECK(rulebook.test_count() == 1);
  const auto helper = std::find_if(rulebook.definitions().begin(), rulebook.definitions().end(),
                                   [](const auto& d) { return d.name == "Helper"; });
  REQUIRE(helper != rulebook.definitions().end());
  CHECK(helper->type == "Integer");
  CHECK(helper->is_private);
}

TEST_CASE("requirements name the type, the filter and the paths") {
  const auto compilation = compiled();
  const auto& rulebook = *compilation.rulebook;
  const auto statins = only(rulebook.requirements_of("Takes a statin"));
  CHECK(statins.resource_type == "MedicationRequest");
  CHECK(statins.value_sets == Names{"urn:vs:statins"});
  CHECK(statins.codes.empty());
  const auto measured = only(rulebook.requirements_of("Measured"));
  CHECK(measured.resource_type == "Observation");
  CHECK(measured.code_path == "code");
  CHECK(measured.codes == Names{"urn:s|1"});
  CHECK(std::find(measured.paths.begin(), measured.paths.end(), "status") != measured.paths.end());
  CHECK(std::is_sorted(measured.paths.begin(), measured.paths.end()));
  CHECK(only(rulebook.requirements_of("No statin")).resource_type == "MedicationRequest");
  CHECK_FALSE(rulebook.requirements_of("Nothing of this name"));
}

TEST_CASE("a requirement says whether only orders are read, and not where the record is read too") {
  const auto only_ordered = [](const std::string& when) {
    const auto compilation = compiled(R"(library O version '1'
using FHIR version '4.0.1'
context Patient
define "Old": [MedicationRequest]
rule "R"
  on 'order-sign'
  for ordered [MedicationRequest] New
  )" + when + R"(
  alert 'x'
)");
    return only(compilation.rulebook->requirements_of("R")).only_ordered;
  };
  CHECK(only_ordered(""));
  CHECK(only_ordered("when New.status = 'draft'"));
  CHECK_FALSE(only_ordered("when exists [MedicationRequest]"));
  CHECK_FALSE(only_ordered("when exists \"Old\""));
}

TEST_CASE("a retrieve by a concept requires each of its codes") {
  const auto compilation = compiled();
  CHECK(only(compilation.rulebook->requirements_of("Measured either")).codes == Names{"urn:s|1", "urn:s|2"});
}

TEST_CASE("all requirements are those of every node, each once") {
  const auto compilation = compiled();
  const auto all = compilation.rulebook->requirements();
  CHECK(std::count_if(all.begin(), all.end(), [](const auto& r) { return r.resource_type == "Observation"; }) == 2);
  CHECK(std::count_if(all.begin(), all.end(), [](const auto& r) { return r.resource_type == "MedicationRequest"; }) ==
        1);
}

TEST_CASE("impact names the dependents, nearest first") {
  const auto compilation = compiled();
  const auto impact = compilation.rulebook->impact("Statins");
  REQUIRE(impact);
  CHECK(*impact == Names{"definition \"Takes a statin\"", "rule \"No statin\""});
  CHECK(compilation.rulebook->impact("Helper")->empty());
  CHECK_FALSE(compilation.rulebook->impact("Nothing of this name"));
}

TEST_CASE("the digest is of the text: the same for the same, another for another") {
  const auto first = compiled();
  CHECK(first.rulebook->digest() == compiled().rulebook->digest());
  auto text = std::string(kText);
  text.replace(text.find("@1950"), 5, "@1951");
  CHECK(first.rulebook->digest() != compiled(text).rulebook->digest());
}

TEST_CASE("compiling stops where it is told to, and shows the stages that are asked for") {
  CompileOptions options;
  for (const auto& stage : stages()) {
    options.stop_after = stage.name;
    options.dump = {std::string(stage.name)};
    const auto compilation = compiled(kText, options);
    const bool is_last = stage.name == stages().back().name;
    CHECK_MESSAGE((compilation.rulebook != nullptr) == is_last, stage.name);
    REQUIRE_MESSAGE(compilation.dumps.size() == 1, stage.name);
    CHECK(compilation.dumps[0].first == stage.name);
    CHECK_MESSAGE(!compilation.dumps[0].second.empty(), stage.name);
  }
}

TEST_CASE("what has an error is left out, the rest is kept") {
  const auto compilation = compiled("library L\ndefine Good: 1\ndefine Bad: 1 + 'a'\n");
  CHECK(compilation.has_errors());
  REQUIRE(compilation.rulebook);
  CHECK(compilation.diagnostics.size() == 1);
  CHECK(std::any_of(compilation.rulebook->definitions().begin(), compilation.rulebook->definitions().end(),
                    [](const auto& d) { return d.name == "Good"; }));
}

TEST_CASE("every code of the catalogue is described, and no other") {
  const auto codes = all_codes();
  CHECK(std::set<std::string_view>(codes.begin(), codes.end()).size() == codes.size());
  for (const auto code : codes) {
    const auto description = describe_code(code);
    REQUIRE_MESSAGE(description, code);
    CHECK(description->code == code);
    CHECK_FALSE(description->message.empty());
  }
  CHECK_FALSE(describe_code("VGL9999"));
  CHECK_FALSE(describe_code(""));
}

TEST_CASE("tables are declared with their columns, also where other declarations are wrong") {
  const auto tables = declared_tables({{"a.vigil", "define X: Unknown\ntable \"T\" { a Code, n Integer }\n"}});
  REQUIRE(tables.size() == 1);
  CHECK(tables[0].first == "T");
  REQUIRE(tables[0].second.size() == 2);
  CHECK(tables[0].second[0].name == "a");
  CHECK(tables[0].second[0].type == ColumnType::kCode);
  CHECK(tables[0].second[1].type == ColumnType::kInteger);
}

TEST_CASE("a snapshot that was read by the plan of another rulebook is refused") {
  constexpr Temporal kNow{2026, 6, 1, 12, 0, 0, Precision::kMillisecond, 0, 0};
  const auto one = compiled();
  const auto other = compiled("define X: [Observation] O return O.status\n");
  REQUIRE(one.rulebook);
  REQUIRE(other.rulebook);
  const Timeline nobody(other.rulebook->read_plan(), other.rulebook->knowledge());
  DiagnosticSink sink;
  const auto snapshot = nobody.at(to_instant(kNow), sink);
  Trigger trigger;
  trigger.hook = "patient-view";
  CHECK_THROWS_AS(evaluate(*one.rulebook, snapshot, trigger, {}, kNow), std::invalid_argument);
  const Timeline own(one.rulebook->read_plan(), one.rulebook->knowledge());
  CHECK(evaluate(*one.rulebook, own.at(to_instant(kNow), sink), trigger, {}, kNow).results.size() == 1);
}
