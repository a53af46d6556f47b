// SPDX-License-Identifier: Apache-2.0
// Where rows are kept: the seam for SQLite and PostgreSQL.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decision-log/log_row.h"

namespace vigil::decision_log {

/// An alert that feedback acknowledged: sealed JSON, of one card.
struct Acknowledged {
  std::string card;
  crypto::Hash person{};  ///< of client, patient and user together
  Instant at = 0;
  std::string sealed;
  std::string key_id;
};

/// Of what one person acknowledged, this many cards are read, the newest first: what is forgotten is shown once more.
constexpr int64_t kMostAcknowledged = 1000;

/// Rows of one chain. Functions return what went wrong, empty where nothing did; such texts hold no patient data. What
/// is between begin() and commit() is there whole or not at all, and once commit() has returned it outlives the
/// process; the machine too, once sync() has returned. One thread writes; read_acknowledged() may be called by any
/// thread at the same time, and sync() by one other.
class LogStore {
 public:
  virtual ~LogStore() = default;

  virtual std::string read_end(ChainEnd& end) = 0;

  virtual std::string begin() = 0;
  virtual std::string add(const LogRow& row) = 0;  ///< its number is one more than that of the row before
  virtual std::string add_card(std::string_view uuid, int64_t number) = 0;
  virtual std::string add_acknowledged(const Acknowledged& one) = 0;  ///< replaces that of the same card
  virtual std::string erase_sealed(int64_t through) = 0;              ///< of decisions and feedback
  virtual std::string purge(int64_t through, Instant before) = 0;     ///< rows, their cards, what was acknowledged then
  virtual std::string commit() = 0;
  virtual void roll_back() = 0;
  /// Whether the disk is waited for by sync(), so that the next rows can be written meanwhile. Else commit() waits, or
  /// nobody does.
  virtual bool syncs_apart() const { return false; }
  /// Waits until the disk holds what was committed before the call. Where it failed once, it fails from then on, and so
  /// does begin(): what the disk holds is then not known.
  virtual std::string sync() { return {}; }

  /// The row of a number; none where there is none.
  virtual std::string find_row(int64_t number, std::optional<LogRow>& row) = 0;
  /// The decision a card is of, of any chain in the store; none where there is none.
  virtual std::string find_decision(std::string_view card, std::optional<LogRow>& decision) = 0;
  /// Appends what this person acknowledged, the newest first, kMostAcknowledged at most.
  virtual std::string read_acknowledged(const crypto::Hash& person, std::vector<Acknowledged>& found) = 0;
  /// The last row whose time is before this, and whose sealed column is still there if `with_sealed`; 0 where none is.
  virtual std::string find_before(Instant before, bool with_sealed, int64_t& number) = 0;
  /// visit(row) for rows from this number on, in order, until it returns false.
  virtual std::string each(int64_t from, const std::function<bool(const LogRow&)>& visit) = 0;
  /// Whether anything could be written now.
  virtual std::string probe() = 0;
};

struct SqliteOptions {
  std::string file;
  /// Safe also when the machine fails, not the process alone: each group of rows waits for the disk.
  bool survives_power_loss = true;
  bool read_only = false;  ///< for inspection while a service writes
  int busy_milliseconds = 1000;
};
/// Opens or makes the file, which holds one chain; null where it cannot be used, with why. Of two that would write, the
/// second is refused.
std::unique_ptr<LogStore> open_sqlite(const SqliteOptions& options, std::string& problem);

struct PostgresOptions {
  /// A connection string of libpq: "host=/run/postgresql dbname=vigil". Keep passwords out of it: PGPASSFILE.
  std::string connection;
  std::string instance;  ///< whose chain: each writing process has its own
  bool survives_power_loss = true;
  bool read_only = false;
  int busy_milliseconds = 1000;
};
/// The chain of an instance in a PostgreSQL database, whose tables are made where they are absent. Feedback finds the
/// decisions of all instances. Connects again where the server was gone.
std::unique_ptr<LogStore> open_postgres(const PostgresOptions& options, std::string& problem);

/// "postgresql://…" or "postgres:…" is a database, anything else a file.
bool names_postgres(std::string_view place);

}  // namespace vigil::decision_log
