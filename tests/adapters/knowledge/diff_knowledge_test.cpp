// SPDX-License-Identifier: Apache-2.0
// Differences between knowledge bases, as a reader sees them.
#include "knowledge/diff_knowledge.h"

#include "knowledge_files.h"

using namespace vigil;

namespace {

constexpr std::string_view kManifest = R"({"name":"Test","tables":[
  {"name":"Drugs","role":"drug","file":"drugs.csv","columns":[{"name":"rxcui","type":"Code"},{"name":"name","type":"String"}]},
  {"name":"Ingredients","role":"ingredient","file":"ingredients.csv",
   "columns":[{"name":"drug","type":"Code"},{"name":"ingredient","type":"Code"}]},
  {"name":"Interactions","file":"pairs.csv","columns":[{"name":"a","type":"Code"},{"name":"b","type":"Code"},
   {"name":"tier","type":"String"},{"name":"effect","type":"String"}]},
  {"name":"Limits","file":"limits.csv","columns":[{"name":"drug","type":"Code"},{"name":"amount","type":"Decimal"}]}],
  "value_sets":"sets.csv"})";

struct Base {
  std::string drugs = "rxcui,name\n1,Warfarin\n2,Ibuprofen\n3,Brufen\n";
  std::string ingredients = "drug,ingredient\n1,1\n2,2\n3,2\n";
  std::string pairs = "a,b,tier,effect\n1,2,interruptive,Bleeding\n";
  std::string limits = "drug,amount\n2,3200\n";
  std::string sets = "url,system,code\nurn:nsaids,http://www.nlm.nih.gov/research/umls/rxnorm,2\n";

  KnowledgeInventory load(KnowledgeFiles& files) const {
    files.write("manifest.json", kManifest);
    files.write("drugs.csv", drugs);
    files.write("ingredients.csv", ingredients);
    files.write("pairs.csv", pairs);
    files.write("limits.csv", limits);
    files.write("sets.csv", sets);
    DiagnosticSink sink;
    auto inventory = take_inventory(files.root(), sink);
    for (const auto& each : sink.all()) FAIL(each.message);
    return inventory;
  }
};

std::vector<std::string> changes(const Base& before, const Base& after) {
  KnowledgeFiles old_files, new_files;
  std::vector<std::string> lines;
  for (const auto& each : diff_knowledge(before.load(old_files), after.load(new_files)))
    lines.push_back(each.area + " | " + each.subject + " | " + each.before + " | " + each.after);
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("the same knowledge in another order is no change") {
  Base other;
  other.drugs = "rxcui,name\n3,Brufen\n2,Ibuprofen\n1,Warfarin\n";
  other.pairs = "a,b,tier,effect\n2,1,interruptive,Bleeding\n";
  CHECK(changes({}, other).empty());
}

TEST_CASE("a tier that changed, and a wording that did") {
  Base other;
  other.pairs = "a,b,tier,effect\n1,2,passive,Bleeding\n";
  CHECK(changes({}, other) == Lines{"Interactions | Warfarin (1) with Ibuprofen (2) | interruptive | passive"});
  other.pairs = "a,b,tier,effect\n1,2,interruptive,Bleeding from the stomach\n";
  CHECK(changes({}, other) == Lines{"Interactions, wording | Warfarin (1) with Ibuprofen (2) | effect: Bleeding | "
                                    "effect: Bleeding from the stomach"});
}

TEST_CASE("pairs, drugs, members and rows that come and go") {
  Base other;
  other.pairs = "a,b,tier,effect\n";
  other.drugs = "rxcui,name\n1,Warfarin\n2,Ibuprofen\n3,Brufen Retard\n";
  other.ingredients = "drug,ingredient\n1,1\n2,2\n3,1\n";
  other.limits = "drug,amount\n2,2400\n";
  other.sets += "urn:nsaids,http://www.nlm.nih.gov/research/umls/rxnorm,3\n";
  const auto lines = changes({}, other);
  CHECK(lines == Lines{"drugs | Brufen Retard (3) | Brufen | Brufen Retard",
                       "ingredients | Brufen Retard (3) | Ibuprofen (2) | Warfarin (1)",
                       "value set urn:nsaids | Brufen Retard (3) |  | member", "Interactions | all of it | 1 entry | ",
                       "Limits | drug: http://www.nlm.nih.gov/research/umls/rxnorm|2; amount: 2400.0 |  | row",
                       "Limits | drug: http://www.nlm.nih.gov/research/umls/rxnorm|2; amount: 3200.0 | row | "});
}

TEST_CASE("a table or value set that only one has is told as a whole") {
  Base other;
  other.pairs = "a,b,tier,effect\n";
  other.sets +=
      "urn:new,http://www.nlm.nih.gov/research/umls/rxnorm,2\nurn:new,http://www.nlm.nih.gov/research/umls/rxnorm,3\n";
  CHECK(changes({}, other) ==
        Lines{"value set urn:new | all of it |  | 2 entries", "Interactions | all of it | 1 entry | "});
}
