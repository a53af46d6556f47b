// SPDX-License-Identifier: Apache-2.0
// JSON checked whole, and found by name.
#include "cds-hooks/protocol/json_document.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "cds-hooks/protocol/repeated_names.h"

using vigil::hooks::JsonDocument;
using vigil::hooks::JsonKind;

namespace {

std::string problem_with(const std::string& text) {
  JsonDocument document;
  return document.read(text);
}

}  // namespace

TEST_CASE("point 4: what is no JSON is refused, comments and trailing commas too") {
  for (const char* good : {"{}", "[]", "1", "-0.5e+3", "\"a\"", "null", " { \"a\" : [ true , false , null , { } ] } ",
                           "{\"a\":\"\\u00e9\\n\\ud83d\\ude00\"}", "[[[]]]", "0", "{\"a\":{},\"b\":[]}"}) {
    INFO(good);
    CHECK(problem_with(good) == "");
  }
  for (const char* bad : {"",
                          " ",
                          "{",
                          "}",
                          "[1,]",
                          "{\"a\":1,}",
                          "{\"a\" 1}",
                          "{a:1}",
                          "{\"a\":}",
                          "{,}",
                          "[,]",
                          "[1 2]",
                          "{}{}",
                          "1 2",
                          "// c\n{}",
                          "{/* c */}",
                          "{\"a\":1 // c\n}",
                          "01",
                          "1.",
                          ".5",
                          "+1",
                          "1e",
                          "-",
                          "tru",
                          "nul",
                          "True",
                          "NaN",
                          "'a'",
                          "\"a",
                          "\"\\x\"",
                          "\"\\u12\"",
                          "\"\\ud800\"",
                          "\"a\"x",
                          "[\"a\"x]",
                          "{\"a\"x:1}",
                          "[1]x",
                          "{\"a\":\"b\"x}",
                          "\"a\nb\"",
                          "\xff",
                          "{\"a\":1]",
                          "[1}",
                          "{\"a\":1 \"b\":2}",
                          "{1:2}",
                          "[1,2",
                          "{\"a\""}) {
    INFO(bad);
    CHECK(problem_with(bad) != "");
  }
}

TEST_CASE("point 6: a byte order mark is passed over") { CHECK(problem_with("\xEF\xBB\xBF{\"a\":1}") == ""); }

TEST_CASE("nesting has a limit") {
  CHECK(problem_with(std::string(64, '[') + std::string(64, ']')) == "");
  CHECK(problem_with(std::string(65, '[') + std::string(65, ']')).find("nested more than 64") != std::string::npos);
  CHECK(problem_with(std::string(100000, '[')) != "");
}

TEST_CASE("values are found by name, with their text") {
  const std::string text = R"({"a":{"b":[1,"x\ty",{}]},"n":-12,"f":1.5,"z":null, "k\u00e9y" : true})";
  JsonDocument document;
  REQUIRE(document.read(text) == "");
  const auto root = document.root();
  CHECK(root.find("a")->raw() == R"({"b":[1,"x\ty",{}]})");
  CHECK(root.find("a")->find("b")->is(JsonKind::kArray));
  CHECK(root.find("n")->integer() == -12);
  CHECK(!root.find("f")->integer());
  CHECK(root.find("f")->raw() == "1.5");
  CHECK(root.find("z")->is_null());
  CHECK(!root.find("q"));
  CHECK(!root.find("n")->find("q"));
  std::vector<std::string> keys;
  root.for_each_member([&](std::string_view key, const auto&) { keys.emplace_back(key); });
  CHECK(keys == std::vector<std::string>{"a", "n", "f", "z", "kéy"});
  std::vector<std::string> elements;
  root.find("a")->find("b")->for_each_element(
      [&](uint32_t, const auto& node) { elements.push_back(node.string().value_or("-")); });
  CHECK(elements == std::vector<std::string>{"-", "x\ty", "-"});
  CHECK(document.root().find("a")->find("b")->raw() == R"([1,"x\ty",{}])");
}

TEST_CASE("a name may be written with escapes: it is found all the same") {
  const std::string text = R"({"\u0065ntry":[1],"a\nb":"c"})";
  JsonDocument document;
  REQUIRE(document.read(text) == "");
  CHECK(document.root().find("entry")->raw() == "[1]");
  CHECK(document.root().find_each(std::array<std::string_view, 2>{"a\nb", "entry"})[1]->raw() == "[1]");
}

TEST_CASE("a name that stands twice in one object is told, with its path") {
  const auto repeated = [](const std::string& text) {
    JsonDocument document;
    REQUIRE(document.read(text) == "");
    return vigil::hooks::find_repeated_name_within(document.root(), "").value_or("-");
  };
  CHECK(repeated(R"({"a":1,"a":1})") == "a");
  CHECK(repeated(R"({"a":{"b":[{},{"status":1,"x":{"status":2}, "status" : 3}]}})") == "a.b[1].status");
  CHECK(repeated(R"({"a":1,"\u0061":2})") == "a");  // the same name in other letters
  CHECK(repeated(R"({"b":[{"c":{"":1,"":2}}]})") == "b[0].c.");
  CHECK(repeated("{\"" + std::string(1000, 'x') + "\":1,\"" + std::string(1000, 'x') + "\":1}") ==
        std::string(64, 'x'));
  // In other objects, in other letters' case, or as a value it is another.
  for (const char* good : {R"({"a":1,"b":{"a":2,"c":{"a":3}},"c":[{"a":1},{"a":1}]})", R"({"a":1,"A":2,"aa":3})",
                           R"(["a","a"])", R"({"a":"b","b":"a"})", R"({"a\u0000":1,"a":2})"})
    CHECK(repeated(good) == "-");
}

TEST_CASE("it agrees with another reader on mutated texts") {
  const std::string good =
      R"({"hook":"order-sign","n":[1,-2.5e3,true,null,"a\"b\\\u00e9"],"o":{"x":{},"y":[]},"s":"text , : ] }"})";
  std::mt19937 random(7);
  const std::string letters = "{}[],:\"\\ntrue0123.-eE /x\n";
  int accepted = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text = good;
    for (int edits = 1 + static_cast<int>(random() % 2); edits > 0; --edits) {
      const size_t at = random() % text.size();
      if (random() % 3 == 0)
        text.erase(at, 1);
      else if (random() % 2 == 0)
        text[at] = letters[random() % letters.size()];
      else
        text.insert(at, 1, letters[random() % letters.size()]);
    }
    const bool ours = problem_with(text).empty();
    INFO(text);
    CHECK(ours == nlohmann::json::accept(text));
    accepted += ours ? 1 : 0;
  }
  CHECK(accepted > 500);
}
