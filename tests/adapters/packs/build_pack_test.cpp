// SPDX-License-Identifier: Apache-2.0
// Building and trying packs: what may go in, what they need, and that their tests pass.
#include "packs/build_pack.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "adapters/packs/pack_fixture.h"

using namespace vigil;

namespace {

bool tells(const std::vector<Diagnostic>& problems, std::string_view code, std::string_view part) {
  return std::ranges::any_of(
      problems, [&](const Diagnostic& one) { return one.code == code && one.message.find(part) != std::string::npos; });
}

std::vector<Diagnostic> tried(const PackFile& pack, const PackSurroundings& surroundings = {}) {
  DiagnosticSink sink;
  auto result = try_pack(pack, surroundings, sink);
  CHECK((usable_rulebook(result, sink) != nullptr) == !sink.has_errors());
  return sink.take();
}

}  // namespace

TEST_CASE("the same folder gives the same bytes, and they open again") {
  const auto pack = small_pack();
  const auto bytes = pack.to_bytes();
  CHECK(small_pack().to_bytes() == bytes);
  DiagnosticSink sink;
  const auto again = open_pack(bytes, "one.vigilpack", sink);
  REQUIRE(again);
  CHECK(again->manifest.name == "one");
  CHECK(again->manifest.version == "1.0.0");
  REQUIRE(again->manifest.rules.size() == 1);
  CHECK(again->manifest.rules[0].library == "One");
  CHECK(again->manifest.rules[0].hooks == std::vector<std::string>{"patient-view"});
  CHECK(again->manifest.files.size() == 2);
  CHECK(again->manifest.language == rule_language());
  CHECK(again->to_bytes() == bytes);
  CHECK(tried(*again).empty());
}

TEST_CASE("VGL1246: rules without tests, or whose tests fail, are not packed") {
  const test::TemporaryFolder folder;
  folder.write("pack.json", manifest_text());
  folder.write("one.vigil", rule_text("due", "interruptive"));
  auto built = build_folder(folder);
  CHECK_FALSE(built.pack.pack);
  CHECK(tells(built.problems, "VGL1246", "1 of 1 fail"));
  CHECK(built.pack.tried.failed_tests() == 1);
  auto text = rule_text();
  folder.write("one.vigil", text.substr(0, text.find("test ")));
  built = build_folder(folder);
  CHECK_FALSE(built.pack.pack);
  CHECK(tells(built.problems, "VGL1246", "there are none"));
}

TEST_CASE("VGL1248: links, foreign files, and names that may not stand in a pack") {
  const test::TemporaryFolder folder;
  folder.write("pack.json", manifest_text());
  folder.write("one.vigil", rule_text());
  folder.write(".hidden/secret", "x");
  CHECK(build_folder(folder).pack.pack);
  std::filesystem::create_symlink("/etc/passwd", folder.path() / "users.txt");
  CHECK(tells(build_folder(folder).problems, "VGL1248", "users.txt` cannot be packed: it is a link"));
  std::filesystem::remove(folder.path() / "users.txt");
  std::filesystem::create_directory_symlink("/etc", folder.path() / "etc");
  CHECK(tells(build_folder(folder).problems, "VGL1248", "etc` cannot be packed: it is a link"));
  std::filesystem::remove(folder.path() / "etc");
  folder.write("tool.so", "x");
  CHECK(tells(build_folder(folder).problems, "VGL1248", "a pack holds rules, value sets and texts"));
  std::filesystem::remove(folder.path() / "tool.so");
  folder.write("a b.md", "x");
  CHECK(tells(build_folder(folder).problems, "VGL1248", "its name may not stand in a pack"));
}

TEST_CASE("VGL1248: pack.json must say what people decide") {
  const test::TemporaryFolder folder;
  folder.write("one.vigil", rule_text());
  CHECK(tells(build_folder(folder).problems, "VGL1202", "pack.json"));
  folder.write("pack.json", R"({"name":"one","version":"1","licence":"CC0-1.0"})");
  CHECK(tells(build_folder(folder).problems, "VGL1248", "it lacks a list of `authors`"));
  folder.write("pack.json", R"({"name":"one","version":"1","authors":["A"]})");
  CHECK(tells(build_folder(folder).problems, "VGL1248", "it lacks a `licence`"));
  folder.write("pack.json", "{");
  CHECK(tells(build_folder(folder).problems, "VGL1248", "it lacks"));
}

TEST_CASE("VGL1245: what the engine or the knowledge base does not have") {
  auto pack = small_pack();
  const auto needs = [&](auto change) {
    auto other = pack;
    change(other.manifest);
    return tried(other);
  };
  CHECK(tells(needs([](PackManifest& m) { m.language = "9.0"; }), "VGL1245", "version 9.0 of the rule language"));
  CHECK(tells(needs([](PackManifest& m) { m.engine = "99.0.0"; }), "VGL1245", "version 99.0.0 of the engine"));
  CHECK(tells(needs([](PackManifest& m) { m.features = {"telepathy"}; }), "VGL1245", "the feature `telepathy`"));
  CHECK(needs([](PackManifest& m) { m.features = {"tables", "tests"}; }).empty());
  CHECK(tells(needs([](PackManifest& m) {
                m.knowledge = {"Drugs", "2.0", ""};
              }),
              "VGL1245", "here is no knowledge base"));
}

TEST_CASE("VGL1249: the knowledge base has other content than the pack was made with") {
  const test::TemporaryFolder folder;
  folder.write("kb/manifest.json", R"({"name":"Drugs","version":"1.2.0","value_sets":["sets"]})");
  folder.write("kb/sets/one.csv", "url,system,code\nurn:a,urn:s,1\n");
  folder.write("rules/pack.json", manifest_text("1.0.0", R"({"knowledge":{"name":"Drugs","version":"1.1.0"}})"));
  folder.write("rules/one.vigil", rule_text());
  folder.write("rules/value-sets/own.csv", "url,system,code\nurn:own,urn:s,2\n");
  const PackSurroundings here{{folder / "kb"}, {}, false};
  DiagnosticSink sink;
  const auto built = build_pack({.folder = folder.path() / "rules", .manifest = {}, .includes = {}}, here, sink);
  for (const auto& one : sink.all()) INFO(one.message);
  REQUIRE(built.pack);
  CHECK(built.pack->manifest.knowledge.version == "1.1.0");
  CHECK(built.pack->manifest.knowledge.digest.size() == 16);
  CHECK(built.tried.compilation->rulebook->knowledge().find_value_set("urn:own"));
  CHECK(tried(*built.pack, here).empty());
  folder.write("kb/sets/one.csv", "url,system,code\nurn:a,urn:s,1\nurn:a,urn:s,3\n");
  auto problems = tried(*built.pack, here);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].code == "VGL1249");
  CHECK(problems[0].severity == Severity::kWarning);
  auto exact = here;
  exact.wants_exact_knowledge = true;
  problems = tried(*built.pack, exact);
  CHECK(problems[0].severity == Severity::kError);
  folder.write("kb/manifest.json", R"({"name":"Drugs","version":"1.0.9","value_sets":["sets"]})");
  CHECK(tells(tried(*built.pack, here), "VGL1245", "here is `Drugs` 1.0.9"));
}
