// SPDX-License-Identifier: Apache-2.0
// Which conditions a table's hash index answers, and that the index holds what a scan would find.
#include <doctest/doctest.h>

#include "unit/program/lowered.h"

using namespace vigil;
using test::lowered_x;

TEST_CASE("a key equal to a column, or a column in keys, is answered by the index and leaves the condition") {
  for (const auto* condition : {"P.note = K", "K = P.note", "P.note in { K, 'other' }"}) {
    const auto lowered = lowered_x(std::string("from ({ 'first' }) K, \"Pairs\" P where ") + condition);
    REQUIRE_MESSAGE(lowered.codes.empty(), condition);
    const auto& query = lowered.query();
    REQUIRE_MESSAGE(query.probes.size() == 1, condition);
    CHECK(query.sources[0].probe == -1);
    CHECK(query.sources[1].probe == 0);
    CHECK_FALSE(query.where);
    CHECK(query.probes[0].column_b == -1);
    CHECK(lowered.program->tables[query.probes[0].table].columns[query.probes[0].column_a] == "note");
    CHECK(verify(*lowered.program).empty());
  }
}

TEST_CASE("two conditions share one index of two columns; what is left stays the condition") {
  const auto lowered =
      lowered_x("from ({ 'first' }) K, ({ 1 }) N, \"Pairs\" P where P.note = K and P.weight > 0.1 and P.rank = N");
  const auto& query = lowered.query();
  REQUIRE(query.probes.size() == 1);
  CHECK(query.probes[0].column_b >= 0);
  CHECK(query.probes[0].keys_b);
  REQUIRE(query.where);
  CHECK((*lowered.program)[query.where].op != Op::kAnd);
  CHECK((*lowered.program)[query.where].op != Op::kEqual);
}

TEST_CASE("what is no key is left to the condition") {
  const auto plain = [](const std::string& query) {
    const auto lowered = lowered_x(query);
    REQUIRE_MESSAGE(lowered.codes.empty(), query);
    CHECK_MESSAGE(lowered.query().probes.empty(), query);
    CHECK_MESSAGE(lowered.query().where, query);
  };
  plain("from ({ 'first' }) K, \"Pairs\" P where P.note = K or P.rank = 1");
  plain("from ({ 'first' }) K, \"Pairs\" P where not (P.note = K)");
  plain("from ({ 'first' }) K, \"Pairs\" P where P.note ~ K");
  plain("from ({ 0.5 }) W, \"Pairs\" P where P.weight = W");
  plain("from \"Pairs\" P, ({ 'first' }) K where K = P.note");  // K is not bound when P's rows are sought
  plain("from \"Pairs\" P where P.a = P.b");
  plain("from ({ 'first' }) K, \"Pairs\" P let L: K where P.note = L");
}

TEST_CASE("a table joined with itself: the second by the first") {
  const auto lowered = lowered_x("from \"Pairs\" P, \"Pairs\" Q where P.b = Q.a");
  const auto& query = lowered.query();
  REQUIRE(query.probes.size() == 1);
  CHECK(query.sources[0].probe == -1);
  CHECK(query.sources[1].probe == 0);
}

TEST_CASE("queries on the same columns share an index; others have their own") {
  const auto text = [](const char* first, const char* second) {
    return std::string(test::kDeclarations) + "define X: from ({ 'first' }) K, \"Pairs\" P where " + first +
           "\ndefine Y: from ({ 'second' }) K, \"Pairs\" P where " + second + "\n";
  };
  CHECK(test::Lowered(text("P.note = K", "P.note = K")).program->table_indexes.size() == 1);
  CHECK(test::Lowered(text("P.note = K", "P.rank = 1")).program->table_indexes.size() == 2);
}

TEST_CASE("the index finds the rows a scan finds, in their order, and no row by null") {
  const auto lowered = lowered_x("from ({ 1 }) N, \"Pairs\" P where P.rank = N");
  const auto& program = *lowered.program;
  REQUIRE(program.table_indexes.size() == 1);
  const auto& index = program.table_indexes[0];
  const auto& rows = program.tables[index.table].rows;
  const auto found = [&](const Value& key) {
    std::vector<uint32_t> all;
    const auto range = index.ranges.find(index_key(key));
    if (range != index.ranges.end())
      for (auto i = range->second.first; i < range->second.second; ++i)
        if (same_key_value(rows[index.rows[i]]->slots[index.column_a], key)) all.push_back(index.rows[i]);
    return all;
  };
  for (const int32_t rank : {1, 2, 3}) {
    std::vector<uint32_t> scanned;
    for (uint32_t row = 0; row < rows.size(); ++row)
      if (same_key_value(rows[row]->slots[index.column_a], Value::of(rank))) scanned.push_back(row);
    CHECK(found(Value::of(rank)) == scanned);
    CHECK(scanned.size() == (rank == 3 ? 0 : 2));  // each row in both directions
  }
  CHECK(index_key(Value::null()) == 0);
  CHECK(found(Value::null()).empty());
}

TEST_CASE("values of different kinds are never one key's value") {
  CHECK_FALSE(same_key_value(Value::of(1), Value::of(true)));
  CHECK_FALSE(same_key_value(Value::null(), Value::null()));
  CHECK(same_key_value(Value::of(1), Value::of(1)));
  CHECK_FALSE(same_key_value(Value::of(1), Value::of(2)));
  CHECK(combine_keys(1, 2) != combine_keys(2, 1));
}
