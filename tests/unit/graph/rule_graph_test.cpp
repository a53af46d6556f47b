// SPDX-License-Identifier: Apache-2.0
// Who depends on whom: nodes, reach, impact, order and cycles.
#include <doctest/doctest.h>

#include <algorithm>

#include "graph/rule_graph.h"
#include "support/checked.h"

using namespace vigil;

namespace {

constexpr const char* kStatins = R"(library Statins
using FHIR version '4.0.1'
valueset "Statin drugs": 'urn:vs:statins'
parameter "Limit" Integer default 40
context Patient
define function isOver(age Integer): age > "Limit"
define "Takes a statin": exists [MedicationRequest: "Statin drugs"]
define "Old": isOver(AgeInYears())
define "Apart": 1
rule "No statin"
  on 'patient-view'
  when "Old" and not "Takes a statin"
  alert 'no statin'
)";

struct Graph {
  test::Checked checked;
  RuleGraph graph;

  explicit Graph(const std::vector<std::string>& texts) : checked(test::check_texts(texts)) {
    graph = build_graph(checked.module);
  }
  uint32_t node(std::string_view name) const {
    const auto found = graph.find(name);
    REQUIRE(found.size() == 1);
    return found[0];
  }
  std::vector<std::string> names(const std::vector<uint32_t>& nodes) const {
    std::vector<std::string> all;
    for (const auto node : nodes) all.push_back(graph.nodes()[node].name);
    return all;
  }
};

std::vector<std::string> sorted(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("an edge goes to each thing a body names, once") {
  const Graph g({kStatins});
  REQUIRE(g.checked.codes.empty());
  CHECK(sorted(g.names(g.graph.dependencies(g.node("Takes a statin")))) == Names{"MedicationRequest", "Statin drugs"});
  CHECK(g.names(g.graph.dependencies(g.node("isOver"))) == Names{"Limit"});
  CHECK(sorted(g.names(g.graph.dependencies(g.node("Old")))) == Names{"Patient", "isOver"});
  CHECK(sorted(g.names(g.graph.dependencies(g.node("No statin")))) == Names{"Old", "Takes a statin"});
  CHECK(g.graph.dependencies(g.node("Apart")).empty());
}

TEST_CASE("what a node reaches comes nearest first, itself before all") {
  const Graph g({kStatins});
  const auto reached = g.names(g.graph.reachable(g.node("No statin")));
  REQUIRE(reached.size() == 8);
  CHECK(reached[0] == "No statin");
  CHECK(sorted({reached.begin() + 1, reached.begin() + 3}) == Names{"Old", "Takes a statin"});
  CHECK(reached.back() == "Limit");
  CHECK(std::find(reached.begin(), reached.end(), "Apart") == reached.end());
}

TEST_CASE("impact is who depends on it, through definitions, without itself") {
  const Graph g({kStatins});
  CHECK(g.names(g.graph.impact({g.node("Statin drugs")})) == Names{"Takes a statin", "No statin"});
  CHECK(g.names(g.graph.impact({g.node("Limit")})) == Names{"isOver", "Old", "No statin"});
  CHECK(g.names(g.graph.impact({g.node("Limit"), g.node("isOver")})) == Names{"Old", "No statin"});
  CHECK(g.graph.impact({g.node("No statin")}).empty());
}

TEST_CASE("the order has every node once, after all it depends on") {
  const Graph g({kStatins});
  const auto& order = g.graph.order();
  REQUIRE(order.size() == g.graph.nodes().size());
  std::vector<bool> seen(order.size(), false);
  for (const auto node : order) {
    CHECK_FALSE(seen[node]);
    for (const auto needed : g.graph.dependencies(node)) CHECK(seen[needed]);
    seen[node] = true;
  }
  CHECK(g.graph.cycle().empty());
}

TEST_CASE("the members of a cycle are named, also of one that is a node alone") {
  typed::Module module;
  const auto uses = [&](uint32_t definition) {
    module.expressions.push_back({typed::Op::kDefinition, model::kAny, {}, {}, definition, 0});
    return typed::ExprId{static_cast<uint32_t>(module.expressions.size() - 1)};
  };
  const auto define = [&](const char* name, uint32_t used) {
    typed::Definition d;
    d.library = "L";
    d.name = name;
    d.body = uses(used);
    module.definitions.push_back(d);
  };
  define("a", 1);
  define("b", 0);
  define("self", 2);
  define("uses a", 0);
  const auto graph = build_graph(module);
  Names names;
  for (const auto node : graph.cycle()) names.push_back(graph.nodes()[node].name);
  CHECK(sorted(names) == Names{"a", "b", "self"});
  CHECK(graph.order().size() == 4);
}

TEST_CASE("a name is found with its library and without; one name in two libraries is two nodes") {
  const Graph g({"library A\ndefine public X: 1\n", "library B\ninclude A\ndefine X: A.X\n"});
  CHECK(g.graph.find("X").size() == 2);
  REQUIRE(g.graph.find("B.X").size() == 1);
  CHECK(g.graph.dependencies(g.node("B.X")) == g.graph.find("A.X"));
  CHECK(g.graph.find("C.X").empty());
  CHECK(g.graph.find("").empty());
  CHECK_FALSE(g.graph.find(NodeKind::kRule, 0));
  REQUIRE(g.graph.find(NodeKind::kDefinition, 1));
  CHECK(g.graph.nodes()[*g.graph.find(NodeKind::kDefinition, 1)].kind == NodeKind::kDefinition);
}

TEST_CASE("a value set that two libraries declare is one node") {
  const std::string body = "using FHIR version '4.0.1'\nvalueset \"V\": 'urn:vs:v'\ncontext Patient\n";
  const Graph g({"library A\n" + body + "define \"In A\": [Observation: \"V\"]\n",
                 "library B\n" + body + "define \"In B\": [Condition: \"V\"]\n"});
  REQUIRE(g.checked.codes.empty());
  CHECK(sorted(g.names(g.graph.impact({g.node("V")}))) == Names{"In A", "In B"});
}

TEST_CASE("names with quotes stay one string in DOT and JSON") {
  const Graph g({"library A\ndefine \"say \\\"hi\\\"\": 1\n"});
  CHECK(g.graph.to_dot().find(R"([label="say \"hi\"", shape=box])") != std::string::npos);
  CHECK(g.graph.to_json().find(R"("name": "say \"hi\"")") != std::string::npos);
}
