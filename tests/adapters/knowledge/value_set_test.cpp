// SPDX-License-Identifier: Apache-2.0
// Reading and expanding value sets and code systems.
#include "adapters/knowledge/knowledge_files.h"

using namespace vigil;

namespace {

constexpr std::string_view kColours = R"({
  "resourceType": "CodeSystem", "url": "urn:colours", "version": "1", "content": "complete",
  "concept": [
    {"code": "colour", "display": "Colour", "concept": [
      {"code": "red", "concept": [{"code": "crimson"}, {"code": "pink"}]},
      {"code": "blue"}]},
    {"code": "rose", "property": [{"code": "parent", "valueCode": "pink"}, {"code": "subsumedBy", "valueCode": "red"}]}]
})";

std::string value_set(std::string_view url, std::string_view rest) {
  return R"({"resourceType": "ValueSet", "url": ")" + std::string(url) + "\", " + std::string(rest) + "}";
}
std::string composed(std::string_view url, std::string_view include, std::string_view more = "") {
  return value_set(url, "\"compose\": {\"include\": [" + std::string(include) + "]" + std::string(more) + "}");
}
std::string filtered(std::string_view op, std::string_view value) {
  return R"({"system": "urn:colours", "filter": [{"property": "concept", "op": ")" + std::string(op) +
         R"(", "value": ")" + std::string(value) + "\"}]}";
}

/// Loads value sets beside the code system of colours.
Loaded load_with_colours(const KnowledgeFiles& files, std::initializer_list<std::string> value_sets) {
  files.write("colours.json", kColours);
  int number = 0;
  for (const std::string& each : value_sets) files.write("v" + std::to_string(number++) + ".json", each);
  return load_value_sets(files.root());
}

std::string failure(std::string_view include, std::string_view more = "") {
  const KnowledgeFiles files;
  const Loaded loaded = load_with_colours(files, {composed("urn:v", include, more)});
  CHECK_FALSE(loaded.knowledge->find_value_set("urn:v").has_value());
  return loaded.told(files);
}

}  // namespace

TEST_CASE("an expansion: nested entries belong, abstract ones and headings do not") {
  const KnowledgeFiles files;
  files.write("v.json", value_set("urn:v", R"("version": "2", "name": "N", "title": "Title", "expansion": {"contains": [
    {"system": "urn:s", "code": "1", "display": "one", "contains": [{"system": "urn:s", "code": "2"}]},
    {"system": "urn:s", "code": "3", "abstract": true, "contains": [{"system": "urn:s", "code": "4"}]},
    {"display": "heading", "contains": [{"system": "urn:t", "code": "1"}]}]})"));
  const Loaded loaded = load_value_sets(files.root());
  CHECK(loaded.told(files) == "");
  CHECK(loaded.size_of("urn:v|2") == 4);
  CHECK(loaded.in("urn:v", "urn:s", "2"));
  CHECK_FALSE(loaded.in("urn:v", "urn:s", "3"));
  CHECK(loaded.in("urn:v", "urn:t", "1"));
  CHECK(loaded.knowledge->value_set(0).name == "Title");
  CHECK(loaded.knowledge->display(loaded.knowledge->find_concept("urn:s", "1")) == "one");
}

TEST_CASE("VGL1102: an expansion that is a part only, or empty without saying so, is not taken for the whole") {
  const KnowledgeFiles files;
  files.write("a.json",
              value_set("urn:part",
                        "\n\"expansion\": {\"total\": 5, \"contains\": [{\"system\": \"urn:s\", \"code\": \"1\"}]}"));
  files.write("b.json", value_set("urn:empty", R"("expansion": {})"));
  files.write("c.json", value_set("urn:none", R"("status": "draft")"));
  files.write("d.json", value_set("urn:zero", R"("expansion": {"total": 0})"));
  files.write("e.json", value_set("urn:no-system", R"("expansion": {"contains": [{"code": "1"}]})"));
  files.write("f.json", value_set("urn:no-list", R"("expansion": {"contains": {"code": "1"}})"));
  files.write(
      "g.json",
      value_set(
          "urn:fallback",
          R"("expansion": {"total": 5}, "compose": {"include": [{"system": "urn:s", "concept": [{"code": "1"}]}]})"));
  const Loaded loaded = load_value_sets(files.root());
  CHECK(loaded.told(files) ==
        "VGL1102 a.json:2: value set `urn:part` cannot be expanded: its expansion holds 1 of 5 concepts\n"
        "VGL1102 b.json:1: value set `urn:empty` cannot be expanded: its expansion is empty and states no total\n"
        "VGL1102 c.json:1: value set `urn:none` cannot be expanded: it has neither an expansion nor a definition\n"
        "VGL1102 e.json:1: value set `urn:no-system` cannot be expanded: `1` of its expansion has no system\n"
        "VGL1102 f.json:1: value set `urn:no-list` cannot be expanded: its `contains` is no list\n");
  CHECK(loaded.knowledge->value_set_count() == 2);
  CHECK(loaded.size_of("urn:zero") == 0);
  CHECK(loaded.size_of("urn:fallback") == 1);
}

TEST_CASE("compose: listed concepts, excludes, references in any order") {
  const KnowledgeFiles files;
  const Loaded loaded = load_with_colours(
      files,
      {composed("urn:uses", R"({"valueSet": ["urn:listed|2"]}, {"system": "urn:x", "concept": [{"code": "9"}]})"),
       composed("urn:less", R"({"valueSet": ["urn:listed"]})",
                R"(, "exclude": [{"system": "urn:s", "concept": [{"code": "2"}]}])"),
       composed("urn:both", R"({"valueSet": ["urn:listed", "urn:uses"]})"),
       composed("urn:within",
                R"({"system": "urn:s", "concept": [{"code": "1"}, {"code": "7"}], "valueSet": ["urn:listed"]})"),
       value_set(
           "urn:listed",
           R"("version": "2", "compose": {"include": [{"system": "urn:s", "concept": [{"code": "1"}, {"code": "2"}]}]})"),
       value_set("urn:listed",
                 R"("version": "1", "compose": {"include": [{"system": "urn:s", "concept": [{"code": "5"}]}]})")});
  CHECK(loaded.told(files) == "");
  CHECK(loaded.size_of("urn:uses") == 3);
  CHECK(loaded.size_of("urn:less") == 1);
  CHECK(loaded.in("urn:less", "urn:s", "1"));
  CHECK(loaded.size_of("urn:both") == 2);
  CHECK(loaded.size_of("urn:within") == 1);
}

TEST_CASE("compose: filters and whole code systems") {
  const KnowledgeFiles files;
  const Loaded loaded = load_with_colours(
      files, {composed("urn:red", filtered("is-a", "red")), composed("urn:below", filtered("descendent-of", "red")),
              composed("urn:one", filtered("=", "blue")), composed("urn:two", filtered("in", "blue,pink")),
              composed("urn:all", R"({"system": "urn:colours"})"),
              composed("urn:but", R"({"system": "urn:colours", "version": "1"})",
                       ", \"exclude\": [" + filtered("is-a", "red") + "]")});
  CHECK(loaded.told(files) == "");
  CHECK(loaded.size_of("urn:red") == 4);
  CHECK(loaded.in("urn:red", "urn:colours", "rose"));
  CHECK(loaded.size_of("urn:below") == 3);
  CHECK(loaded.size_of("urn:one") == 1);
  CHECK(loaded.size_of("urn:two") == 2);
  CHECK(loaded.size_of("urn:all") == 6);
  CHECK(loaded.size_of("urn:but") == 2);
}

TEST_CASE("a code system gives displays and a hierarchy") {
  const KnowledgeFiles files;
  const Loaded loaded = load_with_colours(files, {});
  const auto& knowledge = *loaded.knowledge;
  const auto id = [&](std::string_view code) { return knowledge.find_concept("urn:colours", code); };
  CHECK(loaded.told(files) == "");
  CHECK(knowledge.display(id("colour")) == "Colour");
  CHECK(knowledge.subsumes(id("colour"), id("crimson")));
  CHECK(knowledge.subsumes(id("red"), id("rose")));
  CHECK(knowledge.subsumes(id("pink"), id("rose")));
  CHECK_FALSE(knowledge.subsumes(id("blue"), id("rose")));
}

TEST_CASE("VGL1102: what cannot be expanded says why") {
  const auto because = [](std::string_view why) {
    return "VGL1102 v0.json:1: value set `urn:v` cannot be expanded: " + std::string(why) + "\n";
  };
  CHECK(failure(R"({"system": "http://snomed.info/sct"})") ==
        because("code system `http://snomed.info/sct` is not loaded"));
  CHECK(failure(R"({"system": "urn:colours", "version": "9"})") ==
        because("code system `urn:colours` version `9` is not loaded"));
  CHECK(failure(filtered("is-a", "green")) ==
        because("filter `concept is-a green`: `green` is no code of `urn:colours`"));
  CHECK(failure(filtered("in", "red,,blue")) ==
        because("filter `concept in red,,blue`: `` is no code of `urn:colours`"));
  CHECK(failure(filtered("regex", "r.*")) == because("filter `concept regex r.*` is not supported"));
  CHECK(failure(R"({"valueSet": ["urn:gone"]})") == because("it refers to `urn:gone`, which is not loaded"));
  CHECK(failure(R"({"valueSet": ["urn:v"]})") == because("it contains itself: urn:v -> urn:v"));
  CHECK(failure("") == because("its definition includes nothing"));
  CHECK(failure(R"({"concept": [{"code": "1"}]})") == because("a concept it lists has no system or no code"));
  CHECK(failure("{}") == because("a part of its definition names neither code system nor value set"));
  CHECK(failure(R"({"system": "urn:colours"})", R"(, "exclude": [{"system": "urn:x"}])") ==
        because("code system `urn:x` is not loaded"));
}

TEST_CASE("VGL1102: value sets that contain each other are both left out, and what needs them") {
  const KnowledgeFiles files;
  const Loaded loaded = load_with_colours(
      files, {composed("urn:a", R"({"valueSet": ["urn:b"]})"), composed("urn:b", R"({"valueSet": ["urn:a"]})"),
              composed("urn:c", R"({"valueSet": ["urn:a"]})")});
  CHECK(loaded.told(files) ==
        "VGL1102 v0.json:1: value set `urn:a` cannot be expanded: it refers to `urn:b`, which cannot be expanded\n"
        "VGL1102 v1.json:1: value set `urn:b` cannot be expanded: it contains itself: urn:a -> urn:b -> urn:a\n"
        "VGL1102 v2.json:1: value set `urn:c` cannot be expanded: it refers to `urn:a`, which cannot be expanded\n");
}

TEST_CASE("a chain of references is followed, within bounds") {
  const auto load_chain = [](int length) {
    std::string bundle = R"({"resourceType": "Bundle", "entry": [)";
    for (int i = 1; i < length; ++i)
      bundle += "{\"resource\": " +
                composed("urn:" + std::to_string(i), R"({"valueSet": ["urn:)" + std::to_string(i + 1) + "\"]}") +
                "},\n";
    bundle += "{\"resource\": " +
              composed("urn:" + std::to_string(length), R"({"system": "urn:s", "concept": [{"code": "1"}]})") + "}]}";
    const KnowledgeFiles files;
    return load_value_sets(files.write("bundle.json", bundle));
  };
  const Loaded most = load_chain(100);
  CHECK(most.diagnostics.empty());
  CHECK(most.size_of("urn:1") == 1);
  const Loaded more = load_chain(5000);
  REQUIRE(!more.diagnostics.empty());
  CHECK(more.diagnostics[99].message ==
        "value set `urn:100` cannot be expanded: it refers to others more than 100 deep");
  CHECK(more.size_of("urn:5000") == 1);
}

TEST_CASE("a fragment's codes are known, but it cannot be enumerated; part-of is no is-a") {
  const KnowledgeFiles files;
  files.write(
      "f.json",
      R"({"resourceType": "CodeSystem", "url": "urn:f", "content": "fragment", "concept": [{"code": "1", "display": "one"}]})");
  files.write("p.json",
              R"({"resourceType": "CodeSystem", "url": "urn:p", "content": "complete", "hierarchyMeaning": "part-of",
    "concept": [{"code": "arm", "concept": [{"code": "hand"}]}]})");
  files.write("v.json", composed("urn:v", R"({"system": "urn:f"})"));
  files.write(
      "w.json",
      composed("urn:w", R"({"system": "urn:p", "filter": [{"property": "concept", "op": "is-a", "value": "arm"}]})"));
  const Loaded loaded = load_value_sets(files.root());
  const auto& knowledge = *loaded.knowledge;
  CHECK(knowledge.display(knowledge.find_concept("urn:f", "1")) == "one");
  CHECK_FALSE(knowledge.subsumes(knowledge.find_concept("urn:p", "arm"), knowledge.find_concept("urn:p", "hand")));
  CHECK(loaded.told(files) ==
        "VGL1102 v.json:1: value set `urn:v` cannot be expanded: code system `urn:f` is not loaded with all its codes\n"
        "VGL1102 w.json:1: value set `urn:w` cannot be expanded: the hierarchy of `urn:p` is no is-a hierarchy\n");
}

TEST_CASE("of two versions of a code system the greater's hierarchy counts") {
  const KnowledgeFiles files;
  files.write(
      "a.json",
      R"({"resourceType": "CodeSystem", "url": "urn:s", "version": "1.9", "content": "complete", "concept": [{"code": "a", "concept": [{"code": "b"}]}]})");
  files.write(
      "b.json",
      R"({"resourceType": "CodeSystem", "url": "urn:s", "version": "1.10", "content": "complete", "concept": [{"code": "b", "concept": [{"code": "a"}]}]})");
  const Loaded loaded = load_value_sets(files.root());
  const auto& knowledge = *loaded.knowledge;
  CHECK(loaded.told(files) == "");
  CHECK(knowledge.subsumes(knowledge.find_concept("urn:s", "b"), knowledge.find_concept("urn:s", "a")));
  CHECK_FALSE(knowledge.subsumes(knowledge.find_concept("urn:s", "a"), knowledge.find_concept("urn:s", "b")));
}

TEST_CASE("a code system's mistakes are told with their lines") {
  const KnowledgeFiles files;
  files.write("c.json", R"({"resourceType": "CodeSystem", "url": "urn:s", "content": "complete", "concept": [
    {"display": "no code"},
    {"code": "a", "property": [{"code": "parent", "valueCode": "gone"}]},
    {"code": "b", "property": [{"code": "child", "valueCode": "c"}]},
    {"code": "c", "concept": [
      {"code": "b"}]}]})");
  files.write("d.json", R"({"resourceType": "CodeSystem", "content": "complete"})");
  CHECK(load_value_sets(files.root()).told(files) ==
        "VGL1108 c.json:2: `concept` is no concept with a code\n"
        "VGL1108 c.json:3: `gone` is no code of `urn:s`\n"
        "VGL1101 d.json:1: `d.json` is no knowledge file: a code system has no url\n"
        "VGL1107 : the hierarchy of `urn:s` has a cycle through `b`\n");
}

TEST_CASE("VGL1105: the same value set twice is told with the second's place") {
  const KnowledgeFiles files;
  const Loaded loaded =
      load_with_colours(files, {composed("urn:a", filtered("=", "red")), composed("urn:a", filtered("=", "blue")),
                                composed("urn:a", filtered("=", "red"))});
  CHECK(loaded.told(files) == "VGL1105 v1.json:1: value set `urn:a` is given twice with different content\n");
  CHECK(loaded.in("urn:a", "urn:colours", "red"));
}
