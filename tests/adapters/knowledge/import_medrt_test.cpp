// SPDX-License-Identifier: Apache-2.0
// Importing MED-RT: classes, contraindications, and what is broken.
#include "knowledge/import_medrt.h"

#include "knowledge_files.h"

using namespace vigil;

namespace {

std::string association(std::string_view name, std::string_view from_namespace, std::string_view from_code,
                        std::string_view from_name, std::string_view to_namespace, std::string_view to_code,
                        std::string_view to_name) {
  const auto tag = [](std::string_view name_of_tag, std::string_view text) {
    return "\t\t<" + std::string(name_of_tag) + ">" + std::string(text) + "</" + std::string(name_of_tag) + ">\n";
  };
  return "\t<association>\n" + tag("namespace", "MED-RT") + tag("name", name) + tag("from_namespace", from_namespace) +
         tag("from_name", from_name) + tag("from_code", from_code) + tag("to_namespace", to_namespace) +
         tag("to_name", to_name) + tag("to_code", to_code) + "\t</association>\n";
}

std::string document(const std::string& associations) {
  return "<?xml "
         "version=\"1.0\"?>\n<terminology>\n<namespace><name>MED-RT</name><version>2026.07.06</version></namespace>\n" +
         associations + "</terminology>\n";
}

std::string sample() {
  return association("Parent Of", "MED-RT", "N1", "Dihydropyridine Calcium Channel Blocker [EPC]", "RxNorm", "17767",
                     "amlodipine") +
         association("Parent Of", "MED-RT", "N9", "Preparations A &amp; B", "RxNorm", "17767", "amlodipine") +
         association("has_MoA", "RxNorm", "17767", "amlodipine", "MED-RT", "N2",
                     "Calcium Channel Antagonists &amp; others [MoA]") +
         association("CI_with", "RxNorm", "272", "activated charcoal", "MeSH", "M0017099", "Intestinal Obstruction") +
         association("CI_with", "SNOMED CT", "1", "x", "MeSH", "M1", "y");
}

}  // namespace

TEST_CASE("classes with their members, and what a drug must not meet") {
  KnowledgeFiles files;
  DiagnosticSink sink;
  const auto done = import_medrt(files.write("medrt.xml", document(sample())), files.root() / "out", sink);
  CHECK(sink.all().empty());
  CHECK(done.done);
  CHECK(done.version == "2026.07.06");
  CHECK(done.classes == 2);
  CHECK(done.members == 2);
  CHECK(done.contraindications == 1);
  CHECK(done.passed_over == 2);
  KnowledgeBaseBuilder builder;
  read_knowledge(files.root() / "out", builder, sink);
  const auto knowledge = builder.build(sink);
  CHECK(sink.all().empty());
  const auto classes = knowledge->related(Relation::kDrugClass, knowledge->find_concept(kDefaultCodeSystem, "17767"));
  REQUIRE(classes.size() == 2);
  CHECK(knowledge->display(knowledge->find_concept(kMedrtSystem, "N2")) ==
        "Calcium Channel Antagonists & others [MoA]");
  const auto* const against = knowledge->find_table("Contraindications");
  REQUIRE(against != nullptr);
  REQUIRE(against->row_count() == 1);
  CHECK(against->row(0).slots[3].code->system == "http://id.nlm.nih.gov/mesh");
  CHECK(against->row(0).slots[4].string() == "Intestinal Obstruction");
}

TEST_CASE("an association that is not closed costs only itself") {
  auto text = sample();
  text.erase(text.find("\t</association>"), std::string_view("\t</association>\n").size());
  KnowledgeFiles files;
  DiagnosticSink sink;
  const auto done = import_medrt(files.write("medrt.xml", document(text)), files.root() / "out", sink);
  REQUIRE(sink.all().size() == 1);
  CHECK(sink.all().front().code == "VGL1110");
  CHECK(sink.all().front().place.ends_with("medrt.xml:4"));
  CHECK(done.classes == 1);
  CHECK(done.contraindications == 1);
}

TEST_CASE("an extract of the real file") {
  const auto path = test::shared_data() / "knowledge-sources/medrt-subset/medrt_subset.xml";
  if (!std::filesystem::exists(path)) {
    MESSAGE("skipped: no shared data (set VIGIL_SHARED_DATA)");
    return;
  }
  KnowledgeFiles files;
  DiagnosticSink sink;
  const auto done = import_medrt(path, files.root() / "out", sink);
  CHECK(sink.all().empty());
  CHECK(done.version == "2026.07.06");
  CHECK(done.contraindications == 24);  // 19 CI_with, 3 CI_ChemClass, 1 CI_MoA, 1 CI_PE
  CHECK(done.members > 10);
}
