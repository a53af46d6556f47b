// SPDX-License-Identifier: Apache-2.0
#include "knowledge/csv_reader.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

using namespace vigil;

namespace {

/// Rows as text: "line: cell|cell", broken ones as "line! problem".
std::string rows(std::string_view text) {
  CsvReader reader(text);
  CsvRow row;
  std::string result;
  while (reader.next(row)) {
    result += std::to_string(row.line) + (row.problem.empty() ? ":" : "! " + std::string(row.problem));
    for (size_t i = 0; i < row.cells.size(); ++i) result += (i == 0 ? " " : "|") + std::string(row.cells[i]);
    result += "\n";
  }
  return result;
}

}  // namespace

TEST_CASE("plain rows, with either line end and with none at the end") {
  CHECK(rows("a,b\n1,2\n") == "1: a|b\n2: 1|2\n");
  CHECK(rows("a,b\r\n1,2\r\n") == "1: a|b\n2: 1|2\n");
  CHECK(rows("a,b\n1,2") == "1: a|b\n2: 1|2\n");
  CHECK(rows("") == "");
  CHECK(rows("\n\n") == "");
}

TEST_CASE("empty cells are kept, blank lines passed over and counted") {
  CHECK(rows("a,,\n") == "1: a||\n");
  CHECK(rows(",\n") == "1: |\n");
  CHECK(rows("a\n\n  \r\nb\n") == "1: a\n4: b\n");
  CHECK(rows("a,") == "1: a|\n");
}

TEST_CASE("quoted fields hold commas, quotes and line ends") {
  CHECK(rows("\"a,b\",c\n") == "1: a,b|c\n");
  CHECK(rows("\"say \"\"no\"\"\",c\n") == "1: say \"no\"|c\n");
  CHECK(rows("\"two\nlines\",c\nd,e\n") == "1: two\nlines|c\n3: d|e\n");
  CHECK(rows("\"\",\"\"\r\nx,y") == "1: |\n2: x|y\n");
  CHECK(rows("\"\"\"\"") == "1: \"\n");
  CHECK(rows("\"end\"\r") == "1: end\n");
}

TEST_CASE("a quote within a field that is not quoted is only a character") {
  CHECK(rows("5\" tube,b\n") == "1: 5\" tube|b\n");
}

TEST_CASE("a broken row is told with its line and costs only itself") {
  CHECK(rows("a,b\n\"x\"y,1\nc,d\n") == "1: a|b\n2! text follows a quoted field\n3: c|d\n");
  CHECK(rows("a,b\n\"x,1\nc,d\n") == "1: a|b\n2! a quoted field is not closed\n3: c|d\n");
  CHECK(rows("a\n\xFF\xFE\nb\n") == "1: a\n2! it is not valid UTF-8\n3: b\n");
  CHECK(rows("a\n" + std::string(2000, ',') + "\nb\n") == "1: a\n2! it has too many columns\n3: b\n");
}

TEST_CASE("a missing quote is looked for within bounds") {
  const std::string far = "\"x" + std::string(CsvReader::kQuotedLimit, 'y') + "\n\",1\nc\n";
  CHECK(rows(far) == "1! a quoted field is not closed\n2! a quoted field is not closed\n3: c\n");
}

TEST_CASE("random bytes are read to the end without harm, line numbers only rise") {
  std::mt19937 random(11);
  constexpr std::string_view kAlphabet = "a,\"\"\n\r\xC3\xA9 ";
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (size_t i = random() % 60; i > 0; --i) text += kAlphabet[random() % kAlphabet.size()];
    CsvReader reader(text);
    CsvRow row;
    size_t line = 0;
    while (reader.next(row)) {
      REQUIRE(row.line > line);
      REQUIRE(row.cells.empty() == !row.problem.empty());
      line = row.line;
    }
    REQUIRE(line <= text.size() + 1);
  }
}
