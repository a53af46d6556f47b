// SPDX-License-Identifier: Apache-2.0
// Packed knowledge bases: the same bytes twice, the same knowledge back, and no damage taken for knowledge.
#include "knowledge/packed_knowledge.h"

#include <doctest/doctest.h>

#include <string>

using namespace vigil;

namespace {

KnowledgeInventory starter() {
  DiagnosticSink sink;
  auto inventory = take_inventory(std::string(VIGIL_SOURCE_DIR) + "/knowledge-base", sink);
  REQUIRE(sink.all().empty());
  return inventory;
}

struct Unpacked {
  KnowledgeInventory inventory;
  std::vector<Diagnostic> problems;
};

Unpacked unpack(std::string_view bytes) {
  Unpacked result;
  DiagnosticSink sink;
  KnowledgeBaseBuilder builder;
  result.inventory.sources = unpack_knowledge(bytes, "test.vkb", builder, sink);
  result.inventory.knowledge = builder.build(sink);
  result.problems = sink.take();
  return result;
}

}  // namespace

TEST_CASE("a knowledge base packs to the same bytes twice, and comes back the same") {
  const auto inventory = starter();
  const auto bytes = pack_knowledge(inventory);
  CHECK(bytes == pack_knowledge(starter()));
  const auto back = unpack(bytes);
  CHECK(back.problems.empty());
  CHECK(back.inventory.knowledge->digest() == inventory.knowledge->digest());
  CHECK(back.inventory.knowledge->concept_count() == inventory.knowledge->concept_count());
  CHECK(back.inventory.sources.name == inventory.sources.name);
  CHECK(back.inventory.sources.tables.size() == inventory.sources.tables.size());
  CHECK(back.inventory.sources.tables.front().source.provenance.licence ==
        inventory.sources.tables.front().source.provenance.licence);
  CHECK(pack_knowledge(back.inventory) == bytes);
}

TEST_CASE("it may be loaded on top of other knowledge") {
  const auto inventory = starter();
  const auto bytes = pack_knowledge(inventory);
  DiagnosticSink sink;
  KnowledgeBaseBuilder builder;
  builder.intern("urn:test", "first");
  unpack_knowledge(bytes, "test.vkb", builder, sink);
  const auto knowledge = builder.build(sink);
  CHECK(sink.all().empty());
  const auto warfarin = knowledge->find_concept("http://www.nlm.nih.gov/research/umls/rxnorm", "855332");
  REQUIRE(warfarin != 0);
  CHECK(knowledge->display(warfarin) == "warfarin sodium 5 MG Oral Tablet");
  CHECK(knowledge->related(Relation::kIngredient, warfarin).size() == 1);
  CHECK(knowledge->is_member(*knowledge->find_value_set("urn:vigil:valueset:warfarin"), warfarin));
}

TEST_CASE("damage, another version and other files are refused") {
  auto bytes = pack_knowledge(starter());
  const auto message = [](std::string_view text) {
    const auto result = unpack(text);
    return result.problems.empty() ? std::string() : result.problems.front().message;
  };
  CHECK(message("VIGILKB\n").find("no packed knowledge base") != std::string::npos);
  CHECK(message(std::string_view(bytes).substr(0, bytes.size() - 1)).find("checksum") != std::string::npos);
  auto changed = bytes;
  changed[bytes.size() / 2] = static_cast<char>(changed[bytes.size() / 2] ^ 1);
  CHECK(message(changed).find("checksum") != std::string::npos);
  bytes[8] = 1;
  CHECK(message(bytes).find("layout version 1") != std::string::npos);
}
