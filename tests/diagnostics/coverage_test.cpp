// SPDX-License-Identifier: Apache-2.0
// Each code has a page in docs/errors and stands in some file of tests/.
#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <set>
#include <string>
#include <utility>

#include <vigil/rulebook.h>

#include "support/files.h"

namespace {

namespace fs = std::filesystem;

bool is_code(std::string_view text) {
  return text.size() == 7 && text.starts_with("VGL") &&
         text.find_first_not_of("0123456789", 3) == std::string_view::npos;
}

/// All codes in the files of a folder.
std::set<std::string> codes_below(const fs::path& folder) {
  std::set<std::string> codes;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().filename() == "coverage_test.cpp") continue;
    const auto text = vigil::test::read_text(entry.path());
    for (auto at = text.find("VGL"); at != std::string::npos; at = text.find("VGL", at + 3))
      if (const auto word = text.substr(at, 7); is_code(word)) codes.insert(word);
  }
  return codes;
}

}  // namespace

TEST_CASE("every code stands in a test") {
  const auto tested = codes_below(fs::path(VIGIL_SOURCE_DIR) / "tests");
  for (const auto code : vigil::all_codes()) {
    INFO(code);
    CHECK(tested.contains(std::string(code)));
  }
}

TEST_CASE("every code has a page that begins with it, and a line in the list of pages") {
  const auto pages = fs::path(VIGIL_SOURCE_DIR) / "docs/errors";
  const auto list = vigil::test::read_text(pages / "README.md");
  for (const auto code : vigil::all_codes()) {
    INFO(code);
    const auto name = std::string(code);
    const auto page = vigil::test::read_text(pages / (name + ".md"));
    CHECK(page.starts_with("# " + name + ": "));
    CHECK(list.find("(" + name + ".md)") != std::string::npos);
  }
}

TEST_CASE("every page is of a code that exists") {
  std::set<std::string> known;
  for (const auto code : vigil::all_codes()) known.insert(std::string(code));
  for (const auto& entry : fs::directory_iterator(fs::path(VIGIL_SOURCE_DIR) / "docs/errors")) {
    const auto name = entry.path().stem().string();
    INFO(name);
    if (is_code(name)) CHECK(known.contains(name));
  }
}
