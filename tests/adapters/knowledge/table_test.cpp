// SPDX-License-Identifier: Apache-2.0
// Knowledge tables, their roles and the manifest.
#include <algorithm>

#include "adapters/knowledge/knowledge_files.h"

using namespace vigil;

namespace {

const std::vector<TableColumn> kTyped = {{"drug", ColumnType::kCode},    {"note", ColumnType::kString},
                                         {"days", ColumnType::kInteger}, {"limit", ColumnType::kDecimal},
                                         {"oral", ColumnType::kBoolean}, {"dose", ColumnType::kQuantity}};

std::string manifest(std::string_view tables, std::string_view rest = "") {
  return "{\"name\": \"K\",\n\"tables\": [" + std::string(tables) + "]" + std::string(rest) + "}";
}
/// A table whose columns are all strings, but for codes: names that end in `!`.
std::string table(std::string_view name, std::string_view role, std::initializer_list<std::string_view> columns) {
  std::string text = "{\"name\": \"" + std::string(name) + "\", \"role\": \"" + std::string(role) + "\", \"file\": \"" +
                     std::string(name) + ".csv\", \"columns\": [";
  for (const std::string_view each : columns) {
    const bool is_code = each.ends_with('!');
    text += std::string(text.back() == '[' ? "" : ", ") + "{\"name\": \"" +
            std::string(each.substr(0, each.size() - is_code)) + "\", \"type\": \"" + (is_code ? "Code" : "String") +
            "\"}";
  }
  return text + "]}";
}

}  // namespace

TEST_CASE("CSV cells become typed values, columns are found by name") {
  const KnowledgeFiles files;
  const Loaded loaded = load_table(kTyped, files.write("t.csv",
                                                       "note,extra, drug ,limit,days,dose,oral\n"
                                                       "\"a, b\",x,11289,2.5,7,5.5 mmol/L,true\n"
                                                       ",x,urn:other|A,,,,\n"
                                                       "n,x,|1191,-0.5,-2147483648,3,false\n"
                                                       "n,x,5,1,0,4 'mg',false\n"));
  CHECK(loaded.told(files) == "");
  const auto& knowledge = *loaded.knowledge;
  const KnowledgeTable* table = knowledge.find_table("T");
  REQUIRE((table && table->row_count() == 4));
  const Value* row = table->row(0).slots;
  CHECK(row[0].code->concept_id == knowledge.find_concept(kDefaultCodeSystem, "11289"));
  CHECK(row[1].string() == "a, b");
  CHECK(row[2].integer == 7);
  CHECK(row[3].decimal == Decimal{250000000, 0});
  CHECK(row[4].is_true());
  CHECK(row[5].quantity->unit == "mmol/L");
  CHECK(row[5].quantity->value == Decimal{550000000, 0});
  CHECK(table->row(1).slots[0].code->system == "urn:other");
  for (size_t i = 1; i < 6; ++i) CHECK(table->row(1).slots[i].is_null());
  CHECK(table->row(2).slots[0].code->system == kDefaultCodeSystem);
  CHECK(table->row(2).slots[0].code->code == "1191");
  CHECK(table->row(2).slots[5].quantity->unit == "1");
  CHECK(table->row(3).slots[5].quantity->unit == "mg");
}

TEST_CASE("VGL0505: a row with a cell that does not fit is told and left out") {
  const KnowledgeFiles files;
  const Loaded loaded = load_table(kTyped, files.write("t.csv",
                                                       "drug,note,days,limit,oral,dose\n"
                                                       "1,,x,,,\n"
                                                       "1,,2147483648,,,\n"
                                                       "1,,,1.2.3,,\n"
                                                       "1,,,,yes,\n"
                                                       "1,,,,,mg 5\n"
                                                       "urn:x|,,,,,\n"
                                                       "1,,1,1,true,1 mg\n"));
  CHECK(loaded.told(files) ==
        "VGL0505 t.csv:2: column `days` of table `T` holds `x`, which is no Integer\n"
        "VGL0505 t.csv:3: column `days` of table `T` holds `2147483648`, which is no Integer\n"
        "VGL0505 t.csv:4: column `limit` of table `T` holds `1.2.3`, which is no Decimal\n"
        "VGL0505 t.csv:5: column `oral` of table `T` holds `yes`, which is no Boolean\n"
        "VGL0505 t.csv:6: column `dose` of table `T` holds `mg 5`, which is no Quantity\n"
        "VGL0505 t.csv:7: column `drug` of table `T` holds `urn:x|`, which is no Code\n");
  CHECK(loaded.knowledge->find_table("T")->row_count() == 1);
}

TEST_CASE("JSON rows are arrays or objects") {
  const KnowledgeFiles files;
  const Loaded loaded = load_table(kTyped, files.write("t.json", R"([["11289", "n", 7, 2.5, true, "5 mg"], ["5"], [],
    {"drug": 1191, "dose": null, "other": 1}, {"note": "x", "days": "3"}, {"limit": 1, "oral": false}])"));
  CHECK(loaded.told(files) == "");
  const KnowledgeTable* table = loaded.knowledge->find_table("T");
  REQUIRE((table && table->row_count() == 6));
  CHECK(table->row(0).slots[3].decimal == Decimal{250000000, 0});
  CHECK(table->row(0).slots[5].quantity->unit == "mg");
  CHECK(table->row(1).slots[1].is_null());
  CHECK(table->row(2).slots[0].is_null());
  CHECK(table->row(3).slots[0].code->code == "1191");
  CHECK(table->row(4).slots[2].integer == 3);
}

TEST_CASE("JSON rows that are wrong are told with their lines") {
  const KnowledgeFiles files;
  const Loaded loaded = load_table(
      {{"a"}, {"b"}},
      files.write("t.json", "[\n[\"1\", \"2\", \"3\"],\n7,\n{\"a\": [1]},\n{\"a\": \"x\", \"bb\": \"y\"}\n]"));
  CHECK(loaded.told(files) ==
        "VGL1103 t.json:2: line 2 has 3 columns, expected 2\n"
        "VGL1110 t.json:3: line 3 cannot be read: a row is neither array nor object\n"
        "VGL1110 t.json:4: line 4 cannot be read: column `a` holds no single value\n"
        "VGL1104 t.json: column `b` is missing\n");
  CHECK(loaded.knowledge->find_table("T")->row_count() == 1);
  CHECK(load_table({{"a"}}, files.write("o.json", "{}")).told(files) ==
        "VGL1101 o.json: `o.json` is no knowledge file: a table is an array of rows\n");
}

TEST_CASE("VGL1104: a table whose columns are not there is not loaded") {
  const KnowledgeFiles files;
  const Loaded loaded = load_table({{"a"}, {"b"}, {"c"}}, files.write("t.csv", "a,d\n1,2\n"));
  CHECK(loaded.told(files) == "VGL1104 t.csv:1: column `b` is missing\nVGL1104 t.csv:1: column `c` is missing\n");
  CHECK(loaded.knowledge->find_table("T") == nullptr);
  CHECK(load_table({{"a"}}, files.write("e.csv", "")).told(files) ==
        "VGL1101 e.csv: `e.csv` is no knowledge file: it is empty\n");
}

TEST_CASE("a manifest's tables tell of drugs") {
  const KnowledgeFiles files;
  files.write("manifest.json", manifest(table("Drugs", "drug", {"rxcui!", "name", "tty", "route"}) + "," +
                                        table("Ingredients", "ingredient", {"drug!", "ingredient!"}) + "," +
                                        table("Classes", "class", {"ingredient!", "class!"})));
  files.write("Drugs.csv", "rxcui,name,tty,route\n855332,warfarin 5 MG Oral Tablet,SCD,oral\n11289,warfarin,IN,\n");
  files.write("Ingredients.csv", "drug,ingredient\n855332,11289\n");
  files.write("Classes.csv", "ingredient,class\n11289,urn:class|anticoagulant\n");
  const Loaded loaded = load_knowledge(files.root());
  CHECK(loaded.told(files) == "");
  const auto& knowledge = *loaded.knowledge;
  const ConceptId tablet = knowledge.find_concept(kDefaultCodeSystem, "855332");
  const ConceptId warfarin = knowledge.find_concept(kDefaultCodeSystem, "11289");
  CHECK(knowledge.display(tablet) == "warfarin 5 MG Oral Tablet");
  CHECK(knowledge.related(Relation::kIngredient, tablet).front() == warfarin);
  CHECK(knowledge.related(Relation::kRoute, tablet).front() ==
        knowledge.find_concept("urn:vigil:codesystem:route", "oral"));
  CHECK(knowledge.related(Relation::kRoute, warfarin).empty());
  CHECK(knowledge.related(Relation::kDrugClass, warfarin).front() ==
        knowledge.find_concept("urn:class", "anticoagulant"));
  CHECK(knowledge.find_table("Drugs")->row_count() == 2);
}

TEST_CASE("a manifest's tables tell of allergens") {
  const KnowledgeFiles files;
  files.write("manifest.json",
              manifest(R"({"name": "Allergens", "role": "allergen", "file": "Allergens.csv", "columns": [
      {"name": "code", "type": "Code", "system_column": "system"}, {"name": "display", "type": "String"}, {"name": "kind", "type": "String"},
      {"name": "ingredient", "type": "Code"}, {"name": "group", "type": "String"}]},)" +
                       table("Groups", "cross-reactivity", {"group", "name", "level", "ingredient!", "citation"})));
  files.write("Allergens.csv",
              "system,code,display,kind,ingredient,group\n"
              "urn:sct,1,Allergy to amoxicillin,ingredient,723,\n"
              "urn:sct,2,Allergy to penicillin,group,,penicillins\n"
              "urn:sct,3,No known allergy,no-known,,\n"
              "urn:sct,4,Soy,other,,\n"
              "urn:sct,5,Wrong,sort-of,,\n"
              "urn:sct,6,Nothing,ingredient,,\n"
              ",7,Nowhere,other,,\n");
  files.write("Groups.csv",
              "group,name,level,ingredient,citation\n"
              "penicillins,Penicillins,class,723,c\n"
              "amino,Aminopenicillins,side-chain,723,c\n"
              "amino,Aminopenicillins,sidechain,724,c\n");
  const Loaded loaded = load_knowledge(files.root() / "manifest.json");
  CHECK(loaded.told(files) ==
        "VGL1108 Allergens.csv:6: `sort-of` is no kind of allergen: ingredient, group, no-known or other\n"
        "VGL1108 Allergens.csv:7: `row` is no complete allergen row\n"
        "VGL0505 Allergens.csv:8: column `code` of table `Allergens` holds `7`, which is no Code\n"
        "VGL1108 Groups.csv:4: `sidechain` is no level of cross-reactivity: side-chain or class\n");
  const auto& knowledge = *loaded.knowledge;
  const auto allergen = [&](std::string_view code) { return knowledge.find_concept("urn:sct", code); };
  const auto group = [&](std::string_view code) {
    return knowledge.find_concept("urn:vigil:codesystem:cross-reactivity-group", code);
  };
  const ConceptId amoxicillin = knowledge.find_concept(kDefaultCodeSystem, "723");
  CHECK(knowledge.related(Relation::kAllergenIngredient, allergen("1")).front() == amoxicillin);
  CHECK(knowledge.related(Relation::kAllergenGroup, allergen("2")).front() == group("penicillins"));
  CHECK(knowledge.related(Relation::kCrossReactiveGroup, amoxicillin).front() == group("penicillins"));
  CHECK(knowledge.related(Relation::kSideChainGroup, amoxicillin).front() == group("amino"));
  CHECK(knowledge.display(group("amino")) == "Aminopenicillins");
  CHECK(knowledge.display(allergen("4")) == "Soy");
  CHECK(knowledge.states_no_allergy(allergen("3")));
  CHECK_FALSE(knowledge.states_no_allergy(allergen("4")));
}

TEST_CASE("a manifest's mistakes are told, the other tables loaded") {
  const KnowledgeFiles files;
  files.write("manifest.json", manifest(R"(
    {"file": "x.csv"},
    {"name": "A", "file": "../x.csv", "columns": [{"name": "a", "type": "String"}]},
    {"name": "B", "file": "b.csv", "role": "potion", "columns": [{"name": "a", "type": "String"}]},
    {"name": "C", "file": "c.csv", "columns": []},
    {"name": "D", "file": "d.csv", "columns": [{"name": "a", "type": "Text"}]},
    {"name": "E", "file": "e.csv", "role": "drug", "columns": [{"name": "rxcui", "type": "Code"}]},
    {"name": "F", "file": "f.csv", "columns": [{"name": "a", "type": "Integer"}]},
    {"name": "F", "file": "e.csv", "columns": [{"name": "rxcui", "type": "Integer"}]})",
                                        ", \"value_sets\": \"/etc\", \"code_systems\": [\"cs\"]"));
  files.write("e.csv", "rxcui\n1\n");
  files.write("f.csv", "a\n1\n");
  const Loaded loaded = load_knowledge(files.root());
  CHECK(
      loaded.told(files) ==
      "VGL1108 manifest.json:10: `/etc` is no path within the knowledge base\n"
      "VGL1108 manifest.json:3: `table` is no table with a name\n"
      "VGL1108 manifest.json:4: `../x.csv` is no path within the knowledge base\n"
      "VGL1108 manifest.json:5: `potion` is no role: drug, ingredient, class, allergen, cross-reactivity or crosswalk\n"
      "VGL1108 manifest.json:6: `C` is no table with columns\n"
      "VGL1108 manifest.json:7: `Text` is no type of column: Code, String, Integer, Decimal, Boolean or Quantity\n"
      "VGL1108 manifest.json:10: `F` is no name of one table only\n"
      "VGL1104 e.csv: column `name` is missing\n"
      "VGL1106 cs: cannot read `cs`: no such file\n");
  CHECK(loaded.knowledge->find_table("F")->row_count() == 1);
  CHECK(loaded.knowledge->tables().size() == 1);
  files.write("manifest.json", "[]");
  CHECK(load_knowledge(files.root()).diagnostics.at(0).code == "VGL1101");
  files.write("manifest.json", "{}");
  CHECK(load_knowledge(files.root()).told(files) == "VGL1108 manifest.json:1: `manifest` is no manifest of any file\n");
}

TEST_CASE("loading is the same each time") {
  const KnowledgeFiles files;
  for (int i = 0; i < 20; ++i)
    files.write("v" + std::to_string(i) + ".csv",
                "url,system,code,display\nurn:v" + std::to_string(i) + ",urn:s,1,name " + std::to_string(i) + "\n");
  CHECK(load_knowledge(files.root()).knowledge->digest() == load_knowledge(files.root()).knowledge->digest());
}
