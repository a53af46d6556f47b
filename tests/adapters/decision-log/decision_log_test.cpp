// SPDX-License-Identifier: Apache-2.0
// Groups, confirmations, stores that fail or hang, feedback and what is remembered of it.
#include <atomic>
#include <thread>

#include "adapters/decision-log/log_fixture.h"
#include "crypto/hashes.h"
#include "decision-log/person_filter.h"

using namespace vigil;
using namespace vigil::test;
using decision_log::DecisionLog;
using decision_log::LogOptions;
using decision_log::WhenFull;

namespace {

/// Passes on to a real store, and fails, or hangs for as long as it is told to.
class FaultyStore : public decision_log::LogStore {
 public:
  FaultyStore(std::unique_ptr<LogStore> store, std::atomic<bool>& fails, std::atomic<bool>& hangs,
              std::atomic<bool>& loses_answer, std::atomic<int>& commits)
      : store_(std::move(store)), fails_(fails), hangs_(hangs), loses_answer_(loses_answer), commits_(commits) {}
  std::string read_end(decision_log::ChainEnd& end) override { return store_->read_end(end); }
  std::string begin() override { return store_->begin(); }
  std::string add(const decision_log::LogRow& row) override { return store_->add(row); }
  std::string add_card(std::string_view uuid, int64_t number) override { return store_->add_card(uuid, number); }
  std::string add_acknowledged(const decision_log::Acknowledged& one) override { return store_->add_acknowledged(one); }
  std::string erase_sealed(int64_t through) override { return store_->erase_sealed(through); }
  std::string purge(int64_t through, Instant before) override { return store_->purge(through, before); }
  std::string commit() override {
    hangs_.wait(true);
    if (fails_) return "the disk is full";
    auto problem = store_->commit();
    ++commits_;
    return loses_answer_.exchange(false) ? "the connection was lost" : problem;
  }
  void roll_back() override { store_->roll_back(); }
  std::string find_row(int64_t number, std::optional<decision_log::LogRow>& row) override {
    return store_->find_row(number, row);
  }
  std::string find_decision(std::string_view card, std::optional<decision_log::LogRow>& decision) override {
    return store_->find_decision(card, decision);
  }
  std::string read_acknowledged(const crypto::Hash& person, std::vector<decision_log::Acknowledged>& found) override {
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
  std::atomic<bool>& hangs_;
  std::atomic<bool>& loses_answer_;
  std::atomic<int>& commits_;
};

struct Faulty {
  explicit Faulty(LogOptions options)
      : log(std::make_unique<FaultyStore>(file.open(), fails, hangs, loses_answer, commits), ring({}), options) {}
  void go_on() {
    hangs = false;
    hangs.notify_all();
  }
  TemporaryLog file;
  std::atomic<bool> fails{false};
  std::atomic<bool> hangs{false};
  std::atomic<bool> loses_answer{false};
  std::atomic<int> commits{0};
  DecisionLog log;
};

}  // namespace

TEST_CASE("many at once are committed in groups, each once, and all are there") {
  TemporaryLog file;
  constexpr int kThreads = 4;
  constexpr int kEach = 250;
  {
    DecisionLog log(file.open(), ring({kKey}), {.patience = kPatience});
    std::vector<std::thread> threads;
    std::atomic<int> confirmed{0};
    for (int t = 0; t < kThreads; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < kEach; ++i)
          log.append(entry(t * kEach + i), [&](bool recorded) { confirmed += recorded ? 1 : 0; });
      });
    for (auto& thread : threads) thread.join();
    CHECK(comes([&] { return confirmed == kThreads * kEach; }));
    CHECK(log.counts().recorded == kThreads * kEach);
    CHECK(log.counts().groups <= kThreads * kEach);
  }
  const auto found = file.verify(ring({kKey}));
  CHECK_MESSAGE(found.holds, found.problem);
  CHECK(found.last == kThreads * kEach);
}

TEST_CASE("what comes while a commit is made shares the next; whoever calls alone does not wait for others") {
  Faulty faulty({.patience = kPatience});
  faulty.hangs = true;
  std::atomic<uint64_t> confirmed{0};
  const auto add = [&](int number) {
    faulty.log.append(entry(number), [&](bool recorded) { confirmed += recorded ? 1 : 0; });
  };
  add(0);
  // The first is being committed: it left the queue, and is still counted.
  constexpr int kMore = 20;
  for (int i = 1; i <= kMore; ++i) add(i);
  faulty.go_on();
  CHECK(comes([&] { return confirmed == kMore + 1; }));
  const auto shared = faulty.log.counts();
  CHECK(shared.recorded == kMore + 1);
  // Those that came before the writing thread had begun went with the first.
  CHECK(shared.groups <= 2);
  for (int i = 0; i < 10; ++i) CHECK(append(faulty.log, entry(1000 + i)));
  CHECK(faulty.log.counts().groups == shared.groups + 10);
}

TEST_CASE("what is left open shares a commit, when it is asked for or enough wait") {
  TemporaryLog file;
  DecisionLog log(file.open(), ring({kKey}), {.patience = std::chrono::seconds(60)});
  REQUIRE(append(log, entry(0)));
  const auto leave_open = [&](int count, std::atomic<int>& confirmed) {
    for (int i = 1; i <= count; ++i) log.append_open(entry(i), [&](bool recorded) { confirmed += recorded ? 1 : 0; });
  };
  std::atomic<int> few{0};
  leave_open(5, few);
  CHECK(few == 0);
  CHECK(log.counts().groups == 1);
  log.flush();
  while (few < 5) std::this_thread::yield();
  CHECK(log.counts().groups == 2);
  log.flush();  // nothing waits
  std::atomic<int> many{0};
  leave_open(16, many);
  while (many < 16) std::this_thread::yield();
  CHECK(log.counts().recorded == 22);
  std::atomic<int> last{0};
  leave_open(3, last);
  log.wait_until_told();  // at the end nobody may be left waiting
  CHECK(last == 3);
}

TEST_CASE("a store that fails: block tells the caller, and goes on when the store does") {
  Faulty faulty({.when_full = WhenFull::kBlock, .patience = kPatience});
  CHECK(append(faulty.log, entry(1)));
  faulty.fails = true;
  CHECK_FALSE(append(faulty.log, entry(2)));
  CHECK_FALSE(faulty.log.counts().writable);
  CHECK(faulty.log.counts().refused == 1);
  faulty.fails = false;
  CHECK(comes([&] { return faulty.log.counts().writable; }));
  CHECK(append(faulty.log, entry(3)));
  CHECK(faulty.log.counts().end.number == 2);
  CHECK(faulty.file.verify(ring({})).holds);
}

TEST_CASE("that the store stops, and works again, is told once each, however often it is tried meanwhile") {
  std::atomic<int> stops{0};
  std::atomic<int> resumes{0};
  LogOptions options{.when_full = WhenFull::kBlock, .patience = kPatience};
  options.on_change = [&](const decision_log::LogCounts& counts) { ++(counts.writable ? resumes : stops); };
  Faulty faulty(options);
  CHECK(append(faulty.log, entry(1)));
  for (int round = 1; round <= 2; ++round) {
    for (int i = 0; i < 3; ++i) {
      faulty.fails = true;
      CHECK_FALSE(append(faulty.log, entry(2)));
      CHECK(comes([&] { return stops == round; }));
      // A probe that works is no row that is kept: a disk may have room for one and not for the other.
      faulty.fails = false;
      CHECK(comes([&] { return faulty.log.counts().writable; }));
    }
    CHECK(resumes == round - 1);
    CHECK(append(faulty.log, entry(3)));
    CHECK(comes([&] { return resumes == round; }));
    CHECK(stops == round);
  }
}

TEST_CASE("a commit that was made though it was told to have failed: the log goes on behind it") {
  Faulty faulty({.when_full = WhenFull::kBlock, .patience = kPatience});
  CHECK(append(faulty.log, entry(1)));
  faulty.loses_answer = true;
  CHECK_FALSE(append(faulty.log, entry(2)));
  REQUIRE(comes([&] { return faulty.log.counts().writable; }));
  CHECK(append(faulty.log, entry(3)));
  const auto found = faulty.file.verify(ring({}));
  CHECK_MESSAGE(found.holds, found.problem);
  CHECK(found.last == 3);
}

TEST_CASE("what is old is removed at its time also behind a commit that was told to have failed") {
  LogOptions options{.when_full = WhenFull::kBlock, .patience = kPatience};
  options.keep = std::chrono::hours(1);
  options.retention_interval = std::chrono::seconds(2);
  Faulty faulty(options);
  REQUIRE(comes([&] { return faulty.commits == 1; }));  // what is old is removed at the start too
  faulty.loses_answer = true;
  CHECK_FALSE(append(faulty.log, entry(1)));  // of long ago
  CHECK(comes([&] { return faulty.file.verify(ring({})).first == 2; }));
  const auto found = faulty.file.verify(ring({}));
  CHECK_MESSAGE(found.holds, found.problem);
}

TEST_CASE("a store that fails: drop confirms, counts, and the log says how many are missing") {
  Faulty faulty({.when_full = WhenFull::kDrop, .patience = kPatience});
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
  faulty.hangs = true;
  CHECK_FALSE(append(faulty.log, entry(1)));  // told while the store still hangs
  CHECK_FALSE(faulty.log.counts().writable);
  faulty.go_on();
}

TEST_CASE("a queue that is full refuses at once") {
  constexpr size_t kQueue = 2;
  Faulty faulty({.when_full = WhenFull::kBlock, .patience = kPatience, .max_queue = kQueue});
  faulty.hangs = true;
  std::atomic<size_t> yes{0};
  std::atomic<size_t> no{0};
  for (int i = 0; i < 20; ++i) faulty.log.append(entry(i), [&](bool recorded) { ++(recorded ? yes : no); });
  CHECK(yes == 0);
  CHECK(no >= 20 - 2 * kQueue);  // one group is being written, and as many wait
  faulty.go_on();
  CHECK(comes([&] { return yes + no == 20; }));
  CHECK(yes >= kQueue);
}

TEST_CASE("feedback is joined to its card: the user's acknowledgement is remembered, for its client only") {
  TemporaryLog file;
  DecisionLog log(file.open(), ring({kKey}), {.patience = kPatience});
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

TEST_CASE("what was acknowledged is known after a restart too") {
  TemporaryLog file;
  {
    DecisionLog log(file.open(), ring({kKey}), {.patience = kPatience});
    REQUIRE(append(log, entry(1)));
    REQUIRE(append(log, feedback("c-1")));
  }
  DecisionLog log(file.open(), ring({kKey}), {.patience = kPatience});
  CHECK(log.past_alerts("ehr", "p", "Practitioner/u").alerts.size() == 1);
  CHECK(log.past_alerts("ehr", "p", "Practitioner/v").alerts.empty());
}

TEST_CASE("the filter of persons knows all that were added, and few others") {
  decision_log::PersonFilter filter;
  const auto person = [](int i) { return crypto::sha256(std::to_string(i)); };
  for (int i = 0; i < 50'000; ++i) filter.add(person(i));
  int others = 0;
  for (int i = 0; i < 50'000; ++i) {
    REQUIRE(filter.may_know(person(i)));
    others += filter.may_know(person(-1 - i)) ? 1 : 0;
  }
  CHECK(others > 0);
  CHECK(others < 50'000 / 100);
}

TEST_CASE("a history that cannot be read says so") {
  Faulty faulty({.patience = kPatience});
  faulty.fails = true;
  CHECK_FALSE(faulty.log.past_alerts("ehr", "p", "Practitioner/u").readable);
}

TEST_CASE("a file that is gone is noticed, and nothing is confirmed") {
  TemporaryLog file;
  DecisionLog log(file.open(), ring({}), {.patience = kPatience});
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
    DecisionLog log(file.open(), ring({}), {.patience = kPatience});
    REQUIRE(append(log, entry(1)));
    REQUIRE(append(log, entry(2)));
  }
  {
    DecisionLog log(file.open(), ring({}), {.patience = kPatience, .keep = std::chrono::hours(24)});
    CHECK(comes([&] { return log.counts().end.number == 3; }));
  }
  const auto found = file.verify(ring({}));
  CHECK_MESSAGE(found.holds, found.problem);
  CHECK(found.first == 3);
}

TEST_CASE("of what one person acknowledged the newest is read, and no more than there is room for") {
  TemporaryLog file;
  check_newest_acknowledged_are_read(*file.open());
}
