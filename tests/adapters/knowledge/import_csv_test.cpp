// SPDX-License-Identifier: Apache-2.0
// CSV through a mapping: columns, constants, named values, and what is broken.
#include "knowledge/import_csv.h"

#include <algorithm>

#include "knowledge_files.h"

using namespace vigil;

namespace {

constexpr std::string_view kMapping = R"(name = "House pairs"
version = "2026-11"
[[table]]
file = "pairs.csv"
separator = ";"
name = "Interactions"
source = "House formulary committee"
licence = "internal use"
[table.columns]
a = { column = "Drug A", type = "Code", required = true }
b = { column = "Drug B", type = "Code", required = true }
tier = { column = "Severity", values = { Major = "interruptive", Minor = "passive" } }
limit = { column = "Limit", type = "Decimal" }
source = "house"
citation = { column = "Page", prefix = "House formulary, page " }
)";
constexpr std::string_view kPairs =
    "Drug A;Drug B;Severity;Limit;Page\n"
    "5640;11289;Major;1.5;12\n"
    "5640;;Major;;13\n"
    "161;11289;Moderate;;14\n"
    "161;11289;Minor;much;15\n"
    "161;11289\n"
    "161;11289;Minor;;\"16; 17\"\n";

struct Imported {
  KnowledgeFiles files;
  CsvImport counts;
  std::vector<std::string> read;
  std::vector<Diagnostic> problems;

  Imported(std::string_view mapping, std::string_view pairs) {
    files.write("pairs.csv", pairs);
    DiagnosticSink sink;
    counts = import_csv(
        files.write("house.toml", mapping), files.root() / "out",
        [&](std::string_view what) { read.emplace_back(what); }, sink);
    problems = sink.take();
  }
  Loaded load() const { return load_knowledge(files.root() / "out"); }
};

std::string changed(std::string_view from, std::string_view to) {
  std::string text(kMapping);
  const size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("columns are taken as the mapping tells; broken rows cost themselves and are told with their line") {
  const Imported imported(kMapping, kPairs);
  CHECK(imported.counts.done);
  CHECK(imported.counts.tables == 1);
  CHECK(imported.counts.rows == 2);
  CHECK(imported.counts.broken_rows == 4);
  CHECK(imported.read == std::vector<std::string>{"pairs.csv"});
  REQUIRE(imported.problems.size() == 4);
  const std::string expected[] = {"column `Drug B` is empty", "`Moderate` of column `Severity` is not among",
                                  "`much` of column `Limit` is no Decimal", "2 columns"};
  for (const auto& problem : imported.problems) {
    CAPTURE(problem.message);
    CHECK(std::ranges::any_of(expected, [&](const std::string& part) {
      return problem.message.find(part) != std::string::npos || problem.code == "VGL1103";
    }));
  }
  CHECK(imported.problems[0].place.ends_with("pairs.csv:3"));
  const auto loaded = imported.load();
  CHECK(loaded.told(imported.files).empty());
  const auto* const table = loaded.knowledge->find_table("Interactions");
  REQUIRE(table != nullptr);
  REQUIRE(table->row_count() == 2);
  const auto cell = [&](uint32_t row, std::string_view column) {
    return table->row(row).slots[*table->find_column(column)];
  };
  CHECK(cell(0, "a").code->system == kDefaultCodeSystem);
  CHECK(cell(0, "tier").string() == "interruptive");
  CHECK(cell(0, "source").string() == "house");
  CHECK(cell(0, "citation").string() == "House formulary, page 12");
  CHECK(cell(1, "limit").is_null());
  CHECK(cell(1, "citation").string() == "House formulary, page 16; 17");
}

TEST_CASE("a mapping that is wrong is refused with its line") {
  const std::pair<std::string, std::string> cases[] = {
      {changed("licence = \"internal use\"\n", ""), "states no `licence`"},
      {changed("file = \"pairs.csv\"\n", ""), "no `file`"},
      {changed("\"Decimal\"", "\"Number\""), "`Number` is no type"},
      {changed("separator = \";\"", "separator = \"tab\""), "one character"},
      {changed("prefix", "suffix"), "`suffix` is not known here"},
      {changed("name = \"Interactions\"", "name = \"Interactions\"\nrole = \"pair\""), "`pair` is no role"},
      {changed("[[table]]", "[[tables]]"), "not known here"},
      {changed("column = \"Page\", ", ""), "names no column"},
      {"name = \"x\n", ""},
      {"name = \"x\"\n", "no [[table]]"},
  };
  for (const auto& [mapping, message] : cases) {
    CAPTURE(message);
    const Imported imported(mapping, kPairs);
    CHECK_FALSE(imported.counts.done);
    REQUIRE(imported.problems.size() == 1);
    CHECK(imported.problems[0].code == "VGL1312");
    CHECK(imported.problems[0].message.find(message) != std::string::npos);
    CHECK(imported.problems[0].place.find("house.toml:") != std::string::npos);
  }
}

TEST_CASE("a file or column that is missing is told, and nothing is written as if it were there") {
  const Imported no_column(changed("\"Severity\"", "\"Level\""), kPairs);
  REQUIRE(no_column.problems.size() == 1);
  CHECK(no_column.problems[0].code == "VGL1104");
  CHECK(no_column.counts.rows == 0);
  const Imported no_file(changed("pairs.csv", "other.csv"), kPairs);
  CHECK_FALSE(no_file.counts.done);
  CHECK(no_file.problems.at(0).code == "VGL1106");
}
