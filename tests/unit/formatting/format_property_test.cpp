// SPDX-License-Identifier: Apache-2.0
// What formatting promises, held on every rule text at hand, as written and with its white space made anew at random:
// formatting twice is formatting once, the Ast stays, and only white space changes.
#include <doctest/doctest.h>
#include <vigil/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <random>

#include "ast/dump.h"
#include "parser/source_tokens.h"
#include "support/files.h"

namespace vigil {
namespace {

namespace fs = std::filesystem;

/// The Ast without spans; none where the text has an error.
std::optional<std::string> dump_of(const std::string& text) {
  SourceSet sources;
  const auto source = sources.add("test.vigil", text);
  DiagnosticSink sink;
  const auto library = parse_library(sources, source, {}, sink);
  return sink.has_errors() ? std::nullopt : std::optional(ast::dump(library));
}

std::string visible(std::string_view text) {
  std::string kept;
  for (const char c : text)
    if (std::isspace(static_cast<unsigned char>(c)) == 0) kept += c;
  return kept;
}

/// Checks the promises on one text without errors.
void check_promises(const std::string& text, const std::string& dump) {
  const auto once = format(text, "test.vigil");
  REQUIRE(once.formatted());
  CHECK(format(once.text, "test.vigil").text == once.text);
  CHECK(dump_of(once.text) == dump);
  CHECK(visible(once.text) == visible(text));
  CHECK(once.text.find(" \n") == std::string::npos);
  CHECK(once.text.find("\n\n\n") == std::string::npos);
}

/// The tokens of `text` with other white space and comments between them.
std::string respaced(const std::string& text, std::mt19937& random) {
  SourceSet sources;
  const auto source = sources.add("test.vigil", text);
  DiagnosticSink sink;
  const auto tokens = read_source_tokens(sources, source, {}, sink);
  REQUIRE(tokens);
  static constexpr std::string_view kGaps[] = {" ",
                                               " ",
                                               "  ",
                                               "\t",
                                               "\n",
                                               "\r\n",
                                               "\n",
                                               "\n\n\t",
                                               "\n   \n",
                                               " /* a */ ",
                                               " // b\r\n",
                                               "\n  // c \n\n",
                                               "/* d\n   e */"};
  const auto gap = [&] { return kGaps[random() % std::size(kGaps)]; };
  std::string out;
  uint32_t end = 0;
  for (const auto& token : *tokens) {
    const auto written = sources.text(token.span);
    const bool divides = out.ends_with('/') && !out.ends_with("*/");
    if (divides) out += ' ';  // no comment of two signs, of which one may begin a gap
    if (token.span.begin > end || random() % 4 == 0) out += gap();
    out += written;
    if (token.role == TokenRole::kComment) out += '\n';
    end = token.span.end;
  }
  return out += gap();
}

std::vector<fs::path> rule_files() {
  const fs::path root = VIGIL_SOURCE_DIR;
  std::vector<fs::path> files;
  for (const auto& folder :
       {root / "rules", root / "examples", root / "tests", root.parent_path() / "shared" / "data"}) {
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
      const auto extension = at->path().extension();
      if (extension == ".vigil" || extension == ".cql") files.push_back(at->path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

TEST_CASE("formatting keeps what a text means, and what it formatted") {
  size_t held = 0;
  for (const auto& file : rule_files()) {
    CAPTURE(file);
    const auto text = test::read_text(file);
    const auto dump = dump_of(text);
    if (!dump) {
      CHECK(format(text, "test.vigil").text == text);
      continue;
    }
    check_promises(text, *dump);
    ++held;
  }
  CHECK(held > 150);
}

TEST_CASE("so it does whatever the white space was") {
  std::mt19937 random(20261122);
  for (const auto& file : rule_files()) {
    CAPTURE(file);
    const auto text = test::read_text(file);
    const auto dump = dump_of(text);
    // Tags stand in the comment before a declaration; another comment between the two takes them away.
    if (!dump || text.size() > 20'000 || text.find("/**") != std::string::npos) continue;
    const auto other = respaced(text, random);
    CAPTURE(other);
    REQUIRE(dump_of(other) == dump);
    check_promises(other, *dump);
  }
}

}  // namespace
}  // namespace vigil
