// SPDX-License-Identifier: Apache-2.0
// The same log in PostgreSQL: run_postgres_tests.sh starts a server for it. Without one nothing is tested, and that is
// said.
#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "adapters/decision-log/log_fixture.h"
#include "decision-log/postgres_connection.h"

using namespace vigil;
using namespace vigil::test;
using decision_log::DecisionLog;

namespace {

std::string connection() {
  const char* text = std::getenv("VIGIL_TEST_POSTGRES");
  return text == nullptr ? std::string() : text;
}

std::unique_ptr<decision_log::LogStore> open(const std::string& instance, bool read_only = false, int busy = 10'000) {
  std::string problem;
  auto store = decision_log::open_postgres(
      {.connection = connection(), .instance = instance, .read_only = read_only, .busy_milliseconds = busy}, problem);
  REQUIRE_MESSAGE(store != nullptr, problem);
  return store;
}

void run(const char* sql) {
  decision_log::PostgresConnection raw;
  REQUIRE(raw.open(connection(), 60'000).empty());
  REQUIRE(raw.run(sql).empty());
}

/// As when the server is stopped at once, or one of its processes crashes: the others warn whoever they serve, and are
/// gone. Whoever writes to them is told so only where they read on behind the warning.
void break_down() {
  decision_log::PostgresConnection raw;
  REQUIRE(raw.open(connection(), 60'000).empty());
  const auto found = raw.query(
      "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()", {});
  REQUIRE(found.rows() > 0);
  for (int i = 0; i < found.rows(); ++i) {
    const auto process = static_cast<pid_t>(found.integer(i, 0));
    ::kill(process, SIGQUIT);
    REQUIRE(comes([&] { return ::kill(process, 0) != 0; }));
  }
}

}  // namespace

#define NEEDS_POSTGRES                                                     \
  if (connection().empty()) {                                              \
    MESSAGE("skipped: no VIGIL_TEST_POSTGRES; see run_postgres_tests.sh"); \
    return;                                                                \
  }

TEST_CASE("decisions and feedback are recorded, joined and verified in PostgreSQL") {
  NEEDS_POSTGRES
  const auto keys = ring({kKey});
  {
    DecisionLog log(open("a"), keys, {.patience = kPatience});
    for (int i = 1; i <= 1200; ++i) {
      if (i % 400 != 0)
        log.append(entry(i), [](bool) {});
      else
        REQUIRE(append(log, entry(i)));
    }
    REQUIRE(append(log, feedback("c-3")));
    CHECK(log.past_alerts("ehr", "p", "Practitioner/u").alerts.size() == 1);
    CHECK(log.counts().recorded == 1201);
  }
  const auto found = decision_log::verify(*open("a", true), keys);
  CHECK_MESSAGE(found.holds, found.problem);
  CHECK(found.last == 1201);
}

TEST_CASE("instances have chains of their own, and find each other's cards") {
  NEEDS_POSTGRES
  const auto keys = ring({kKey});
  DecisionLog one(open("b"), keys, {});
  DecisionLog other(open("c"), keys, {});
  REQUIRE(append(one, entry(5001)));
  REQUIRE(append(other, feedback("c-5001")));
  CHECK(other.past_alerts("ehr", "p", "Practitioner/u").alerts.size() >= 1);
  std::string problem;
  CHECK(decision_log::open_postgres({.connection = connection(), .instance = "b"}, problem) == nullptr);
  CHECK(problem == "another process writes to it");
}

TEST_CASE("rows changed in PostgreSQL are found, and purged ones leave a chain that holds") {
  NEEDS_POSTGRES
  const auto keys = ring({kKey});
  {
    auto store = open("d");
    decision_log::LogWriter writer(*store, keys);
    REQUIRE(writer.start().empty());
    REQUIRE(store->begin().empty());
    for (int i = 1; i <= 9; ++i)
      REQUIRE(writer.add(*decision_log::seal(entry(7000 + i, Instant{1000} * i), keys)).empty());
    REQUIRE(store->commit().empty());
    writer.keep();
    REQUIRE(store->begin().empty());
    REQUIRE(writer.erase(7000, 20'000).empty());
    REQUIRE(writer.purge(4000, 20'000).empty());
    REQUIRE(store->commit().empty());
  }
  auto found = decision_log::verify(*open("d", true), keys);
  CHECK_MESSAGE(found.holds, found.problem);
  CHECK(found.first == 4);
  decision_log::PostgresConnection raw;
  REQUIRE(raw.open(connection(), 60'000).empty());
  CHECK_FALSE(raw.query("DELETE FROM vigil_record WHERE instance = 'd' AND number = 5", {}).problem().empty());
  CHECK_FALSE(
      raw.query("UPDATE vigil_record SET open = '{}' WHERE instance = 'd' AND number = 5", {}).problem().empty());
  run("ALTER TABLE vigil_record DISABLE TRIGGER ALL; UPDATE vigil_record SET open = '{}' WHERE instance = 'd' AND "
      "number = "
      "8; ALTER TABLE vigil_record ENABLE TRIGGER ALL");
  CHECK(decision_log::verify(*open("d", true), keys).problem.find("row 8") != std::string::npos);
}

TEST_CASE("decisions in PostgreSQL share a patient's record") {
  NEEDS_POSTGRES
  const auto keys = ring({kKey});
  const std::string record = R"({"resourceType":"Bundle","id":")" + std::string(1000, 'x') + "\"}";
  {
    DecisionLog log(open("g"), keys, {.patience = kPatience});
    for (int i = 1; i <= 3; ++i) REQUIRE(append(log, entry(9700 + i, 1000, record)));
  }
  const auto store = open("g", true);
  decision_log::RecordReader reader(*store, keys);
  for (const int64_t number : {1, 2, 3}) {
    const auto found = find_record(*store, reader, keys, number);
    CHECK(found.text == record);
    CHECK(found.row == (number == 1 ? 0 : 1));
  }
}

TEST_CASE("removing old rows from PostgreSQL may take longer than an answer waits") {
  NEEDS_POSTGRES
  const auto keys = ring({});
  auto store = open("f", /*read_only=*/false, /*busy=*/300);
  decision_log::LogWriter writer(*store, keys);
  REQUIRE(writer.start().empty());
  REQUIRE(store->begin().empty());
  for (int i = 1; i <= 3; ++i)
    REQUIRE(writer.add(*decision_log::seal(entry(9500 + i, Instant{1000} * i), keys)).empty());
  REQUIRE(store->commit().empty());
  writer.keep();
  // A statement of a call is cut off after five times 300 ms; this one takes 1.8 s.
  run("CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.9); RETURN OLD; END "
      "$$; "
      "CREATE TRIGGER slow BEFORE DELETE ON vigil_record FOR EACH ROW WHEN (OLD.instance = 'f') EXECUTE FUNCTION "
      "slowly()");
  REQUIRE(store->begin().empty());
  CHECK(writer.purge(2500, 20'000).empty());
  CHECK(store->commit().empty());
  const auto found = decision_log::verify(*open("f", true), keys);
  CHECK_MESSAGE(found.holds, found.problem);
  CHECK(found.first == 3);
}

TEST_CASE("a server that breaks the connection: nothing is confirmed, and then the chain goes on") {
  NEEDS_POSTGRES
  const auto keys = ring({});
  DecisionLog log(open("e"), keys, {.patience = kPatience});
  REQUIRE(append(log, entry(9001)));
  run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client "
      "backend'");
  int number = 9002;
  CHECK(comes([&] { return append(log, entry(number++)); }));
  const auto found = decision_log::verify(*open("e", true), keys);
  CHECK_MESSAGE(found.holds, found.problem);
}

TEST_CASE("a server that breaks down within a group: the log goes on when it is there again") {
  NEEDS_POSTGRES
  const auto keys = ring({});
  auto store = open("h");
  decision_log::LogWriter writer(*store, keys);
  int number = 20'000;
  int64_t written = 0;
  const auto write = [&](int rows, bool breaks) {
    auto problem = store->begin();
    if (problem.empty()) problem = writer.start();
    for (int i = 0; i < rows && problem.empty(); ++i) problem = writer.add(*decision_log::seal(entry(number++), keys));
    if (breaks) break_down();
    if (problem.empty()) problem = store->commit();
    if (!problem.empty()) {
      store->roll_back();
      return false;
    }
    written += rows;
    return true;
  };
  for (const int rows : {0, 1, 20, 300}) {
    CAPTURE(rows);
    CHECK_FALSE(write(rows, /*breaks=*/true));
    REQUIRE(comes([&] { return write(1, /*breaks=*/false); }));
  }
  CHECK_FALSE(write(0, /*breaks=*/true));
  CHECK(comes([&] { return store->probe().empty(); }));
  const auto found = decision_log::verify(*open("h", true), keys);
  CHECK_MESSAGE(found.holds, found.problem);
  CHECK(found.last == written);
}

TEST_CASE("PostgreSQL: of what one person acknowledged the newest is read, and no more than there is room for") {
  NEEDS_POSTGRES
  check_newest_acknowledged_are_read(*open("acknowledging"));
}
