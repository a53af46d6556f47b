// SPDX-License-Identifier: Apache-2.0
// Groups, confirmations, stores that fail or hang, feedback and what is remembered of it.
#include <atomic>
#include <thread>

#include "adapters/decision-log/log_fixture.h"

using namespace vigil;
using namespace vigil::test;
using decision_log::DecisionLog;
using decision_log::LogOptions;
using decision_log::WhenFull;

namespace {

/// Passes on to a real store, and fails or hangs when told to.
class FaultyStore : public decision_log::LogStore {
 public:
  FaultyStore(std::unique_ptr<LogStore> store, std::atomic<bool>& fails, std::atomic<int>& hangs)
      : store_(std::move(store)), fails_(fails), hangs_(hangs) {}
  std::string read_end(decision_log::ChainEnd& end) override { return store_->read_end(end); }
  std::string begin() override { return store_->begin(); }
  std::string add(const decision_log::LogRow& row) override { return store_->add(row); }
  std::string add_card(std::string_view uuid, int64_t number) override { return store_->add_card(uuid, number); }
  std::string add_acknowledged(const decision_log::Acknowledged& one) override { return store_->add_acknowledged(one); }
  std::string erase_sealed(int64_t through) override { return store_->erase_sealed(through); }
  std::string purge(int64_t through, Instant before) override { return store_->purge(through, before); }
  std::string commit() override {
    std::this_thread::sleep_for(std::chrono::milliseconds(hangs_.load()));
    return fails_ ? "the disk is full" : store_->commit();
  }
  void roll_back() override { store_->roll_back(); }
  std::string find_decision(std::string_view card, std::optional<decision_log::LogRow>& decision) override {
    return store_->find_decision(card, decision);
  }
  std::string read_acknowledged(const decision_log::Hash& person,
                                std::vector<decision_log::Acknowledged>& found) override {
    return fails_ ? "the disk is gone" : store_->read_acknowledged(person, found);
  }
  std::string find_before(Instant before, bool with_sealed, int64_t& number) override {
    return store_->find_before(before, with_sealed, number);
  }
  std::string each(int64_t from, const std::function<bool(const decision_log::LogRow&)>& visit) override {
    return store_->each(from, visit);
  }
  std::string probe() override { return fails_ ? "the disk is full" : ""; }

 private:
  std::unique_ptr<LogStore> store_;
  std::atomic<bool>& fails_;
  std::atomic<int>& hangs_;
};

struct Faulty {
  explicit Faulty(LogOptions options)
      : log(std::make_unique<FaultyStore>(file.open(), fails, hangs), ring({}), options) {}
  TemporaryLog file;
  std::atomic<bool> fails{false};
  std::atomic<int> hangs{0};
  DecisionLog log;
};

}  // namespace

TEST_CASE("many at once are committed in groups, each once, and all are there") {
  TemporaryLog file;
  constexpr int kThreads = 4;
  constexpr int kEach = 250;
  {
    DecisionLog log(file.open(), ring({kKey}), {});
    std::vector<std::thread> threads;
    std::atomic<int> confirmed{0};
    for (int t = 0; t < kThreads; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < kEach; ++i)
          log.append(entry(t * kEach + i), [&](bool recorded) { confirmed += recorded ? 1 : 0; });
      });
    for (auto& thread : threads) thread.join();
    while (confirmed < kThreads * kEach) std::this_thread::yield();
    CHECK(log.counts().recorded == kThreads * kEach);
    CHECK(log.counts().groups <= kThreads * kEach);
  }
  const auto found = file.verify(ring({kKey}));
  CHECK_MESSAGE(found.holds, found.problem);
  CHECK(found.last == kThreads * kEach);
}

TEST_CASE("under load commits are shared; whoever calls alone does not wait for others") {
  Faulty faulty({});
  faulty.hangs = 2;  // a commit takes a while, as it does on a disk
  constexpr int kThreads = 8;
  constexpr int kEach = 25;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) CHECK(append(faulty.log, entry(t * kEach + i)));
    });
  for (auto& thread : threads) thread.join();
  const auto shared = faulty.log.counts();
  CHECK(shared.recorded == kThreads * kEach);
  CHECK(shared.groups * 3 <= shared.recorded);
  for (int i = 0; i < 10; ++i) CHECK(append(faulty.log, entry(1000 + i)));
  CHECK(faulty.log.counts().groups == shared.groups + 10);
}

TEST_CASE("a store that fails: block tells the caller, and goes on when the store does") {
  Faulty faulty({.when_full = WhenFull::kBlock});
  CHECK(append(faulty.log, entry(1)));
  faulty.fails = true;
  CHECK_FALSE(append(faulty.log, entry(2)));
  CHECK_FALSE(faulty.log.counts().writable);
  CHECK(faulty.log.counts().refused == 1);
  faulty.fails = false;
  for (int i = 0; i < 100 && !faulty.log.counts().writable; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(faulty.log.counts().writable);
  CHECK(append(faulty.log, entry(3)));
  CHECK(faulty.log.counts().end.number == 2);
  CHECK(faulty.file.verify(ring({})).holds);
}

TEST_CASE("a store that fails: drop confirms, counts, and the log says how many are missing") {
  Faulty faulty({.when_full = WhenFull::kDrop});
  faulty.fails = true;
  CHECK(append(faulty.log, entry(1)));
  CHECK(append(faulty.log, entry(2)));
  CHECK(faulty.log.counts().dropped == 2);
  faulty.fails = false;
  CHECK(append(faulty.log, entry(3)));
  const auto found = faulty.file.verify(ring({}));
  CHECK_MESSAGE(found.holds, found.problem);
  CHECK(found.missing == 2);
  CHECK(found.last == 2);  // the count, and the third
}

TEST_CASE("a store that hangs does not hang those who wait") {
  Faulty faulty({.when_full = WhenFull::kBlock, .patience = std::chrono::milliseconds(50)});
  faulty.hangs = 600;
  const auto begin = std::chrono::steady_clock::now();
  CHECK_FALSE(append(faulty.log, entry(1)));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(500));
  CHECK_FALSE(faulty.log.counts().writable);
}

TEST_CASE("a queue that is full refuses at once") {
  Faulty faulty({.when_full = WhenFull::kBlock, .patience = std::chrono::milliseconds(5000), .max_queue = 2});
  faulty.hangs = 300;
  std::atomic<int> yes{0};
  std::atomic<int> no{0};
  for (int i = 0; i < 20; ++i) faulty.log.append(entry(i), [&](bool recorded) { ++(recorded ? yes : no); });
  CHECK(no >= 10);
  faulty.hangs = 0;
  while (yes + no < 20) std::this_thread::yield();
  CHECK(yes >= 2);
}

TEST_CASE("feedback is joined to its card: the user's acknowledgement is remembered, for its client only") {
  TemporaryLog file;
  DecisionLog log(file.open(), ring({kKey}), {});
  REQUIRE(append(log, entry(1)));
  CHECK(log.past_alerts("ehr", "p", "Practitioner/u").alerts.empty());
  REQUIRE(append(log, feedback("c-1", "another-ehr")));
  CHECK(log.past_alerts("ehr", "p", "Practitioner/u").alerts.empty());
  REQUIRE(append(log, feedback("nobody's")));
  REQUIRE(append(log, feedback("c-1")));
  REQUIRE(append(log, feedback("c-1")));  // the same card again is one alert
  const auto memory = log.past_alerts("ehr", "p", "Practitioner/u");
  CHECK(memory.readable);
  REQUIRE(memory.alerts.size() == 1);
  const auto& known = memory.alerts[0];
  CHECK(known.alert.rule == "R");
  CHECK(known.alert.key == "k");
  CHECK(known.alert.user == "Practitioner/u");
  CHECK(known.alert.encounter == "e");
  CHECK(known.alert.shown == 1000);
  CHECK(known.alert.acknowledged);
  CHECK(known.hook == "order-select");
  CHECK(known.digest == UINT64_MAX);
  CHECK(log.past_alerts("ehr", "p", "Practitioner/v").alerts.empty());
  CHECK(log.past_alerts("ehr", "q", "Practitioner/u").alerts.empty());
  CHECK(log.past_alerts("ehr", "p", "").alerts.empty());
}

TEST_CASE("a history that cannot be read says so") {
  Faulty faulty({});
  faulty.fails = true;
  CHECK_FALSE(faulty.log.past_alerts("ehr", "p", "Practitioner/u").readable);
}

TEST_CASE("a file that is gone is noticed, and nothing is confirmed") {
  TemporaryLog file;
  DecisionLog log(file.open(), ring({}), {});
  REQUIRE(append(log, entry(1)));
  std::filesystem::remove(file.file());
  CHECK_FALSE(append(log, entry(2)));
  CHECK_FALSE(log.counts().writable);
}

TEST_CASE("two processes cannot write one chain") {
  TemporaryLog file;
  const auto store = file.open();
  std::string problem;
  CHECK(decision_log::open_sqlite({.file = file.file()}, problem) == nullptr);
  CHECK(problem == "another process writes to it");
  CHECK(decision_log::open_sqlite({.file = "/nowhere/at/all/log.db"}, problem) == nullptr);
}

TEST_CASE("retention runs by itself") {
  TemporaryLog file;
  {
    DecisionLog log(file.open(), ring({}), {});
    REQUIRE(append(log, entry(1)));
    REQUIRE(append(log, entry(2)));
  }
  {
    DecisionLog log(file.open(), ring({}), {.keep = std::chrono::hours(24)});
    for (int i = 0; i < 100 && log.counts().end.number < 3; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  const auto found = file.verify(ring({}));
  CHECK_MESSAGE(found.holds, found.problem);
  CHECK(found.first == 3);
}
