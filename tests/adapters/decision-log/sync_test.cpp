// SPDX-License-Identifier: Apache-2.0
// What is confirmed is on the disk: a disk that is slow, hangs, or fails.
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "adapters/decision-log/log_fixture.h"

using namespace vigil::test;
using namespace vigil;
using decision_log::DecisionLog;
using decision_log::WhenFull;

namespace {

enum class Disk : int { kWorks, kHangs, kFails };
std::atomic<Disk> disk{Disk::kWorks};
std::atomic<int> syncs{0};  ///< begun

void set_disk(Disk now) {
  disk = now;
  disk.notify_all();
}

std::unique_ptr<decision_log::LogStore> open_safe(const TemporaryLog& file) {
  set_disk(Disk::kWorks);
  std::string problem;
  auto store =
      decision_log::open_sqlite({.file = file.file(), .survives_power_loss = true, .busy_milliseconds = 200}, problem);
  REQUIRE_MESSAGE(store != nullptr, problem);
  return store;
}

/// How many rows a reader beside the service sees.
int64_t rows_of(const TemporaryLog& file) {
  decision_log::ChainEnd end;
  const auto store = file.open(/*read_only=*/true);
  REQUIRE(store->read_end(end).empty());
  return end.number;
}

}  // namespace

/// In place of the C library's, for this program and for SQLite in it.
extern "C" int fdatasync(int file) {
  ++syncs;
  disk.wait(Disk::kHangs);
  if (disk == Disk::kWorks) return static_cast<int>(::syscall(SYS_fdatasync, file));
  errno = EIO;
  return -1;
}

TEST_CASE("nothing is confirmed before the disk holds it, and the next is written meanwhile") {
  TemporaryLog file;
  DecisionLog log(open_safe(file), ring({}), {.patience = kPatience});
  std::atomic<int> confirmed{0};
  const auto add = [&](int number) {
    log.append(entry(number), [&](bool recorded) { confirmed += recorded ? 1 : 0; });
  };
  const int before = syncs;
  set_disk(Disk::kHangs);
  add(1);
  REQUIRE(comes([&] { return syncs > before; }));
  add(2);
  CHECK(comes([&] { return rows_of(file) == 2; }));
  CHECK(confirmed == 0);
  CHECK(log.counts().recorded == 0);
  CHECK(log.counts().queue == 2);
  CHECK(log.counts().end.number == 0);
  set_disk(Disk::kWorks);
  CHECK(comes([&] { return confirmed == 2; }));
  CHECK(log.counts().end.number == 2);
  CHECK(syncs >= before + 2);  // the second was not there when the first began
}

TEST_CASE("while the disk is busy, a group waits for half of those who were answered last") {
  constexpr int kCallers = 10;
  TemporaryLog file;
  DecisionLog log(open_safe(file), ring({}), {.patience = kPatience});
  std::atomic<int> confirmed{0};
  const auto add = [&](int count) {
    static int number = 0;
    for (int i = 0; i < count; ++i) log.append(entry(number++), [&](bool recorded) { confirmed += recorded ? 1 : 0; });
  };
  const auto add_one_that_hangs = [&] {
    const int before = syncs;
    set_disk(Disk::kHangs);
    add(1);
    REQUIRE(comes([&] { return syncs > before; }));
  };
  add_one_that_hangs();
  add(kCallers - 1);  // of whom nobody knows yet: they are written at once
  REQUIRE(comes([&] { return rows_of(file) == kCallers; }));
  set_disk(Disk::kWorks);
  REQUIRE(comes([&] { return confirmed == kCallers; }));
  add_one_that_hangs();
  const auto groups = log.counts().groups;
  add(3);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(log.counts().groups == groups);  // however long the machine took, they wait
  add(2);
  CHECK(comes([&] { return rows_of(file) == kCallers + 6; }));
  CHECK(log.counts().groups == groups + 1);
  set_disk(Disk::kWorks);
  CHECK(comes([&] { return confirmed == kCallers + 6; }));
}

TEST_CASE("a disk that hangs does not hang those who wait, nor the end") {
  TemporaryLog file;
  {
    DecisionLog log(open_safe(file), ring({}),
                    {.when_full = WhenFull::kBlock, .patience = std::chrono::milliseconds(50)});
    set_disk(Disk::kHangs);
    CHECK_FALSE(append(log, entry(1)));
    CHECK_FALSE(append(log, entry(2)));
    CHECK_FALSE(log.counts().writable);
    set_disk(Disk::kWorks);
    CHECK(comes([&] { return log.counts().queue == 0; }));
  }
  CHECK(file.verify(ring({})).holds);
}

TEST_CASE("a disk that failed once is not believed again, until the service starts anew") {
  TemporaryLog file;
  {
    DecisionLog log(open_safe(file), ring({}), {.when_full = WhenFull::kBlock, .patience = kPatience});
    CHECK(append(log, entry(1)));
    set_disk(Disk::kFails);
    CHECK_FALSE(append(log, entry(2)));
    CHECK_FALSE(log.counts().writable);
    CHECK(log.counts().end.number == 1);
    set_disk(Disk::kWorks);
    CHECK_FALSE(append(log, entry(3)));
    CHECK_FALSE(log.counts().writable);
  }
  DecisionLog log(open_safe(file), ring({}), {.patience = kPatience});
  CHECK(append(log, entry(4)));
  const auto found = file.verify(ring({}));
  CHECK_MESSAGE(found.holds, found.problem);
  CHECK(found.last == 3);  // the second is there, for all anybody knows, and was not confirmed
}

TEST_CASE("what was committed is on the disk before the log ends") {
  TemporaryLog file;
  std::atomic<int> confirmed{0};
  const int before = syncs;
  {
    DecisionLog log(open_safe(file), ring({}), {.patience = kPatience});
    for (int i = 0; i < 5; ++i) log.append(entry(i), [&](bool recorded) { confirmed += recorded ? 1 : 0; });
  }
  CHECK(confirmed == 5);
  CHECK(syncs > before);
}
