// SPDX-License-Identifier: Apache-2.0
#include "terminology/hierarchy.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <vector>

using namespace vigil;

namespace {

using Rows = std::vector<RelationIndex::Pair>;

/// Reachability by plain search: the slow truth.
bool reaches(const Rows& rows, ConceptId from, ConceptId to) {
  std::set<ConceptId> seen{from};
  std::vector<ConceptId> open{from};
  while (!open.empty()) {
    const ConceptId id = open.back();
    open.pop_back();
    if (id == to) return true;
    for (const auto& [child, parent] : rows)
      if (child == id && seen.insert(parent).second) open.push_back(parent);
  }
  return false;
}

}  // namespace

TEST_CASE("a diamond is closed, and subsumption is reflexive") {
  const auto hierarchy = close_hierarchy({{4, 2}, {4, 3}, {2, 1}, {3, 1}});
  CHECK(std::ranges::equal(hierarchy.ancestors.related(4), std::vector<ConceptId>{1, 2, 3}));
  CHECK(hierarchy.subsumes(1, 4));
  CHECK(hierarchy.subsumes(4, 4));
  CHECK(hierarchy.subsumes(99, 99));
  CHECK_FALSE(hierarchy.subsumes(4, 1));
  CHECK_FALSE(hierarchy.subsumes(2, 3));
  CHECK(hierarchy.cycles.empty());
}

TEST_CASE("a cycle is told and left out, what leads to it and from it stays") {
  const auto hierarchy = close_hierarchy({{1, 2}, {2, 3}, {3, 4}, {4, 2}, {4, 5}, {5, 6}});
  REQUIRE(hierarchy.cycles.size() == 1);
  CHECK(hierarchy.cycles[0] == std::vector<ConceptId>{2, 3, 4});
  CHECK(hierarchy.subsumes(2, 1));
  CHECK(hierarchy.subsumes(6, 4));
  CHECK_FALSE(hierarchy.subsumes(3, 2));
  CHECK_FALSE(hierarchy.subsumes(2, 3));
}

TEST_CASE("a concept that is its own parent is a cycle, told once") {
  const auto hierarchy = close_hierarchy({{1, 1}, {1, 1}, {1, 2}});
  CHECK(hierarchy.cycles == std::vector<std::vector<ConceptId>>{{1}});
  CHECK(hierarchy.subsumes(2, 1));
}

TEST_CASE("a deep chain needs no recursion") {
  Rows rows;
  for (ConceptId id = 1; id < 3000; ++id) rows.emplace_back(id, id + 1);
  const auto hierarchy = close_hierarchy(rows);
  CHECK(hierarchy.subsumes(3000, 1));
  CHECK_FALSE(hierarchy.subsumes(1, 3000));
}

TEST_CASE("VGL1109: a hierarchy beyond the limit is left out and says so") {
  Rows rows;
  for (ConceptId id = 1; id < 100; ++id) rows.emplace_back(id, id + 1);
  const auto hierarchy = close_hierarchy(rows, 1000);
  CHECK(hierarchy.too_large);
  CHECK_FALSE(hierarchy.subsumes(2, 1));
  CHECK_FALSE(close_hierarchy(rows, 99 * 100 / 2).too_large);
  DiagnosticSink sink;
  report_problems(hierarchy, ConceptTable(), sink);
  REQUIRE(sink.all().size() == 1);
  CHECK(sink.all()[0].code == "VGL1109");
}

TEST_CASE("random hierarchies: the closure is reachability over the rows that are kept") {
  std::mt19937 random(1107);
  for (int round = 0; round < 60; ++round) {
    const auto below = [&](ConceptId bound) { return static_cast<ConceptId>(random() % bound); };
    const ConceptId nodes = 3 + below(10);
    const ConceptId row_count = nodes + below(nodes);
    Rows rows;
    for (uint32_t i = 0; i < row_count; ++i) rows.emplace_back(1 + below(nodes), 1 + below(nodes));
    const auto hierarchy = close_hierarchy(rows);
    Rows kept;
    for (const auto& row : rows)  // a row stays unless its parent leads back to its child
      if (row.first != row.second && !reaches(rows, row.second, row.first)) kept.push_back(row);
    for (ConceptId a = 1; a <= nodes; ++a)
      for (ConceptId b = 1; b <= nodes; ++b) REQUIRE(hierarchy.subsumes(a, b) == reaches(kept, b, a));
  }
}
