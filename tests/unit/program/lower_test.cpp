// SPDX-License-Identifier: Apache-2.0
// Module to program: tables of the knowledge base, what is missing there, the read plan; and the verifier.
#include <doctest/doctest.h>

#include <algorithm>

#include "unit/program/lowered.h"

using namespace vigil;
using test::Lowered;
using test::lowered_x;

namespace {

const char* const kRule = R"(
rule "R"
  on 'order-sign'
  for ordered [MedicationRequest] O, "Pairs" P
  when P.a in codes(O)
  unless O.status = 'cancelled' because 'cancelled'
  tier passive when P.rank = 1
  tier interruptive
  alert '{P.note}'
)";

std::string with_rule() { return std::string(test::kDeclarations) + kRule; }

/// JSON members kept of a type.
std::vector<std::string> kept(const Program& program, std::string_view type) {
  std::vector<std::string> names;
  if (const auto* plan = program.read_plan.type(model::find_type(type)))
    for (const auto& element : plan->elements) names.emplace_back(element.json_name);
  std::sort(names.begin(), names.end());
  return names;
}

bool keeps(const Program& program, std::string_view type, std::string_view name) {
  const auto names = kept(program, type);
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

TEST_CASE("a symmetric table has each row in both directions, its columns by name") {
  const Lowered lowered{std::string(test::kDeclarations)};
  const auto& table = lowered.program->tables.at(0);
  REQUIRE(table.resolved);
  CHECK(table.columns == std::vector<std::string>{"a", "b", "note", "rank", "weight"});
  REQUIRE(table.rows.size() == 6);
  for (size_t row = 0; row < 6; row += 2) {
    const auto* there = table.rows[row];
    const auto* back = table.rows[row + 1];
    CHECK(same_key_value(there->slots[0], back->slots[1]));
    CHECK(same_key_value(there->slots[1], back->slots[0]));
    CHECK(there->slots[2].string() == back->slots[2].string());
  }
}

TEST_CASE("a rule on a table that the knowledge base does not hold is left out, with the reason") {
  DiagnosticSink sink;
  const Lowered lowered(with_rule(), KnowledgeBaseBuilder().build(sink));
  CHECK(std::count(lowered.codes.begin(), lowered.codes.end(), "VGL0503") > 0);
  REQUIRE(lowered.program->rules.size() == 1);
  CHECK(lowered.program->rules[0].failed);
  CHECK(verify(*lowered.program).empty());
}

TEST_CASE("columns that are missing or of another type are told apart") {
  const auto table = [](const char* columns) {
    return Lowered(std::string("table \"Pairs\" { ") + columns + " }\n").codes;
  };
  CHECK(table("a Code, note String").empty());
  CHECK(table("a Code, remark String") == std::vector<std::string>{"VGL0504"});
  CHECK(table("a String") == std::vector<std::string>{"VGL0505"});
}

TEST_CASE("the read plan keeps what the rules read and nothing else") {
  const Lowered lowered(with_rule());
  REQUIRE(lowered.codes.empty());
  const auto& program = *lowered.program;
  CHECK(program.read_plan.resource("MedicationRequest") != nullptr);
  CHECK(program.read_plan.resource("Observation") == nullptr);
  CHECK(keeps(program, "MedicationRequest", "status"));
  CHECK(keeps(program, "MedicationRequest", "medicationCodeableConcept"));
  CHECK(keeps(program, "MedicationRequest", "medicationReference"));
  CHECK_FALSE(keeps(program, "MedicationRequest", "note"));
  CHECK(keeps(program, "Coding", "code"));
}

TEST_CASE("the types of one choice share a slot; other elements have their own") {
  const auto lowered = lowered_x("[Observation] O return Tuple { v: O.value, s: O.status }");
  const auto* plan = lowered.program->read_plan.type(model::find_type("Observation"));
  REQUIRE(plan != nullptr);
  const auto slot_of = [&](std::string_view name) {
    const auto at = std::find_if(plan->elements.begin(), plan->elements.end(),
                                 [&](const auto& element) { return element.json_name == name; });
    REQUIRE(at != plan->elements.end());
    return at->slot;
  };
  CHECK(slot_of("valueQuantity") == slot_of("valueString"));
  CHECK(slot_of("valueQuantity") != slot_of("status"));
  for (const auto& element : plan->elements) CHECK(element.slot < plan->slot_count);
}

TEST_CASE("a definition's own value is read only when it will be shown") {
  const std::string text = std::string(test::kDeclarations) + "define X: [Observation] O return all O.code\n";
  CHECK_FALSE(keeps(*Lowered(text).program, "Coding", "display"));
  CHECK(keeps(*Lowered(text, test::knowledge(), {.observe_definitions = true}).program, "Coding", "display"));
}

TEST_CASE("operands come before what uses them") {
  const Lowered lowered(with_rule());
  const auto& program = *lowered.program;
  REQUIRE(verify(program).empty());
  for (uint32_t i = 1; i < program.instructions.size(); ++i)
    for (uint32_t o = 0; o < program.instructions[i].operand_count; ++o)
      CHECK(program.operand(program.instructions[i], o).value < i);
}

TEST_CASE("the verifier finds each index that is wrong") {
  const auto broken = [](auto&& breaks) {
    Lowered lowered(with_rule() + "define X: 1 + 2\n");
    REQUIRE(verify(*lowered.program).empty());
    breaks(*lowered.program);
    return !verify(*lowered.program).empty();
  };
  const InstructionId nowhere{1'000'000};
  CHECK(broken([](Program& p) { p.spans.pop_back(); }));
  CHECK(broken([](Program& p) { p.operands.back() = static_cast<uint32_t>(p.instructions.size()) - 1; }));
  CHECK(broken([](Program& p) { p.operands.back() = 0; }));
  CHECK(broken([](Program& p) { p.instructions.back().first_operand = UINT32_MAX; }));
  CHECK(broken([](Program& p) { p.constants.clear(); }));
  CHECK(broken([](Program& p) { p.retrieves.clear(); }));
  CHECK(broken([](Program& p) { p.tables.clear(); }));
  CHECK(broken([](Program& p) { p.table_indexes.clear(); }));
  CHECK(broken([&](Program& p) { p.definitions.back().body = nowhere; }));
  CHECK(broken([](Program& p) { p.definitions.pop_back(); }));
  CHECK(broken([&](Program& p) { p.retrieves.back().terminology = nowhere; }));
  CHECK(broken([&](Program& p) { p.rules[0].rows.sources[0].value = nowhere; }));
  CHECK(broken([](Program& p) { p.rules[0].rows.sources[0].probe = 5; }));
  CHECK(broken([&](Program& p) { p.rules[0].unless[0].condition = nowhere; }));
  CHECK(broken([&](Program& p) { p.rules[0].tiers[0].when = nowhere; }));
  CHECK(broken([&](Program& p) { p.rules[0].alerts[0].text = nowhere; }));
  CHECK(broken([&](Program& p) { p.rules[0].active_to = nowhere; }));
}
