// SPDX-License-Identifier: Apache-2.0
// Decisions that follow one another name the row that holds their patient's record.
#include <doctest/doctest.h>

#include <string>

#include "log_fixture.h"

using namespace vigil;
using namespace vigil::test;
using decision_log::LogWriter;
using decision_log::RecordMemory;

namespace {

constexpr Instant kShared = decision_log::kRecordShared.count();

std::string record(char letter, size_t size = 2000) {
  return R"({"resourceType":"Bundle","id":")" + std::string(size, letter) + "\"}";
}

/// A writer on a file of its own; each group is a transaction.
struct Written {
  Written() { REQUIRE(writer.start().empty()); }
  void add(std::initializer_list<decision_log::Entry> group, bool commits = true) {
    REQUIRE(store->begin().empty());
    for (auto one : group) REQUIRE(writer.add(*seal(std::move(one), keys, &writer.records())).empty());
    if (commits) {
      REQUIRE(store->commit().empty());
      writer.keep();
    } else {
      store->roll_back();
      writer.forget();
    }
  }
  std::string record(int64_t number) { return find_record(*store, reader, keys, number).text; }
  int64_t named(int64_t number) { return find_record(*store, reader, keys, number).row; }

  const decision_log::KeyRing keys = ring({kKey});
  TemporaryLog file;
  std::unique_ptr<decision_log::LogStore> store = file.open();
  LogWriter writer{*store, keys};
  decision_log::RecordReader reader{*store, keys};
};

}  // namespace

TEST_CASE("a record is held once, and read of every decision it is of") {
  Written log;
  log.add({entry(1, 1000, record('a')), entry(2, 1000, record('b'))});
  log.add({entry(3, 2000, record('a')), entry(4, 2000, record('b')), entry(5, 2000, record('c'))});
  log.add({entry(6, 3000, record('c')), entry(7, 3000, record('a'))});
  CHECK(log.named(1) == 0);
  CHECK(log.named(3) == 1);
  CHECK(log.named(4) == 2);
  CHECK(log.named(5) == 0);
  CHECK(log.named(6) == 5);
  CHECK(log.named(7) == 1);
  const std::string letters = "ababcca";
  for (int64_t i = 1; i <= 7; ++i) CHECK(log.record(i) == record(letters[static_cast<size_t>(i - 1)]));
  CHECK(row_of(*log.store, 3).sealed->size() < row_of(*log.store, 1).sealed->size());
  const auto found = log.file.verify(log.keys);
  CHECK_MESSAGE(found.holds, found.problem);
}

TEST_CASE("what was not committed, is short, or is of long ago is not named") {
  Written log;
  log.add({entry(1, 1000, record('a'))}, /*commits=*/false);
  log.add({entry(1, 1000, record('a')), entry(2, 1000, record('s', 100))});
  log.add({entry(3, 1000 + kShared, record('a')), entry(4, 1001 + kShared, record('a')),
           entry(5, 1000, record('s', 100)), entry(6, 999, record('a'))});
  CHECK(log.named(1) == 0);
  CHECK(log.named(3) == 1);
  CHECK(log.named(4) == 0);
  CHECK(log.named(5) == 0);
  CHECK(log.named(6) == 0);  // its time is before
  for (const int64_t number : {1, 3, 4, 6}) CHECK(log.record(number) == record('a'));
  CHECK(log.record(5) == record('s', 100));
}

TEST_CASE("what stays after purging and erasing has its records; what was erased says so") {
  Written log;
  constexpr Instant kNow = 100 * kShared;
  const std::chrono::milliseconds kept(kShared * 50);
  for (int i = 0; i < 60; ++i) log.add({entry(i, kNow - kept.count() + (i - 30) * kShared / 6, record('a'))});
  REQUIRE(log.store->begin().empty());
  REQUIRE(log.writer.erase(decision_log::oldest_kept(kNow, kept), kNow).empty());
  REQUIRE(log.store->commit().empty());
  log.writer.keep();
  int erased = 0;
  for (int64_t number = 1; number <= 60; ++number) {
    const auto row = row_of(*log.store, number);
    erased += row.sealed ? 0 : 1;
    if (row.at >= kNow - kept.count()) CHECK(log.record(number) == record('a'));
  }
  CHECK(erased > 10);
  // Without the time that records are shared, some would not.
  REQUIRE(log.store->begin().empty());
  REQUIRE(log.writer.erase(kNow - kept.count(), kNow).empty());
  REQUIRE(log.store->commit().empty());
  log.writer.keep();
  decision_log::RecordReader reader(*log.store, log.keys);
  int lost = 0;
  for (int64_t number = 1; number <= 60; ++number)
    lost +=
        row_of(*log.store, number).sealed && find_record(*log.store, reader, log.keys, number).text == "erased" ? 1 : 0;
  CHECK(lost > 0);
  const auto found = log.file.verify(log.keys);
  CHECK_MESSAGE(found.holds, found.problem);
}

TEST_CASE("a record whose row needs another key cannot be read") {
  Written log;
  log.add({entry(1, 1000, record('a'))});
  log.add({entry(2, 1000, record('a'))});
  const auto other = ring({kOtherKey});
  decision_log::RecordReader reader(*log.store, other);
  const auto secret = decision_log::open_text(row_of(*log.store, 2), log.keys);
  const auto held = reader.record_of(*decision_log::split_secret(*secret));
  CHECK(held.state == decision_log::RecordState::kUnreadable);
}

TEST_CASE("the memory of records is bounded, forgets the oldest first, and tells texts apart") {
  RecordMemory memory;
  const auto id = [&](int i) { return *memory.id(record('r', 20) + std::to_string(i)); };
  CHECK(id(1) == id(1));
  CHECK(id(1) != id(2));
  CHECK(*RecordMemory().id("text") != *memory.id("text"));  // a key of its own
  constexpr int kMany = 10'000;
  for (int i = 0; i < kMany; ++i) memory.remember(id(i), i + 1, 1000);
  CHECK(memory.find(id(0), 1000) == 0);
  int known = 0;
  for (int i = 0; i < kMany; ++i) {
    const auto number = memory.find(id(i), 1000);
    if (number == 0) continue;
    CHECK(number == i + 1);
    ++known;
  }
  CHECK(known > 5000);
  CHECK(known < kMany);
  memory.remember(id(kMany - 1), 77, 2000);
  CHECK(memory.find(id(kMany - 1), 2000) == 77);
}

TEST_CASE("naming a row for the record leaves the rest of a secret text") {
  for (const size_t size : {0u, 1u, 700u, 70'000u}) {
    auto secret = entry(1, 1000, std::string(size, 'q')).secret;
    const auto head = std::string(decision_log::split_secret(secret)->head);
    decision_log::name_record(secret, 4711);
    const auto parts = decision_log::split_secret(secret);
    REQUIRE(parts);
    CHECK(parts->head == head);
    CHECK(parts->record == "4711");
    CHECK(parts->drafts.empty());
    CHECK(parts->body == "{}");
  }
}
