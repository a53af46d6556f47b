// SPDX-License-Identifier: Apache-2.0
#include "knowledge/json_tree.h"

#include <doctest/doctest.h>

#include <string>

using namespace vigil;

namespace {

/// What parsing told: "CODE place: message", or "ok".
std::string told(std::string text) {
  const TextFile file("f.json", std::move(text));
  DiagnosticSink sink;
  const auto tree = JsonTree::parse(file, sink);
  REQUIRE(tree.has_value() == sink.all().empty());
  if (tree) return "ok";
  return std::string(sink.all()[0].code) + " " + sink.all()[0].place + ": " + sink.all()[0].message;
}

std::string invalid(int line) {
  return "VGL1101 f.json:" + std::to_string(line) + ": `f.json` is no knowledge file: it is not valid JSON";
}

}  // namespace

TEST_CASE("nodes hold text, children and where they stand") {
  const TextFile file("f.json",
                      "\xEF\xBB\xBF{\n  \"a\": [1.50, true, null, \"x\\u00e9\\n\"],\n  \"b\": {\"c\": \"d\"}\n}\n");
  DiagnosticSink sink;
  const auto tree = JsonTree::parse(file, sink);
  REQUIRE(tree);
  const JsonNode& root = tree->root();
  REQUIRE(root.is_object());
  const JsonNode* a = root.find("a");
  REQUIRE((a && a->is_array() && a->count == 4));
  CHECK(a->first[0].text == "1.50");
  CHECK(a->first[0].kind == JsonNode::Kind::kNumber);
  CHECK(a->first[1].text == "true");
  CHECK(a->first[2].kind == JsonNode::Kind::kNull);
  CHECK(a->first[3].text == "x\xC3\xA9\n");
  CHECK(file.line_of(a->offset) == 2);
  REQUIRE(root.find("b"));
  CHECK(root.find("b")->string("c") == "d");
  CHECK(file.line_of(root.find("b")->find("c")->offset) == 3);
  CHECK(file.line_of(a->offset) == 2);
  CHECK(root.find("z") == nullptr);
  CHECK(root.string("a").empty());
  CHECK(a->find("x") == nullptr);
}

TEST_CASE("what is not JSON is told with its line") {
  CHECK(told("{}") == "ok");
  CHECK(told("[]\n") == "ok");
  CHECK(told("{\n\"a\": tru\n}") == invalid(2));
  CHECK(told("[1,\n2,\n}") == invalid(3));
  CHECK(told("[1] [2]") == invalid(1));
  CHECK(told("\n\n[1]\n]") == invalid(4));
  CHECK(told("[01]") == invalid(1));
  CHECK(told("[nul]") == invalid(1));
  CHECK(told("") == invalid(1));
  CHECK(told("\n{\"a\": \"") == invalid(2));
  CHECK(told("7") == invalid(1));
  CHECK(told("{\n\"a\": \"\xFF\"}") == "VGL1101 f.json:2: `f.json` is no knowledge file: it is not valid UTF-8");
}

TEST_CASE("nesting is bounded") {
  const auto nested = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(told(nested(JsonTree::kDepthLimit)) == "ok");
  CHECK(told(nested(JsonTree::kDepthLimit + 2)) == "VGL1013 f.json: nesting is deeper than the limit of 512");
  CHECK(told(std::string(100000, '[')).starts_with("VGL1"));
}

TEST_CASE("a text cut anywhere is told, and nothing else happens") {
  const std::string text =
      R"({"resourceType":"ValueSet","url":"urn:a","expansion":{"total":1,"contains":[{"code":"\u0041"}]}})";
  for (size_t length = 0; length < text.size(); ++length) CHECK(told(text.substr(0, length)).starts_with("VGL1101"));
  CHECK(told(text) == "ok");
}
