// SPDX-License-Identifier: Apache-2.0
#include "terminology/relation_index.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

using namespace vigil;

TEST_CASE("rows are found by their first concept, sorted and each once") {
  const RelationIndex index({{5, 9}, {3, 2}, {5, 1}, {5, 9}, {7, 7}});
  CHECK(std::ranges::equal(index.related(5), std::vector<ConceptId>{1, 9}));
  CHECK(std::ranges::equal(index.related(3), std::vector<ConceptId>{2}));
  CHECK(std::ranges::equal(index.related(7), std::vector<ConceptId>{7}));
  for (const ConceptId none : {0u, 1u, 2u, 4u, 6u, 8u, 9u, UINT32_MAX}) CHECK(index.related(none).empty());
}

TEST_CASE("an index without rows answers") {
  for (const ConceptId id : {0u, 1u, UINT32_MAX}) CHECK(RelationIndex().related(id).empty());
  CHECK(RelationIndex(std::vector<RelationIndex::Pair>{}).related(1).empty());
}

TEST_CASE("for_each visits all rows in order") {
  const std::vector<RelationIndex::Pair> rows = {{1, 4}, {2, 1}, {2, 3}, {9, 9}};
  std::vector<RelationIndex::Pair> seen;
  RelationIndex(rows).for_each([&](ConceptId from, ConceptId to) { seen.emplace_back(from, to); });
  CHECK(seen == rows);
}
