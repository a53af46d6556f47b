// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <random>
#include <set>
#include <vector>

#include <vigil/knowledge_base.h>

using namespace vigil;

namespace {

using Step = std::function<void(KnowledgeBaseBuilder&)>;

ConceptId concept_of(KnowledgeBaseBuilder& builder, std::string_view code) { return builder.intern("urn:s", code); }

Step value_set(const std::vector<std::string_view>& codes, std::string_view version = "1") {
  return [=](KnowledgeBaseBuilder& builder) {
    std::vector<ConceptId> members;
    for (const auto code : codes) members.push_back(concept_of(builder, code));
    DiagnosticSink sink;
    builder.add_value_set("urn:vs", version, "A", members, sink);
  };
}
Step relation(Relation kind, std::string_view from, std::string_view to) {
  return [=](KnowledgeBaseBuilder& builder) {
    builder.add_relation(kind, concept_of(builder, from), concept_of(builder, to));
  };
}
Step parent(std::string_view child, std::string_view above) {
  return [=](KnowledgeBaseBuilder& builder) {
    builder.add_parent(concept_of(builder, child), concept_of(builder, above));
  };
}
Step display(std::string_view code, std::string_view text) {
  return [=](KnowledgeBaseBuilder& builder) { builder.name(concept_of(builder, code), text); };
}
Step table(std::string_view name, std::string_view code, int32_t number) {
  return [=](KnowledgeBaseBuilder& builder) {
    builder.begin_table(name, {{"c", ColumnType::kCode}, {"n", ColumnType::kInteger}});
    builder.add_row(std::array{builder.code_cell(concept_of(builder, code)), Value::of(number)});
  };
}

const std::vector<Step> kSteps = {
    value_set({"1", "2"}),
    relation(Relation::kIngredient, "3", "1"),
    parent("1", "2"),
    display("1", "one"),
    table("T", "1", 5),
    table("U", "9", 6),
    [](KnowledgeBaseBuilder& builder) { builder.add_no_allergy(concept_of(builder, "4")); }};

uint64_t digest(const std::vector<Step>& steps) {
  KnowledgeBaseBuilder builder;
  for (const Step& step : steps) step(builder);
  DiagnosticSink sink;
  return builder.build(sink)->digest();
}

}  // namespace

TEST_CASE("the digest is the same in any order of loading") {
  const uint64_t expected = digest(kSteps);
  std::mt19937 random(7);
  for (int round = 0; round < 30; ++round) {
    auto steps = kSteps;
    std::shuffle(steps.begin(), steps.end(), random);
    CHECK(digest(steps) == expected);
  }
  auto twice = kSteps;
  twice.insert(twice.end(), kSteps.begin(), kSteps.end());
  CHECK(digest(twice) == expected);
}

TEST_CASE("each change of the content changes the digest") {
  std::vector<std::vector<Step>> contents = {{}, kSteps};
  for (size_t i = 0; i < kSteps.size(); ++i) {
    contents.push_back(kSteps);
    contents.back().erase(contents.back().begin() + static_cast<ptrdiff_t>(i));
  }
  const auto instead = [&](size_t i, Step step) {
    contents.push_back(kSteps);
    contents.back()[i] = std::move(step);
  };
  instead(0, value_set({"1"}));
  instead(0, value_set({"1", "2"}, "2"));
  instead(1, relation(Relation::kIngredient, "1", "3"));
  instead(1, relation(Relation::kRoute, "3", "1"));
  instead(2, parent("2", "1"));
  instead(3, display("1", "two"));
  instead(4, table("T", "1", 6));
  instead(4, table("T", "2", 5));
  std::set<uint64_t> digests;
  for (const auto& steps : contents) digests.insert(digest(steps));
  CHECK(digests.size() == contents.size());
}

TEST_CASE("the digest of a content is fixed: it names knowledge bases on disk and in logs") {
  CHECK(digest({}) == 0x7c7ad4dbb2288693);
  CHECK(digest({display("1", "one")}) == 0x44752ba37c206f15);
}
