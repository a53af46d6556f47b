// SPDX-License-Identifier: Apache-2.0
// Files and folders: what is read as what, and what is told of the rest.
#include "adapters/knowledge/knowledge_files.h"

using namespace vigil;

TEST_CASE("value sets as CSV, one file with several") {
  const KnowledgeFiles files;
  files.write("sets.csv",
              "\xEF\xBB\xBFurl,system,code,display,version,name\r\n"
              "urn:a,urn:s,1,one,1,A\r\n"
              "urn:b,urn:s,2,\"two, or so\",,B\r\n"
              "urn:a,urn:s,2,,1,\r\n");
  const Loaded loaded = load_knowledge(files.root());
  CHECK(loaded.told(files) == "");
  CHECK(loaded.size_of("urn:a|1") == 2);
  CHECK(loaded.size_of("urn:b") == 1);
  CHECK(loaded.knowledge->value_set(0).name == "A");
  CHECK(loaded.knowledge->display(loaded.knowledge->find_concept("urn:s", "2")) == "two, or so");
}

TEST_CASE("broken lines of value-set CSV are told, the others loaded") {
  const KnowledgeFiles files;
  const Loaded loaded = load_knowledge(files.write("sets.csv",
                                                   "url,system,code\n"
                                                   "urn:a,urn:s,1\n"
                                                   "urn:a,urn:s\n"
                                                   "urn:a,urn:s,\"2\n"
                                                   "urn:a,urn:s,\n"
                                                   "urn:a,urn:s,\xFF\n"
                                                   "urn:a,urn:s,3\n"));
  CHECK(loaded.told(files) ==
        "VGL1103 sets.csv:3: line 3 has 2 columns, expected 3\n"
        "VGL1110 sets.csv:4: line 4 cannot be read: a quoted field is not closed\n"
        "VGL1110 sets.csv:5: line 5 cannot be read: it has no url, no system or no code\n"
        "VGL1110 sets.csv:6: line 6 cannot be read: it is not valid UTF-8\n");
  CHECK(loaded.size_of("urn:a") == 2);
}

TEST_CASE("VGL1104: a CSV file without the columns of a value set") {
  const KnowledgeFiles files;
  const Loaded loaded = load_knowledge(files.write("other.csv", "url,sytem,code\nurn:a,urn:s,1\n"));
  CHECK(loaded.told(files) == "VGL1104 other.csv:1: column `system` is missing\n");
  CHECK(loaded.diagnostics[0].hint == "the columns are url, sytem, code");
}

TEST_CASE("in a folder other FHIR resources are passed over, other files are told") {
  const KnowledgeFiles files;
  files.write("deep/er/v.json", R"({"resourceType": "ValueSet", "url": "urn:v", "expansion": {"total": 0}})");
  files.write("library.json", R"({"resourceType": "Library"})");
  files.write("list.json", "[1]");
  files.write("broken.json", "{\n");
  files.write(".hidden/x.json", "{");
  files.write("notes.txt", "x");
  const Loaded loaded = load_knowledge(files.root());
  CHECK(loaded.told(files) ==
        "VGL1101 broken.json:2: `broken.json` is no knowledge file: it is not valid JSON\n"
        "VGL1101 list.json: `list.json` is no knowledge file: it is no FHIR resource\n");
  CHECK(loaded.knowledge->value_set_count() == 1);
  CHECK(load_knowledge(files.root() / "library.json").told(files) ==
        "VGL1101 library.json: `library.json` is no knowledge file: it is a FHIR Library\n");
}

TEST_CASE("bundles hold terminology, within bundles too") {
  const KnowledgeFiles files;
  const Loaded loaded = load_knowledge(files.write("b.json", R"({"resourceType": "Bundle", "entry": [
    {"resource": {"resourceType": "Patient", "id": "p"}}, {"fullUrl": "urn:none"},
    {"resource": {"resourceType": "Bundle", "entry": [
      {"resource": {"resourceType": "ValueSet", "url": "urn:v", "expansion": {"contains": [{"system": "urn:s", "code": "1"}]}}}]}}]})"));
  CHECK(loaded.told(files) == "");
  CHECK(loaded.size_of("urn:v") == 1);
}

TEST_CASE("VGL1106: what is not there") {
  const KnowledgeFiles files;
  CHECK(load_knowledge(files.root() / "gone.json").told(files) ==
        "VGL1106 gone.json: cannot read `gone.json`: no such file\n");
  CHECK(load_knowledge(files.root()).diagnostics.at(0).code == "VGL1106");
  CHECK(load_table({{"a"}}, files.root() / "gone.csv").told(files) ==
        "VGL1106 gone.csv: cannot read `gone.csv`: no such file\n");
  CHECK(load_table({{"a"}}, files.root()).diagnostics.at(0).code == "VGL1106");
}

TEST_CASE("VGL1007: a file beyond the limit is not read") {
  const KnowledgeFiles files;
  const auto path = files.write("huge.csv", "a\n");
  std::filesystem::resize_file(path, kKnowledgeFileLimit + 1);  // sparse: takes no space
  CHECK(load_table({{"a"}}, path).told(files) ==
        "VGL1007 huge.csv: the file has 268435457 bytes, more than the limit of 268435456\n");
}

TEST_CASE("several paths are one load: value sets of one may refer to the other") {
  const KnowledgeFiles files;
  const std::vector<std::filesystem::path> paths = {
      files.write("a/v.json",
                  R"({"resourceType": "ValueSet", "url": "urn:v", "compose": {"include": [{"valueSet": ["urn:w"]}]}})"),
      files.write("b/w.csv", "url,system,code\nurn:w,urn:s,1\n")};
  const Loaded loaded = load([&](auto& builder, auto& sink) { read_value_sets(paths, builder, sink); });
  CHECK(loaded.told(files) == "");
  CHECK(loaded.size_of("urn:v") == 1);
}

TEST_CASE("the knowledge base of this project loads without a word") {
  const auto folder = std::filesystem::path(VIGIL_SOURCE_DIR) / "knowledge-base";
  if (!std::filesystem::exists(folder / "manifest.json")) {
    MESSAGE("skipped: " << folder << " has no manifest yet");
    return;
  }
  const Loaded loaded = load_knowledge(folder);
  for (const Diagnostic& each : loaded.diagnostics) FAIL_CHECK(each.place << ": " << each.code << " " << each.message);
  const auto& knowledge = *loaded.knowledge;
  const ConceptId tablet = knowledge.find_concept(kDefaultCodeSystem, "855332");  // warfarin sodium 5 MG Oral Tablet
  const ConceptId warfarin = knowledge.find_concept(kDefaultCodeSystem, "11289");
  CHECK(knowledge.display(tablet) != "");
  REQUIRE(knowledge.related(Relation::kIngredient, tablet).size() == 1);
  CHECK(knowledge.related(Relation::kIngredient, tablet)[0] == warfarin);
  CHECK(loaded.in("urn:vigil:valueset:warfarin", kDefaultCodeSystem, "855332"));
  REQUIRE(knowledge.find_table("Interactions"));
  CHECK(knowledge.find_table("Interactions")->row_count() > 1000);
}

TEST_CASE("the value sets of the benchmark load") {
  const auto folder = test::shared_data() / "bench20/valuesets";
  if (!std::filesystem::exists(folder)) {
    MESSAGE("skipped: no shared data at " << folder);
    return;
  }
  const Loaded loaded = load_knowledge(folder);
  for (const Diagnostic& each : loaded.diagnostics) FAIL_CHECK(each.place << ": " << each.code << " " << each.message);
  CHECK(loaded.knowledge->value_set_count() == 27);
  CHECK(loaded.size_of("urn:vs:warfarin") == 120);
  const auto pairs = load_table({{"a", ColumnType::kCode}, {"b", ColumnType::kCode}, {"tier", ColumnType::kString}},
                                test::shared_data() / "bench20/ddi-20000.json");
  CHECK(pairs.diagnostics.empty());
  CHECK(pairs.knowledge->find_table("T")->row_count() == 20000);
}
