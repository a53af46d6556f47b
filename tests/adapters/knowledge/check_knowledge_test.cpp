// SPDX-License-Identifier: Apache-2.0
// What is wrong in a knowledge base, and what is known of a concept: one small base, a mistake at a time.
#include "knowledge/check_knowledge.h"
#include "adapters/knowledge/knowledge_files.h"
#include "knowledge/look_up_concept.h"

using namespace vigil;

namespace {

constexpr std::string_view kManifest = R"({"name": "K", "version": "1", "tables": [
{"name": "D", "role": "drug", "file": "d.csv", "source": "s", "licence": "l", "columns": [{"name": "rxcui", "type": "Code"}, {"name": "name", "type": "String"}]},
{"name": "I", "role": "ingredient", "file": "i.csv", "source": "s", "licence": "l", "columns": [{"name": "drug", "type": "Code"}, {"name": "ingredient", "type": "Code"}]},
{"name": "C", "role": "class", "file": "c.csv", "source": "s", "licence": "l", "columns": [{"name": "ingredient", "type": "Code"}, {"name": "class", "type": "Code"}]},
{"name": "N", "file": "n.csv", "source": "s", "licence": "l", "columns": [{"name": "class", "type": "Code"}, {"name": "name", "type": "String"}]},
{"name": "G", "role": "cross-reactivity", "file": "g.csv", "source": "s", "licence": "l", "columns": [{"name": "group", "type": "String"}, {"name": "level", "type": "String"}, {"name": "ingredient", "type": "Code"}]},
{"name": "P", "file": "p.csv", "source": "s", "licence": "l", "columns": [{"name": "a", "type": "Code"}, {"name": "b", "type": "Code"}, {"name": "tier", "type": "String"}]}]})";

/// A base without mistake: two products, two ingredients, a class, a group and a pair.
class Base {
 public:
  Base() {
    files.write("manifest.json", kManifest);
    files.write("d.csv", "rxcui,name\n1,Warfarin\n2,Aspirin\n10,Warfarin tablet\n20,Aspirin tablet\n");
    files.write("i.csv", "drug,ingredient\n10,1\n20,2\n");
    files.write("c.csv", "ingredient,class\n1,urn:c|anticoagulant\n");
    files.write("n.csv", "class,name\nurn:c|anticoagulant,Anticoagulants\n");
    files.write("g.csv", "group,level,ingredient\ng,class,1\ng,class,2\n");
    files.write("p.csv", "a,b,tier\n1,2,passive\n");
  }
  std::string findings(std::string_view file = {}, std::string_view text = {}) const {
    if (!file.empty()) files.write(file, text);
    DiagnosticSink sink;
    const auto inventory = take_inventory(files.root(), sink);
    check_knowledge(inventory, sink);
    return Loaded{inventory.knowledge, sink.take()}.told(files);
  }

  KnowledgeFiles files;
};

}  // namespace

TEST_CASE("a knowledge base without mistake has no finding") { CHECK(Base().findings() == ""); }

TEST_CASE("VGL1111: a code that nothing defines") {
  CHECK(Base().findings("i.csv", "drug,ingredient\n10,1\n20,2\n10,999\n") ==
        "VGL1111 i.csv:4: nothing defines `http://www.nlm.nih.gov/research/umls/rxnorm|999` of column `ingredient`\n");
  CHECK(Base().findings("c.csv", "ingredient,class\n1,urn:c|nticoagulant\n") ==
        "VGL1111 c.csv:2: nothing defines `urn:c|nticoagulant` of column `class`\n");
}

TEST_CASE("VGL1113: a product in the place of an ingredient") {
  CHECK(Base().findings("p.csv", "a,b,tier\n10,2,passive\n10,1,passive\n") ==
        "VGL1113 p.csv:2: no drug has `Warfarin tablet` as ingredient, so that its pairs never match\n");
}

TEST_CASE("VGL1114, VGL1116: a pair twice, in either order") {
  CHECK(
      Base().findings("p.csv", "a,b,tier\n1,2,passive\n2,1,interruptive\n") ==
      "VGL1114 p.csv:3: the pair `Aspirin` and `Warfarin` has the tier `interruptive` here and `passive` in line 2\n");
  CHECK(Base().findings("p.csv", "a,b,tier\n1,2,passive\n2,1,passive\n") ==
        "VGL1116 p.csv:3: the row says the same as line 2\n");
}

TEST_CASE("VGL1117: an ingredient that is its own class") {
  CHECK(Base().findings("c.csv", "ingredient,class\n1,1\n") == "VGL1117 c.csv:2: `1` is given as its own class\n");
}

TEST_CASE("VGL1118: a class of one; a side chain that no other drug has is a fact") {
  CHECK(Base().findings("g.csv", "group,level,ingredient\ng,class,1\n") ==
        "VGL1118 g.csv:2: group `g` has one member\n");
  CHECK(Base().findings("g.csv", "group,level,ingredient\ng,side-chain,1\n") == "");
}

TEST_CASE("VGL1112, VGL1115: an empty value set of unknown origin") {
  const KnowledgeFiles files;
  files.write("v.json", R"({"resourceType": "ValueSet", "url": "urn:v", "expansion": {"total": 0}})");
  DiagnosticSink sink;
  const auto inventory = take_inventory(files.root(), sink);
  check_knowledge(inventory, sink);
  CHECK(Loaded{inventory.knowledge, sink.take()}.told(files) ==
        "VGL1115 v.json:1: value set `urn:v` states no source\n"
        "VGL1115 v.json:1: value set `urn:v` states no licence\n"
        "VGL1112 v.json:1: value set `urn:v` has no members\n");
}

TEST_CASE("a value set is found by URL, with its version or without, and by name") {
  const KnowledgeFiles files;
  const auto write = [&](const std::string& version, const std::string& name) {
    files.write(version + ".json", R"({"resourceType": "ValueSet", "url": "urn:v", "version": ")" + version +
                                       R"(", "name": ")" + name +
                                       R"(", "expansion": {"contains": [{"system": "urn:s", "code": "a"}]}})");
  };
  write("1", "Opioids");
  write("2", "Strong opioids");
  DiagnosticSink sink;
  const auto inventory = take_inventory(files.root(), sink);
  const KnowledgeBase& knowledge = *inventory.knowledge;
  REQUIRE(knowledge.value_set_count() == 2);
  CHECK(find_value_sets(knowledge, "urn:v").size() == 2);
  const auto second = find_value_sets(knowledge, "urn:v|2");
  REQUIRE(second.size() == 1);
  CHECK(knowledge.value_set(second[0]).version == "2");
  CHECK(find_value_sets(knowledge, " strong OPIOIDS ") == second);
  CHECK(find_value_sets(knowledge, "urn:v|3").empty());
  CHECK(find_value_sets(knowledge, "").empty());
  CHECK(std::ranges::count(known_names(knowledge), "Opioids") == 1);
}

TEST_CASE("a concept is found by code, by system and code, and by name; a product has its ingredient's pairs") {
  const Base base;
  DiagnosticSink sink;
  const auto inventory = take_inventory(base.files.root(), sink);
  const KnowledgeBase& knowledge = *inventory.knowledge;
  const auto found = find_concepts(knowledge, "WARFARIN tablet");
  REQUIRE(found.size() == 1);
  CHECK(find_concepts(knowledge, "10") == found);
  CHECK(find_concepts(knowledge, std::string(kDefaultCodeSystem) + "|10") == found);
  CHECK(find_concepts(knowledge, "urn:other|10").empty());
  CHECK(find_concepts(knowledge, "warfarn").empty());
  const auto report = describe_concept(knowledge, found[0]);
  CHECK(report.of(Relation::kIngredient) == find_concepts(knowledge, "1"));
  CHECK(report.of(Relation::kDrugClass) == find_concepts(knowledge, "anticoagulant"));
  CHECK(report.of(Relation::kCrossReactiveGroup).size() == 1);
  REQUIRE(report.pairs.size() == 1);
  CHECK(report.pairs[0].pairs == 1);
  CHECK(report.pairs[0].tiers.at("passive") == 1);
}
