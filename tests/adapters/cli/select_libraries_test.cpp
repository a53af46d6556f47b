// SPDX-License-Identifier: Apache-2.0
// Which libraries of a folder are taken.
#include "cli/select_libraries.h"

#include <doctest/doctest.h>

using namespace vigil;
using cli::scan_library_names;
using cli::select_included;

namespace {

std::vector<std::string> names(const std::vector<RuleText>& texts) {
  std::vector<std::string> names;
  for (const auto& text : texts) names.push_back(text.name);
  return names;
}

}  // namespace

TEST_CASE("names are found, comments and strings passed over") {
  const auto found = scan_library_names(
      "// include Not\n/* include Neither */ library My.\"Own Library\" version '1' include Common version '1.0' "
      "called C\n"
      "include \"Other\" define \"X\": 'include Nor' define Y: 'it\\'s include No'");
  CHECK(found.name == "My.Own Library");
  CHECK(found.includes == std::vector<std::string>{"Common", "Other"});
}

TEST_CASE("text that ends in the middle") {
  CHECK(scan_library_names("library").name.empty());
  CHECK(scan_library_names("include \"Open").includes == std::vector<std::string>{"Open"});
  CHECK(scan_library_names("/* open").name.empty());
  CHECK(scan_library_names("'a\\").includes.empty());
}

TEST_CASE("only what is included is taken, through each other, once, cycles and all") {
  const std::vector<RuleText> texts = {{"main", "library Main include A"}};
  CHECK(names(select_included(
            texts, {{"a", "library A include B"}, {"b", "library B include A"}, {"c", "library C include A"}})) ==
        std::vector<std::string>{"a", "b"});
  CHECK(select_included(texts, {}).empty());
}
