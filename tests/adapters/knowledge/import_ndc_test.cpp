// SPDX-License-Identifier: Apache-2.0
// The NDC directory: forms of a code, packages, links to RxNorm, and what is broken.
#include "knowledge/import_ndc.h"

#include "knowledge/ndc_code.h"
#include "knowledge_files.h"

using namespace vigil;

namespace {

constexpr std::string_view kProducts =
    "PRODUCTID\tPRODUCTNDC\tPRODUCTTYPENAME\tPROPRIETARYNAME\tPROPRIETARYNAMESUFFIX\tNONPROPRIETARYNAME\tDOSAGEFORMNAME"
    "\t"
    "ROUTENAME\tSTARTMARKETINGDATE\tLABELERNAME\tSUBSTANCENAME\r\n"
    "0056-0172_a\t0056-0172\tHUMAN PRESCRIPTION DRUG\tCoumadin\t\tWarfarin "
    "Sodium\tTABLET\tORAL\t19540101\tB\xE9ta\tWARFARIN "
    "SODIUM\r\n"
    "64980-512_b\t64980-512\tHUMAN OTC DRUG\t\t\tIbuprofen\tTABLET\tORAL\t20100101\tRising\tIBUPROFEN\r\n"
    "broken line\r\n";
constexpr std::string_view kPackages =
    "PRODUCTID\tPRODUCTNDC\tNDCPACKAGECODE\tPACKAGEDESCRIPTION\n"
    "0056-0172_a\t0056-0172\t0056-0172-70\t100 TABLET in 1 BOTTLE\n"
    "64980-512_b\t64980-512\t64980-512-10\t\"30\" TABLET in 1 BOTTLE\n"
    "64980-999_x\t64980-999\t64980-999-10\tno such product\n"
    "64980-512_b\t64980-512\t64980-512\tno package\n";

struct Imported {
  KnowledgeFiles files;
  NdcImport counts;
  std::vector<Diagnostic> problems;

  explicit Imported(std::string_view links_name, std::string_view links) {
    files.write("ndc/product.txt", kProducts);
    files.write("ndc/package.txt", kPackages);
    NdcSources sources{files.root() / "ndc", {}, "2026-11-20"};
    if (!links_name.empty()) sources.links = files.write(links_name, links);
    DiagnosticSink sink;
    counts = import_ndc(
        sources, files.root() / "out", [](std::string_view) {}, sink);
    problems = sink.take();
  }
};

}  // namespace

TEST_CASE("one code in all its forms") {
  for (const auto* const form : {"0056-0172-70", "00056-0172-70", "00056017270"})
    CHECK(normal_ndc(form) == "00056017270");
  CHECK(normal_ndc("64980-512-10") == "64980051210");
  CHECK(normal_ndc("12345-6789-1") == "12345678901");
  // Ten digits without hyphens can be read in three ways; two short groups are no code.
  for (const auto* const wrong :
       {"0056017270", "0056-172-70", "64980-512", "", "abcde-0172-70", "000560172701", "1-2-3"})
    CHECK_FALSE(normal_ndc(wrong));
  CHECK(ndc_forms("64980051210") == std::vector<std::string>{"64980051210", "64980-0512-10", "64980-512-10"});
  CHECK(ndc_forms("00056017207") ==
        std::vector<std::string>{"00056017207", "00056-0172-07", "0056-0172-07", "00056-172-07", "00056-0172-7"});
  CHECK(ndc_forms("not an NDC") == std::vector<std::string>{"not an NDC"});
}

TEST_CASE("packages are told, and codes lead to RxNorm in every form") {
  const Imported imported("links.csv", "ndc,rxcui\n00056-0172-70,855332\n0056017270,855332\n00056017270,none\n");
  CHECK(imported.counts.done);
  CHECK(imported.counts.products == 2);
  CHECK(imported.counts.packages == 2);
  CHECK(imported.counts.linked == 1);
  CHECK(imported.counts.crosswalk_rows == 4);
  CHECK(imported.counts.broken_lines == 5);
  CHECK(imported.problems.size() == 5);
  const auto rxnorm = load([&](auto& builder, auto& sink) {
    builder.add_relation(Relation::kIngredient, builder.intern(kDefaultCodeSystem, "855332", "warfarin 5 MG"),
                         builder.intern(kDefaultCodeSystem, "11289"));
    read_knowledge(imported.files.root() / "out", builder, sink);
  });
  CHECK(rxnorm.told(imported.files).empty());
  const auto& knowledge = *rxnorm.knowledge;
  const auto warfarin = knowledge.find_concept(kDefaultCodeSystem, "11289");
  for (const auto* const form : {"0056-0172-70", "00056-0172-70", "00056017270"}) {
    const auto found = knowledge.related(Relation::kIngredient, knowledge.find_concept(kNdcSystem, form));
    REQUIRE(found.size() == 1);
    CHECK(found[0] == warfarin);
  }
  const auto* const directory = knowledge.find_table("NDC directory");
  REQUIRE(directory != nullptr);
  REQUIRE(directory->row_count() == 2);
  CHECK(directory->row(0).slots[*directory->find_column("labeler")].string() == "Béta");
  CHECK(directory->row(1).slots[*directory->find_column("name")].string() == "Ibuprofen");
}

TEST_CASE("RXNSAT links NDC of RxNorm itself") {
  const Imported imported("RXNSAT.RRF",
                          "855332||||||||NDC|RXNORM|00056017270|N|4096|\n"
                          "855332||||||||NDC|MTHSPL|64980-512-10|N|4096|\n"
                          "855332||||||||NDC|RXNORM|64980051210|O|4096|\n"
                          "855332|broken\n");
  CHECK(imported.counts.linked == 1);
  CHECK(imported.counts.broken_lines == 4);
}

TEST_CASE("without links the directory leads nowhere, and says so by its counts") {
  const Imported imported("", "");
  CHECK(imported.counts.done);
  CHECK(imported.counts.packages == 2);
  CHECK(imported.counts.linked == 0);
  CHECK(imported.counts.crosswalk_rows == 0);
}

TEST_CASE("a file that is no directory is refused") {
  KnowledgeFiles files;
  files.write("product.txt", "a\tb\n1\t2\n");
  DiagnosticSink sink;
  CHECK_FALSE(import_ndc(
                  {files.root(), {}, {}}, files.root() / "out", [](std::string_view) {}, sink)
                  .done);
  CHECK(sink.all().at(0).code == "VGL1104");
}
