// SPDX-License-Identifier: Apache-2.0
// Whatever is done to rows afterwards is found; what retention does is not taken for it.
#include <chrono>
#include <thread>

#include "adapters/decision-log/log_fixture.h"

using namespace vigil;
using namespace vigil::test;
using decision_log::DecisionLog;
using decision_log::RowKind;

namespace {

/// Six decisions and one feedback, in two groups at least.
void fill(const TemporaryLog& file, const decision_log::KeyRing& keys) {
  DecisionLog log(file.open(), keys, {.patience = kPatience});
  for (int i = 1; i <= 6; ++i) REQUIRE(append(log, entry(i)));
  REQUIRE(append(log, feedback("c-3")));
}

std::string problem_after(const char* sql, const decision_log::KeyRing& keys) {
  TemporaryLog file;
  fill(file, keys);
  REQUIRE(file.verify(keys).holds);
  file.tamper(sql);
  const auto found = file.verify(keys);
  CHECK_FALSE(found.holds);
  return found.problem;
}

}  // namespace

TEST_CASE("an untouched log holds, also opened again") {
  const auto keys = ring({kKey});
  TemporaryLog file;
  fill(file, keys);
  fill(file, keys);
  const auto found = file.verify(keys);
  CHECK_MESSAGE(found.holds, found.problem);
  CHECK(found.first == 1);
  CHECK(found.last == 14);
  CHECK(found.rows[static_cast<size_t>(RowKind::kDecision)] == 12);
  CHECK(found.rows[static_cast<size_t>(RowKind::kFeedback)] == 2);
}

TEST_CASE("every column that is altered is found, with a key and without") {
  for (const auto& keys : {ring({kKey}), ring({})}) {
    for (const char* sql :
         {"UPDATE record SET open = replace(open, 'r3', 'r9') WHERE number = 3",
          "UPDATE record SET at = at + 1 WHERE number = 3", "UPDATE record SET kind = 2 WHERE number = 3",
          "UPDATE record SET sealed = zeroblob(length(sealed)) WHERE number = 3",
          "UPDATE record SET sealed_hash = zeroblob(32) WHERE number = 3",
          "UPDATE record SET key_id = 'x' WHERE number = 3", "UPDATE record SET hash = zeroblob(32) WHERE number = 3"})
      CHECK_MESSAGE(problem_after(sql, keys).find("row 3") != std::string::npos, sql);
  }
}

TEST_CASE("rows removed, at the beginning, in the middle and at the end, and rows put elsewhere") {
  const auto keys = ring({kKey});
  CHECK(problem_after("DELETE FROM record WHERE number = 4", keys) == "rows from 4 to 4 are missing");
  CHECK(problem_after("DELETE FROM record WHERE number <= 2", keys).find("no checkpoint") != std::string::npos);
  CHECK(problem_after("DELETE FROM record WHERE number >= 6", keys) ==
        "the chain ended at row 7, and the last row is 5");
  CHECK(problem_after("UPDATE record SET number = 99 WHERE number = 2; UPDATE record SET number = 2 WHERE number = 5;"
                      "UPDATE record SET number = 5 WHERE number = 99",
                      keys)
            .find("row 2 was altered") != std::string::npos);
  CHECK(problem_after("UPDATE record SET sealed = NULL WHERE number = 2", keys).find("row 2 was removed") !=
        std::string::npos);
}

TEST_CASE("rows cannot be changed by mistake") {
  TemporaryLog file;
  fill(file, ring({}));
  decision_log::Connection connection;
  REQUIRE(connection.open(file.file(), false, 200).empty());
  CHECK_FALSE(connection.run("DELETE FROM record WHERE number = 2").empty());
  CHECK_FALSE(connection.run("UPDATE record SET open = '{}' WHERE number = 2").empty());
}

TEST_CASE("an end told before shows that the whole was written anew since") {
  const auto keys = ring({kKey});
  TemporaryLog one;
  fill(one, keys);
  const auto end = one.verify(keys);
  const decision_log::ChainEnd anchor{end.last, end.last_hash};
  fill(one, keys);
  CHECK(one.verify(keys, anchor).holds);
  TemporaryLog other;
  {
    DecisionLog log(other.open(), keys, {.patience = kPatience});
    for (int i = 1; i <= 9; ++i) REQUIRE(append(log, entry(10 + i)));
  }
  CHECK(other.verify(keys).holds);
  CHECK(other.verify(keys, anchor).problem == "row 7 is not the one told");
}

TEST_CASE("without its key a keyed chain cannot be verified, nor made") {
  TemporaryLog file;
  fill(file, ring({kKey}));
  CHECK(file.verify(ring({kOtherKey})).problem.find("needs the key") != std::string::npos);
  fill(file, ring({kOtherKey, kKey}));  // the key is changed; the old one only opens
  CHECK(file.verify(ring({kKey, kOtherKey})).holds);
}

TEST_CASE("purging and erasing leave a chain that holds, and say what went") {
  const auto keys = ring({kKey});
  TemporaryLog file;
  {
    decision_log::KeyRing copy = keys;
    auto store = file.open();
    decision_log::LogWriter writer(*store, copy);
    REQUIRE(writer.start().empty());
    REQUIRE(store->begin().empty());
    for (int i = 1; i <= 10; ++i) REQUIRE(writer.add(*decision_log::seal(entry(i, i * 1000), copy)).empty());
    REQUIRE(store->commit().empty());
    writer.keep();
    REQUIRE(store->begin().empty());
    REQUIRE(writer.erase(8000, 20'000).empty());  // rows 1 to 7
    REQUIRE(writer.purge(4000, 20'000).empty());  // rows 1 to 3
    REQUIRE(store->commit().empty());
  }
  auto found = file.verify(keys);
  CHECK_MESSAGE(found.holds, found.problem);
  CHECK(found.first == 4);
  CHECK(found.last == 12);
  CHECK(found.erased == 4);
  fill(file, keys);
  CHECK(file.verify(keys).holds);
  file.tamper("DELETE FROM record WHERE number = 4");
  CHECK_FALSE(file.verify(keys).holds);
}

TEST_CASE(
    "cards go with the decisions that are purged, also where a log is an earlier version's or was tampered with") {
  const auto keys = ring({});
  TemporaryLog file;
  file.open();
  file.tamper("CREATE INDEX card_by_number ON card(number)");
  {
    auto store = file.open();
    decision_log::LogWriter writer(*store, keys);
    REQUIRE(writer.start().empty());
    REQUIRE(store->begin().empty());
    for (int i = 1; i <= 6; ++i) REQUIRE(writer.add(*decision_log::seal(entry(i, i * 1000), keys)).empty());
    REQUIRE(store->commit().empty());
  }
  file.tamper("UPDATE record SET open = 'no JSON' WHERE number = 1");
  const auto store = file.open();
  decision_log::LogWriter writer(*store, keys);
  REQUIRE(writer.start().empty());
  REQUIRE(store->begin().empty());
  REQUIRE(writer.purge(5000, 20'000).empty());  // rows 1 to 4
  REQUIRE(store->commit().empty());
  for (int i = 1; i <= 6; ++i) {
    std::optional<decision_log::LogRow> decision;
    CHECK(store->find_decision("c-" + std::to_string(i), decision).empty());
    CHECK(decision.has_value() == (i > 4));
  }
  decision_log::Connection connection;
  REQUIRE(connection.open(file.file(), /*read_only=*/true, 200).empty());
  decision_log::Statement left(connection,
                               "SELECT count(*), (SELECT count(*) FROM sqlite_master WHERE name = ?) FROM card");
  left.bind_text(1, "card_by_number");
  REQUIRE(left.step());
  CHECK(left.integer(0) == 2);
  CHECK(left.integer(1) == 0);
}

TEST_CASE("a decision is found by its card, whether the index of cards was written since or not") {
  constexpr int kGroups = 8;
  constexpr int kEach = 50;  // some groups write the index, and most do not
  const auto keys = ring({});
  TemporaryLog file;
  const auto find = [](decision_log::LogStore& store, int number) {
    std::optional<decision_log::LogRow> decision;
    REQUIRE(store.find_decision("c-" + std::to_string(number), decision).empty());
    return decision ? decision->number : 0;
  };
  const auto finds_all = [&](decision_log::LogStore& store, int last) {
    for (int i = 1; i <= last; ++i)
      if (find(store, i) != i) return false;
    return find(store, last + 1) == 0;
  };
  for (int group = 0; group < kGroups; ++group) {
    const auto store = file.open();  // again each time: what an earlier one left is caught up with
    decision_log::LogWriter writer(*store, keys);
    REQUIRE(writer.start().empty());
    const auto add = [&](int number) { REQUIRE(writer.add(*decision_log::seal(entry(number), keys)).empty()); };
    REQUIRE(store->begin().empty());
    for (int i = 1; i <= kEach; ++i) add(group * kEach * 3 + i);
    CHECK(finds_all(*store, group * kEach * 3 + kEach));  // within the transaction too
    REQUIRE(store->commit().empty());
    writer.keep();
    REQUIRE(store->begin().empty());
    for (int i = 0; i < 3 * kEach; ++i) add(100'000 + i);
    store->roll_back();
    writer.forget();
    CHECK(find(*store, 100'000) == 0);
    REQUIRE(store->begin().empty());
    for (int i = kEach + 1; i <= 3 * kEach; ++i) add(group * kEach * 3 + i);
    REQUIRE(store->commit().empty());
    CHECK(finds_all(*store, (group + 1) * kEach * 3));
  }
  CHECK(file.verify(keys).holds);
  decision_log::Connection connection;
  REQUIRE(connection.open(file.file(), /*read_only=*/true, 200).empty());
  decision_log::Statement indexed(connection,
                                  "SELECT count(*), count(DISTINCT number), (SELECT through FROM indexed) FROM card");
  REQUIRE(indexed.step());
  CHECK(indexed.integer(0) == indexed.integer(2));
  CHECK(indexed.integer(1) == indexed.integer(2));
}

TEST_CASE("a card purged while it waits for the index does not come back") {
  constexpr int kRows = 100;
  const auto keys = ring({});
  TemporaryLog file;
  const auto store = file.open();
  decision_log::LogWriter writer(*store, keys);
  REQUIRE(writer.start().empty());
  REQUIRE(store->begin().empty());
  for (int i = 1; i <= kRows; ++i) REQUIRE(writer.add(*decision_log::seal(entry(i, i * 1000), keys)).empty());
  REQUIRE(store->commit().empty());
  writer.keep();
  REQUIRE(store->begin().empty());
  REQUIRE(writer.purge(51'000, 200'000).empty());
  REQUIRE(store->commit().empty());
  writer.keep();
  for (int i = 1; i <= kRows; ++i) {
    std::optional<decision_log::LogRow> decision;
    CHECK(store->find_decision("c-" + std::to_string(i), decision).empty());
    CHECK(decision.has_value() == (i > 50));
  }
  decision_log::Connection connection;
  REQUIRE(connection.open(file.file(), /*read_only=*/true, 200).empty());
  decision_log::Statement left(connection, "SELECT count(*) FROM card");
  REQUIRE(left.step());
  CHECK(left.integer(0) == kRows - 50);
}

TEST_CASE("what is written is moved out of the write-ahead log meanwhile, and all of it is there") {
  TemporaryLog file;
  const auto keys = ring({kKey});
  constexpr int kRows = 300;  // some 1,200 pages: the writer would not move them yet
  {
    auto store = file.open();
    decision_log::LogWriter writer(*store, keys);
    REQUIRE(writer.start().empty());
    for (int i = 1; i <= kRows; ++i) {
      auto one = entry(i);
      for (int k = 0; k < 4000; ++k) one.open.insert(one.open.size() - 1, " ");
      REQUIRE(store->begin().empty());
      REQUIRE(writer.add(*decision_log::seal(std::move(one), keys)).empty());
      REQUIRE(store->commit().empty());
    }
    for (int i = 0; i < 3000 && std::filesystem::file_size(file.file()) < 1'000'000; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    CHECK(std::filesystem::file_size(file.file()) >= 1'000'000);
  }
  const auto found = file.verify(keys);
  CHECK_MESSAGE(found.holds, found.problem);
  CHECK(found.last == kRows);
}
