// SPDX-License-Identifier: Apache-2.0
#include "terminology/concept_set.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

using namespace vigil;

namespace {

void check_against(const ConceptSet& set, std::vector<ConceptId> ids, ConceptId up_to) {
  std::ranges::sort(ids);
  for (ConceptId id = 0; id <= up_to; ++id)
    REQUIRE_MESSAGE(set.contains(id) == std::ranges::binary_search(ids, id), id);
}

}  // namespace

TEST_CASE("the empty set holds nothing") {
  const ConceptSet set{std::vector<ConceptId>{}};
  CHECK_FALSE(set.contains(0));
  CHECK_FALSE(set.contains(1));
  CHECK_FALSE(set.contains(UINT32_MAX));
  CHECK(set.ids().empty());
}

TEST_CASE("ids are sorted, without repeats and without 0") {
  const ConceptSet set({7, 0, 3, 7, 5});
  CHECK(std::ranges::equal(set.ids(), std::vector<ConceptId>{3, 5, 7}));
  CHECK_FALSE(set.contains(0));
}

TEST_CASE("dense and sparse sets answer alike") {
  std::vector<ConceptId> dense;
  std::vector<ConceptId> sparse;
  for (ConceptId id = 100; id < 400; id += 3) dense.push_back(id);
  for (ConceptId id = 100; id < 40000; id += 997) sparse.push_back(id);
  check_against(ConceptSet(dense), dense, 1000);
  check_against(ConceptSet(sparse), sparse, 41000);
}

TEST_CASE("ids of a snapshot, above all concepts, are in no set") {
  for (const auto& ids : {std::vector<ConceptId>{1, 2, 3}, std::vector<ConceptId>{1, 4000000000}}) {
    const ConceptSet set(ids);
    CHECK(set.contains(1));
    CHECK_FALSE(set.contains(UINT32_MAX));
    CHECK_FALSE(set.contains(64));
    CHECK_FALSE(set.contains(65));
  }
}
