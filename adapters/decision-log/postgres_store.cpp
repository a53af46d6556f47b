// SPDX-License-Identifier: Apache-2.0
// The log in PostgreSQL: what a group adds is sent at once (libpq's pipeline), one chain an instance.
#include <libpq-fe.h>

#include <mutex>

#include "decision-log/log_store.h"
#include "decision-log/postgres_connection.h"

namespace vigil::decision_log {
namespace {

constexpr const char* kSchema = R"(
CREATE TABLE IF NOT EXISTS vigil_record(
  instance text NOT NULL, number bigint NOT NULL, kind int NOT NULL, at bigint NOT NULL, open text NOT NULL,
  sealed bytea, sealed_hash bytea NOT NULL, key_id text NOT NULL, hash bytea NOT NULL, PRIMARY KEY(instance, number));
CREATE TABLE IF NOT EXISTS vigil_chain(
  instance text PRIMARY KEY, number bigint NOT NULL, hash bytea NOT NULL, purged bigint NOT NULL, probes bigint NOT NULL);
CREATE TABLE IF NOT EXISTS vigil_card(uuid text PRIMARY KEY, instance text NOT NULL, number bigint NOT NULL);
CREATE INDEX IF NOT EXISTS vigil_card_by_number ON vigil_card(instance, number);
CREATE TABLE IF NOT EXISTS vigil_acknowledged(
  card text PRIMARY KEY, person bytea NOT NULL, at bigint NOT NULL, sealed bytea NOT NULL, key_id text NOT NULL);
CREATE INDEX IF NOT EXISTS vigil_acknowledged_by_person ON vigil_acknowledged(person);
CREATE OR REPLACE FUNCTION vigil_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.number <= (SELECT purged FROM vigil_chain c WHERE c.instance = OLD.instance) THEN RETURN OLD; END IF;
  ELSIF NEW.sealed IS NULL AND (NEW.instance, NEW.number, NEW.kind, NEW.at, NEW.open, NEW.sealed_hash, NEW.key_id, NEW.hash)
      = (OLD.instance, OLD.number, OLD.kind, OLD.at, OLD.open, OLD.sealed_hash, OLD.key_id, OLD.hash) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the log is append-only';
END $$;
CREATE OR REPLACE TRIGGER vigil_record_append_only BEFORE UPDATE OR DELETE ON vigil_record
  FOR EACH ROW EXECUTE FUNCTION vigil_append_only();
)";
// Two instances may make the tables at once: one waits for the other. The number is of our own choice.
constexpr const char* kSchemaLock = "SELECT pg_advisory_xact_lock(7217501)";

constexpr const char* kColumns = "number, kind, at, open, sealed, sealed_hash, key_id, hash";

LogRow row_of(const PostgresResult& found, int at) {
  LogRow row;
  row.number = found.integer(at, 0);
  row.kind = static_cast<RowKind>(found.integer(at, 1));
  row.at = found.integer(at, 2);
  row.open = found.text(at, 3);
  if (!found.is_null(at, 4)) row.sealed = found.bytes(at, 4);
  row.sealed_hash = crypto::to_hash(found.bytes(at, 5)).value_or(crypto::Hash{});
  row.key_id = found.text(at, 6);
  row.hash = crypto::to_hash(found.bytes(at, 7)).value_or(crypto::Hash{});
  return row;
}

class PostgresStore : public LogStore {
 public:
  explicit PostgresStore(PostgresOptions options) : options_(std::move(options)) {}

  std::string open() {
    auto problem = connect();
    if (problem.empty() && !options_.read_only) problem = make_tables();
    if (problem.empty()) problem = take_chain();
    if (problem.empty()) problem = reads_.open(options_.connection, options_.busy_milliseconds);
    return problem;
  }

  std::string read_end(ChainEnd& end) override {
    const auto found =
        writes_.query("SELECT number, hash FROM vigil_chain WHERE instance = $1", {PostgresValue(options_.instance)});
    if (!found.problem().empty()) return found.problem();
    if (found.rows() == 0) return "there is no chain of this instance";
    const auto hash = crypto::to_hash(found.bytes(0, 1));
    if (!hash) return "its chain's end is damaged";
    end = {found.integer(0, 0), *hash};
    return {};
  }

  std::string begin() override {
    if (auto problem = reconnect(); !problem.empty()) return problem;
    return writes_.query("BEGIN", {}).problem();
  }
  std::string add(const LogRow& row) override {
    writes_.queue("INSERT INTO vigil_record VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9)",
                  {PostgresValue(options_.instance), PostgresValue(row.number),
                   PostgresValue(static_cast<int64_t>(row.kind)), PostgresValue(row.at), PostgresValue(row.open),
                   row.sealed ? PostgresValue::bytes(*row.sealed) : PostgresValue::null(),
                   PostgresValue::bytes(crypto::bytes_of(row.sealed_hash)), PostgresValue(row.key_id),
                   PostgresValue::bytes(crypto::bytes_of(row.hash))});
    end_ = {row.number, row.hash};
    return {};
  }
  std::string add_card(std::string_view uuid, int64_t number) override {
    writes_.queue("INSERT INTO vigil_card VALUES($1,$2,$3) ON CONFLICT DO NOTHING",
                  {PostgresValue(uuid), PostgresValue(options_.instance), PostgresValue(number)});
    return {};
  }
  std::string add_acknowledged(const Acknowledged& one) override {
    writes_.queue(
        "INSERT INTO vigil_acknowledged VALUES($1,$2,$3,$4,$5) ON CONFLICT (card) DO UPDATE SET "
        "person = excluded.person, at = excluded.at, sealed = excluded.sealed, key_id = excluded.key_id",
        {PostgresValue(one.card), PostgresValue::bytes(crypto::bytes_of(one.person)), PostgresValue(one.at),
         PostgresValue::bytes(one.sealed), PostgresValue(one.key_id)});
    return {};
  }
  std::string erase_sealed(int64_t through) override {
    writes_.queue(
        "UPDATE vigil_record SET sealed = NULL WHERE instance = $1 AND number <= $2 AND kind <= 2 AND sealed IS "
        "NOT NULL",
        {PostgresValue(options_.instance), PostgresValue(through)});
    return {};
  }
  std::string purge(int64_t through, Instant before) override {
    const PostgresValue instance(options_.instance);
    writes_.queue("UPDATE vigil_chain SET purged = $2 WHERE instance = $1", {instance, PostgresValue(through)});
    writes_.queue("DELETE FROM vigil_record WHERE instance = $1 AND number <= $2", {instance, PostgresValue(through)});
    writes_.queue("DELETE FROM vigil_card WHERE instance = $1 AND number <= $2", {instance, PostgresValue(through)});
    writes_.queue("DELETE FROM vigil_acknowledged WHERE at < $1", {PostgresValue(before)});
    return {};
  }
  std::string commit() override {
    writes_.queue("UPDATE vigil_chain SET number = $2, hash = $3 WHERE instance = $1",
                  {PostgresValue(options_.instance), PostgresValue(end_.number),
                   PostgresValue::bytes(crypto::bytes_of(end_.hash))});
    writes_.queue("COMMIT", {});
    auto problem = writes_.flush();
    if (problem.empty()) committed_end_ = end_;
    return problem;
  }
  void roll_back() override {
    writes_.forget();
    writes_.query("ROLLBACK", {});
    end_ = committed_end_;
  }

  std::string find_row(int64_t number, std::optional<LogRow>& row) override {
    if (auto problem = writes_.flush(); !problem.empty()) return problem;
    const auto select = std::string("SELECT ") + kColumns + " FROM vigil_record WHERE instance = $1 AND number = $2";
    const auto found = writes_.query(select.c_str(), {PostgresValue(options_.instance), PostgresValue(number)});
    if (found.problem().empty() && found.rows() > 0) row = row_of(found, 0);
    return found.problem();
  }
  std::string find_decision(std::string_view card, std::optional<LogRow>& decision) override {
    if (auto problem = writes_.flush(); !problem.empty()) return problem;
    const auto found = writes_.query(
        "SELECT r.number, kind, at, open, sealed, sealed_hash, key_id, hash FROM vigil_record r JOIN vigil_card c ON "
        "c.instance = r.instance AND c.number = r.number WHERE c.uuid = $1",
        {PostgresValue(card)});
    if (found.problem().empty() && found.rows() > 0) decision = row_of(found, 0);
    return found.problem();
  }
  std::string read_acknowledged(const crypto::Hash& person, std::vector<Acknowledged>& all) override {
    const std::scoped_lock lock(reading_);
    if (!reads_.is_open())
      if (auto problem = reads_.open(options_.connection, options_.busy_milliseconds); !problem.empty()) return problem;
    const auto found = reads_.query(
        "SELECT card, at, sealed, key_id FROM vigil_acknowledged WHERE person = $1 ORDER BY at DESC, card LIMIT $2",
        {PostgresValue::bytes(crypto::bytes_of(person)), PostgresValue(kMostAcknowledged)});
    for (int i = 0; i < found.rows(); ++i)
      all.push_back({found.text(i, 0), person, found.integer(i, 1), found.bytes(i, 2), found.text(i, 3)});
    return found.problem();
  }
  std::string find_before(Instant before, bool with_sealed, int64_t& number) override {
    if (auto problem = writes_.flush(); !problem.empty()) return problem;
    // What comes now, in this transaction, goes through all that is old: it takes what it takes.
    if (auto problem = writes_.query("SET LOCAL statement_timeout = 0", {}).problem(); !problem.empty()) return problem;
    const PostgresValue instance(options_.instance);
    const auto young =
        writes_.query("SELECT number FROM vigil_record WHERE instance = $1 AND at >= $2 ORDER BY number LIMIT 1",
                      {instance, PostgresValue(before)});
    if (!young.problem().empty()) return young.problem();
    number = young.rows() > 0 ? young.integer(0, 0) - 1 : end_.number;
    const auto old =
        writes_.query(with_sealed ? "SELECT 1 FROM vigil_record WHERE instance = $1 AND number <= $2 AND kind "
                                    "<= 2 AND sealed IS NOT NULL LIMIT 1"
                                  : "SELECT 1 FROM vigil_record WHERE instance = $1 AND number <= $2 LIMIT 1",
                      {instance, PostgresValue(number)});
    if (old.rows() == 0) number = 0;
    return old.problem();
  }
  std::string each(int64_t from, const std::function<bool(const LogRow&)>& visit) override {
    if (auto problem = writes_.flush(); !problem.empty()) return problem;
    constexpr int64_t kPage = 500;
    const auto select = std::string("SELECT ") + kColumns +
                        " FROM vigil_record WHERE instance = $1 AND number >= $2 ORDER BY number LIMIT $3";
    for (;;) {
      const auto found =
          writes_.query(select.c_str(), {PostgresValue(options_.instance), PostgresValue(from), PostgresValue(kPage)});
      if (!found.problem().empty()) return found.problem();
      for (int i = 0; i < found.rows(); ++i) {
        const auto row = row_of(found, i);
        if (!visit(row)) return {};
        from = row.number + 1;
      }
      if (found.rows() < kPage) return {};
    }
  }
  std::string probe() override {
    if (auto problem = reconnect(); !problem.empty()) return problem;
    return writes_
        .query("UPDATE vigil_chain SET probes = probes + 1 WHERE instance = $1", {PostgresValue(options_.instance)})
        .problem();
  }

 private:
  std::string connect() {
    auto problem = writes_.open(options_.connection, options_.busy_milliseconds);
    if (problem.empty())
      problem =
          writes_
              .query(options_.survives_power_loss ? "SET synchronous_commit = on" : "SET synchronous_commit = off", {})
              .problem();
    // Nobody waits for an answer while a log is looked through.
    if (problem.empty() && options_.read_only) problem = writes_.query("SET statement_timeout = 0", {}).problem();
    return problem;
  }
  std::string make_tables() {
    auto problem = writes_.query("BEGIN", {}).problem();
    if (problem.empty()) problem = writes_.query(kSchemaLock, {}).problem();
    if (problem.empty()) problem = writes_.run(kSchema);
    if (problem.empty())
      problem = writes_
                    .query("INSERT INTO vigil_chain VALUES($1, 0, $2, 0, 0) ON CONFLICT DO NOTHING",
                           {PostgresValue(options_.instance), PostgresValue::bytes(crypto::bytes_of(crypto::Hash{}))})
                    .problem();
    return problem.empty() ? writes_.query("COMMIT", {}).problem() : problem;
  }
  /// The chain for this process alone, as long as its connection lasts.
  std::string take_chain() {
    if (!options_.read_only) {
      const auto lock = writes_.query("SELECT pg_try_advisory_lock(hashtextextended($1, 7217502))::int",
                                      {PostgresValue(options_.instance)});
      if (!lock.problem().empty()) return lock.problem();
      if (lock.integer(0, 0) == 0) return "another process writes to it";
    }
    auto problem = read_end(end_);
    if (problem.empty()) committed_end_ = end_;
    return problem;
  }
  /// After the server was gone: the chain holds at least what was committed, or somebody else has written to it.
  std::string reconnect() {
    if (writes_.is_open()) return {};
    const auto kept = committed_end_;
    auto problem = connect();
    if (problem.empty()) problem = take_chain();
    if (problem.empty() && end_.number < kept.number) {
      problem = "its chain is shorter than it was";
      end_ = committed_end_ = kept;
    }
    if (!problem.empty()) writes_.close();
    return problem;
  }

  PostgresOptions options_;
  PostgresConnection writes_;
  std::mutex reading_;
  PostgresConnection reads_;
  ChainEnd end_;  ///< as of the transaction under way
  ChainEnd committed_end_;
};

}  // namespace

std::unique_ptr<LogStore> open_postgres(const PostgresOptions& options, std::string& problem) {
  auto store = std::make_unique<PostgresStore>(options);
  problem = store->open();
  if (!problem.empty()) return nullptr;
  return store;
}

bool names_postgres(std::string_view place) {
  return place.starts_with("postgresql://") || place.starts_with("postgres:");
}

}  // namespace vigil::decision_log
