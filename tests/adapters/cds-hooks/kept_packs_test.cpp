// SPDX-License-Identifier: Apache-2.0
// What outlives a restart: packs by their digest, and which was in force.
#include "cds-hooks/activation/kept_packs.h"

#include <doctest/doctest.h>

#include <fstream>

#include "support/files.h"

using namespace vigil::hooks;

namespace {

namespace fs = std::filesystem;

/// A place for kept packs, where nothing is yet.
struct Folder : vigil::test::TemporaryFolder {
  fs::path kept = path() / "kept";
};

std::string digest(char c) { return std::string(64, c); }

}  // namespace

TEST_CASE("packs and state come back; what the state does not name goes") {
  const Folder folder;
  const KeptPacks kept(folder.kept);
  std::string problem;
  CHECK_FALSE(kept.read(problem));
  CHECK(problem.empty());
  for (const char c : {'a', 'b', 'c', 'd'}) CHECK(kept.keep(digest(c), std::string(100, c)).empty());
  KeptState state;
  state.current = {{"vigil", digest('0'), digest('a'),
                    KeptCandidate{digest('b'), {Stage::kCanary, 525, {"https://ehr.example.org/"}}}},
                   {"folders", "", "", std::nullopt}};
  state.previous = {{"vigil", digest('0'), digest('c'), std::nullopt}};
  state.tried = "vigil";
  CHECK(kept.write(state).empty());
  const auto again = KeptPacks(folder.kept).read(problem);
  REQUIRE(again);
  REQUIRE(again->current.size() == 2);
  CHECK(again->current[0].id == "vigil");
  CHECK(again->current[0].configured == digest('0'));
  CHECK(again->current[0].active == digest('a'));
  REQUIRE(again->current[0].candidate);
  CHECK(again->current[0].candidate->digest == digest('b'));
  CHECK(again->current[0].candidate->terms == state.current[0].candidate->terms);
  CHECK(again->current[1].active.empty());
  CHECK_FALSE(again->current[1].candidate);
  CHECK(again->previous.size() == 1);
  CHECK(again->tried == "vigil");
  for (const char c : {'a', 'b', 'c'}) CHECK(kept.pack(digest(c)) == std::string(100, c));
  CHECK_FALSE(kept.pack(digest('d')));
  CHECK((fs::status(folder.kept / "state.json").permissions() & fs::perms::others_all) == fs::perms::none);
}

TEST_CASE("a state that cannot be read is told, and names are no way out of the folder") {
  const Folder folder;
  const KeptPacks kept(folder.kept);
  CHECK(kept.keep(digest('a'), "x").empty());
  for (const std::string text : {"", "[]", "{\"format\":\"other\"}", "{"}) {
    std::ofstream(folder.kept / "state.json") << text;
    std::string problem;
    CHECK_FALSE(kept.read(problem));
    CHECK(problem.find("cannot be read") != std::string::npos);
  }
  std::ofstream(folder.kept / "state.json")
      << R"({"format":"vigil-activation-1","current":[{"pack":"v","active":"../../secret"},7,
            {"pack":"w","active":"","candidate":{"digest":"../x","stage":"canary","share":-1}}]})";
  std::string problem;
  const auto state = kept.read(problem);
  REQUIRE(state);
  REQUIRE(state->current.size() == 1);
  CHECK(state->current[0].id == "w");
  CHECK_FALSE(state->current[0].candidate);
  CHECK_FALSE(kept.pack("../../secret"));
  CHECK_FALSE(KeptPacks("").exists());
}

TEST_CASE("where nothing can be written, that is said and nothing is lost") {
  const Folder folder;
  std::ofstream(folder.kept) << "a file where the folder should be";
  const KeptPacks kept(folder.kept);
  CHECK_FALSE(kept.keep(digest('a'), "x").empty());
  CHECK_FALSE(kept.write({}).empty());
}
