// SPDX-License-Identifier: Apache-2.0
// Importing a release of RxNorm: what is kept, the ways to ingredients, strengths, NDC, and what is broken.
#include "knowledge/import_rxnorm.h"

#include "knowledge_files.h"

using namespace vigil;

namespace {

std::string conso(std::string_view rxcui, std::string_view type, std::string_view name,
                  std::string_view source = "RXNORM", std::string_view suppress = "N") {
  return std::string(rxcui) + "|ENG||||||1|1|1||" + std::string(source) + "|" + std::string(type) + "|1|" +
         std::string(name) + "||" + std::string(suppress) + "|4096|\n";
}

/// `one` rela `other`: the row's second concept has the relationship to its first.
std::string rel(std::string_view one, std::string_view rela, std::string_view other) {
  return std::string(other) + "||CUI|RO|" + std::string(one) + "||CUI|" + std::string(rela) + "|1||RXNORM||||||\n";
}

struct Release {
  std::string names = conso("161", "IN", "acetaminophen") + conso("5489", "IN", "hydrocodone") +
                      conso("142449", "PIN", "hydrocodone bitartrate") + conso("1", "SCDC", "acetaminophen 325 MG") +
                      conso("2", "SCDC", "hydrocodone bitartrate 5 MG") + conso("3", "DF", "Oral Tablet") +
                      conso("857002", "SCD", "acetaminophen 325 MG / hydrocodone bitartrate 5 MG Oral Tablet") +
                      conso("4", "SBD", "acetaminophen 325 MG / hydrocodone bitartrate 5 MG Oral Tablet [Norco]") +
                      conso("5", "BN", "Norco") + conso("857002", "CD", "another's name", "VANDF") +
                      conso("6", "SCD", "withdrawn 1 MG Oral Tablet", "RXNORM", "O");
  std::string relations = rel("1", "has_ingredient", "161") + rel("2", "has_precise_ingredient", "142449") +
                          rel("142449", "form_of", "5489") + rel("161", "ingredient_of", "1") +
                          rel("857002", "consists_of", "1") + rel("857002", "consists_of", "2") +
                          rel("857002", "has_dose_form", "3") + rel("4", "tradename_of", "857002") +
                          rel("4", "has_ingredient", "5") + rel("5", "tradename_of", "161");
  std::string attributes =
      "857002||||||||NDC|RXNORM|00406012301|N|4096|\n857002||||||||NDC|MTHSPL|0406-0123-01|N|4096|\n";

  struct Imported {
    RxnormImport counts;
    std::vector<Diagnostic> problems;
    Loaded loaded;
  };
  Imported import(KnowledgeFiles& files) const {
    files.write("RXNCONSO.RRF", names);
    files.write("RXNREL.RRF", relations);
    files.write("RXNSAT.RRF", attributes);
    DiagnosticSink sink;
    Imported result;
    result.counts = import_rxnorm(
        files.root(), files.root() / "out", "test", [](std::string_view) {}, sink);
    result.problems = sink.take();
    DiagnosticSink reading;
    KnowledgeBaseBuilder builder;
    read_knowledge(files.root() / "out", builder, reading);
    result.loaded.knowledge = builder.build(reading);
    result.loaded.diagnostics = reading.take();
    return result;
  }
};

std::vector<std::string> ingredients(const KnowledgeBase& knowledge, std::string_view system, std::string_view code) {
  std::vector<std::string> names;
  for (const auto id : knowledge.related(Relation::kIngredient, knowledge.find_concept(system, code)))
    names.emplace_back(knowledge.display(id));
  std::ranges::sort(names);
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("products lead to their ingredients, through components, salts and brands") {
  KnowledgeFiles files;
  const auto imported = Release().import(files);
  CHECK(imported.problems.empty());
  CHECK(imported.loaded.diagnostics.empty());
  const auto& knowledge = *imported.loaded.knowledge;
  const Names both = {"acetaminophen", "hydrocodone"};
  CHECK(ingredients(knowledge, kDefaultCodeSystem, "857002") == both);
  CHECK(ingredients(knowledge, kDefaultCodeSystem, "4") == both);
  CHECK(ingredients(knowledge, kDefaultCodeSystem, "142449") == Names{"hydrocodone"});
  CHECK(ingredients(knowledge, "http://hl7.org/fhir/sid/ndc", "00406012301") == both);
  CHECK(imported.counts.concepts == 9);
  CHECK(imported.counts.ndc_rows == 5);  // 00406-0123-01 in its forms of 11 and 10 digits
  CHECK(imported.counts.without_ingredient == 1);
}

TEST_CASE("strengths and routes") {
  KnowledgeFiles files;
  const auto imported = Release().import(files);
  const auto* const strengths = imported.loaded.knowledge->find_table("Strengths");
  REQUIRE(strengths != nullptr);
  CHECK(strengths->row_count() == 6);  // the product, its brand, and its two components
  const auto* const drugs = imported.loaded.knowledge->find_table("Drugs");
  REQUIRE(drugs != nullptr);
  bool found = false;
  for (uint32_t i = 0; i < drugs->row_count(); ++i) {
    const auto& row = drugs->row(i);
    if (row.slots[0].code->code == "857002") {
      found = true;
      CHECK(row.slots[2].string() == "SCD");
      CHECK(row.slots[3].string() == "oral");
      CHECK(row.slots[4].string() == "active");
    }
    if (row.slots[0].code->code == "6") CHECK(row.slots[4].string() == "obsolete");
  }
  CHECK(found);
}

TEST_CASE("a broken line is told by its number, and the rest is loaded") {
  Release release;
  release.names = "short|line|\n" + release.names + conso("x7", "IN", "no number");
  release.relations += "not ended|a|b|c|d|e|f|g|h|i|j|k|l|m|n|o";
  KnowledgeFiles files;
  const auto imported = release.import(files);
  CHECK(imported.counts.broken_lines == 3);
  REQUIRE(imported.problems.size() == 3);
  CHECK(imported.problems[0].code == "VGL1103");
  CHECK(imported.problems[0].place.ends_with("RXNCONSO.RRF:1"));
  CHECK(imported.problems[1].place.ends_with("RXNCONSO.RRF:13"));
  CHECK(imported.problems[2].place.ends_with("RXNREL.RRF:11"));
  CHECK(ingredients(*imported.loaded.knowledge, kDefaultCodeSystem, "857002").size() == 2);
}

TEST_CASE("a release without its files is refused") {
  KnowledgeFiles files;
  DiagnosticSink sink;
  const auto counts = import_rxnorm(
      files.root(), files.root() / "out", "test", [](std::string_view) {}, sink);
  CHECK_FALSE(counts.done);
  REQUIRE(sink.all().size() == 1);
  CHECK(sink.all().front().code == "VGL1106");
}
