// SPDX-License-Identifier: Apache-2.0
// The log in a SQLite file: write-ahead log, one writer, readers beside it.
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <mutex>

#include "decision-log/card_index.h"
#include "decision-log/log_store.h"
#include "decision-log/person_filter.h"
#include "decision-log/sqlite_statement.h"
#include "decision-log/wal_checkpoints.h"

namespace vigil::decision_log {
namespace {

constexpr const char* kSchema = R"(
CREATE TABLE IF NOT EXISTS record(
  number INTEGER PRIMARY KEY, kind INTEGER NOT NULL, at INTEGER NOT NULL, open TEXT NOT NULL,
  sealed BLOB, sealed_hash BLOB NOT NULL, key_id TEXT NOT NULL, hash BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS chain(
  one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL, hash BLOB NOT NULL,
  purged INTEGER NOT NULL, probes INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS acknowledged(
  card TEXT PRIMARY KEY, person BLOB NOT NULL, at INTEGER NOT NULL, sealed BLOB NOT NULL, key_id TEXT NOT NULL)
  STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS acknowledged_by_person ON acknowledged(person);
CREATE TRIGGER IF NOT EXISTS record_is_append_only BEFORE DELETE ON record
  WHEN OLD.number > (SELECT purged FROM chain)
  BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS record_is_not_changed BEFORE UPDATE ON record
  WHEN NEW.sealed IS NOT NULL OR NEW.number IS NOT OLD.number OR NEW.kind IS NOT OLD.kind OR NEW.at IS NOT OLD.at
    OR NEW.open IS NOT OLD.open OR NEW.sealed_hash IS NOT OLD.sealed_hash OR NEW.key_id IS NOT OLD.key_id
    OR NEW.hash IS NOT OLD.hash
  BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
INSERT OR IGNORE INTO chain VALUES(1, 0, zeroblob(32), 0, 0);
)";

constexpr const char* kSyncFailed = "the disk failed to keep what was written; the service has to be started again";

LogRow row_of(const Statement& found) {
  LogRow row;
  row.number = found.integer(0);
  row.kind = static_cast<RowKind>(found.integer(1));
  row.at = found.integer(2);
  row.open = found.bytes(3);
  if (!found.is_null(4)) row.sealed = std::string(found.bytes(4));
  row.sealed_hash = crypto::to_hash(found.bytes(5)).value_or(crypto::Hash{});
  row.key_id = found.bytes(6);
  row.hash = crypto::to_hash(found.bytes(7)).value_or(crypto::Hash{});
  return row;
}

class SqliteStore : public LogStore {
 public:
  explicit SqliteStore(SqliteOptions options) : options_(std::move(options)) {}
  ~SqliteStore() override {
    for (const int file : {wal_, lock_})
      if (file >= 0) ::close(file);
  }

  std::string open() {
    if (!options_.read_only) {
      lock_ = ::open((options_.file + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
      if (lock_ < 0) return "no file can be made beside it";
      if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) return "another process writes to it";
      // For nobody else to read, whatever the umask; what SQLite puts beside it gets the same mode.
      if (const int made = ::open(options_.file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600); made >= 0)
        ::close(made);
    }
    if (auto problem = writes_.open(options_.file, options_.read_only, options_.busy_milliseconds); !problem.empty())
      return problem;
    if (!options_.read_only) {
      if (auto problem = set_up(); !problem.empty()) return problem;
    }
    return reads_.open(options_.file, /*read_only=*/true, options_.busy_milliseconds);
  }

  std::string read_end(ChainEnd& end) override {
    Statement found(writes_, "SELECT number, hash FROM chain");
    if (!found.step()) return found.problem("there is no chain in it");
    end.number = found.integer(0);
    const auto hash = crypto::to_hash(found.bytes(1));
    if (!hash) return "its chain's end is damaged";
    end.hash = *hash;
    return {};
  }

  std::string begin() override {
    if (!is_in_place()) return "the file is gone";
    if (sync_failed_) return kSyncFailed;
    checkpoints_.before_transaction();
    return writes_.prepared("BEGIN IMMEDIATE").run();
  }
  std::string add(const LogRow& row) override {
    auto& insert = writes_.prepared("INSERT INTO record VALUES(?,?,?,?,?,?,?,?)");
    insert.bind(1, row.number).bind(2, static_cast<int64_t>(row.kind)).bind(3, row.at).bind_text(4, row.open);
    if (row.sealed) insert.bind_blob(5, *row.sealed);
    insert.bind_blob(6, crypto::bytes_of(row.sealed_hash))
        .bind_text(7, row.key_id)
        .bind_blob(8, crypto::bytes_of(row.hash));
    if (auto problem = insert.run(); !problem.empty()) return problem;
    end_ = {row.number, row.hash};
    return {};
  }
  std::string add_card(std::string_view uuid, int64_t number) override {
    cards_.add(uuid, number);
    return {};
  }
  std::string add_acknowledged(const Acknowledged& one) override {
    persons_.add(one.person);
    return writes_.prepared("INSERT OR REPLACE INTO acknowledged VALUES(?,?,?,?,?)")
        .bind_text(1, one.card)
        .bind_blob(2, crypto::bytes_of(one.person))
        .bind(3, one.at)
        .bind_blob(4, one.sealed)
        .bind_text(5, one.key_id)
        .run();
  }
  std::string erase_sealed(int64_t through) override {
    return writes_.prepared("UPDATE record SET sealed = NULL WHERE number <= ? AND kind <= 2 AND sealed IS NOT NULL")
        .bind(1, through)
        .run();
  }
  std::string purge(int64_t through, Instant before) override {
    auto problem = writes_.prepared("UPDATE chain SET purged = ?").bind(1, through).run();
    if (problem.empty()) problem = cards_.purge(through, end_.number);
    if (problem.empty()) problem = writes_.prepared("DELETE FROM record WHERE number <= ?").bind(1, through).run();
    if (problem.empty()) problem = writes_.prepared("DELETE FROM acknowledged WHERE at < ?").bind(1, before).run();
    return problem;
  }
  std::string commit() override {
    auto problem = writes_.prepared("UPDATE chain SET number = ?, hash = ?")
                       .bind(1, end_.number)
                       .bind_blob(2, crypto::bytes_of(end_.hash))
                       .run();
    if (problem.empty()) problem = cards_.before_commit(end_.number);
    if (problem.empty()) problem = writes_.prepared("COMMIT").run();
    if (!problem.empty()) return problem;
    cards_.committed();
    committed_end_ = end_;
    return {};
  }
  void roll_back() override {
    writes_.run("ROLLBACK");
    cards_.rolled_back();
    end_ = committed_end_;
  }
  bool syncs_apart() const override { return wal_ >= 0; }
  std::string sync() override {
    // After a failure the kernel may take pages for written that are not: a second try would succeed and mean nothing.
    if (!sync_failed_ && ::fdatasync(wal_) != 0) sync_failed_ = true;
    return sync_failed_ ? kSyncFailed : "";
  }

  std::string find_row(int64_t number, std::optional<LogRow>& row) override {
    Statement found(writes_, "SELECT * FROM record WHERE number = ?");
    found.bind(1, number);
    if (found.step()) row = row_of(found);
    return found.problem();
  }
  std::string find_decision(std::string_view card, std::optional<LogRow>& decision) override {
    Statement found(writes_, kFindDecision);
    found.bind_text(1, card);
    if (found.step()) decision = row_of(found);
    return found.problem();
  }
  std::string read_acknowledged(const crypto::Hash& person, std::vector<Acknowledged>& found) override {
    // Nobody else writes to the file; and asking it costs more than all the rest of most calls' logging.
    if (!options_.read_only && !persons_.may_know(person)) return {};
    const std::scoped_lock lock(reading_);
    auto& query = reads_.prepared(
        "SELECT card, at, sealed, key_id FROM acknowledged WHERE person = ? ORDER BY at DESC, card LIMIT ?");
    query.bind_blob(1, crypto::bytes_of(person)).bind(2, kMostAcknowledged);
    while (query.step())
      found.push_back({std::string(query.bytes(0)), person, query.integer(1), std::string(query.bytes(2)),
                       std::string(query.bytes(3))});
    auto problem = query.problem();
    query.reset();
    return problem;
  }
  std::string find_before(Instant before, bool with_sealed, int64_t& number) override {
    // Rows stand in the order of time, near enough: the first that is young ends the old ones.
    Statement young(writes_, "SELECT number FROM record WHERE at >= ? ORDER BY number LIMIT 1");
    young.bind(1, before);
    number = young.step() ? young.integer(0) - 1 : end_.number;
    if (auto problem = young.problem(); !problem.empty()) return problem;
    Statement old(writes_, with_sealed
                               ? "SELECT 1 FROM record WHERE number <= ? AND kind <= 2 AND sealed IS NOT NULL LIMIT 1"
                               : "SELECT 1 FROM record WHERE number <= ? LIMIT 1");
    old.bind(1, number);
    if (!old.step()) number = 0;
    return old.problem();
  }
  std::string each(int64_t from, const std::function<bool(const LogRow&)>& visit) override {
    Statement found(writes_, "SELECT * FROM record WHERE number >= ? ORDER BY number");
    found.bind(1, from);
    while (found.step())
      if (!visit(row_of(found))) return {};
    return found.problem();
  }
  std::string probe() override {
    if (sync_failed_) return kSyncFailed;
    return is_in_place() ? writes_.run("UPDATE chain SET probes = probes + 1") : "the file is gone";
  }

 private:
  /// SQLite would go on writing to a file that has been removed.
  bool is_in_place() const {
    struct stat now {};
    return ::stat(options_.file.c_str(), &now) == 0 && now.st_ino == inode_;
  }

  std::string set_up() {
    auto problem = writes_.run("PRAGMA page_size = 8192");
    if (problem.empty()) problem = writes_.run("PRAGMA journal_mode = WAL");
    if (problem.empty()) problem = writes_.run("PRAGMA synchronous = NORMAL");  // the disk is waited for in sync()
    if (problem.empty()) problem = writes_.run(kSchema);
    if (problem.empty()) problem = cards_.start();
    if (problem.empty()) problem = checkpoints_.start(writes_, options_.file, options_.busy_milliseconds);
    struct stat now {};
    if (::stat(options_.file.c_str(), &now) == 0) inode_ = now.st_ino;
    if (problem.empty() && options_.survives_power_loss) {
      wal_ = ::open((options_.file + "-wal").c_str(), O_RDONLY | O_CLOEXEC);
      if (wal_ < 0) return "its write-ahead log cannot be opened";
    }
    if (problem.empty()) problem = read_persons();
    if (problem.empty()) problem = read_end(committed_end_);
    end_ = committed_end_;
    return problem;
  }

  std::string read_persons() {
    Statement found(writes_, "SELECT DISTINCT person FROM acknowledged");
    while (found.step())
      if (const auto person = crypto::to_hash(found.bytes(0))) persons_.add(*person);
    return found.problem();
  }

  SqliteOptions options_;
  int lock_ = -1;
  int wal_ = -1;  ///< the write-ahead log, to wait for the disk by
  std::atomic<bool> sync_failed_{false};
  ino_t inode_ = 0;
  Connection writes_;
  CardIndex cards_{writes_};
  WalCheckpoints checkpoints_;
  PersonFilter persons_;  ///< who may have acknowledged something
  std::mutex reading_;
  Connection reads_;
  ChainEnd end_;  ///< as of the transaction under way
  ChainEnd committed_end_;
};

}  // namespace

std::unique_ptr<LogStore> open_sqlite(const SqliteOptions& options, std::string& problem) {
  auto store = std::make_unique<SqliteStore>(options);
  problem = store->open();
  if (!problem.empty()) return nullptr;
  return store;
}

}  // namespace vigil::decision_log
