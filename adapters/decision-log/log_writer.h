// SPDX-License-Identifier: Apache-2.0
// Puts rows into a store, each linked to the one before; the part of the log that runs on its writing thread.
#pragma once

#include <chrono>
#include <string>

#include "decision-log/log_entry.h"
#include "decision-log/log_store.h"
#include "decision-log/record_memory.h"

namespace vigil::decision_log {

/// A decision ready to be linked: sealed, and its sealed column hashed, on the thread it came from.
struct SealedEntry {
  LogRow row;
  std::vector<std::string> cards;
  std::optional<RecordId> record;  ///< what the row holds of the patient's record, where others may name it
};
/// None where sealing fails. A record that a recent row of `records` holds is left out, and that row named in its
/// place.
std::optional<SealedEntry> seal(Entry entry, const KeyRing& keys, const RecordMemory* records = nullptr);

/// Between begin() and commit() of the store. Functions return what went wrong, empty where nothing did; then the
/// transaction is to be rolled back, and forget() called.
class LogWriter {
 public:
  LogWriter(LogStore& store, const KeyRing& keys) : store_(store), keys_(keys) {}

  std::string start();  ///< reads where the chain ends
  std::string add(const SealedEntry& entry);
  std::string add(const Feedback& feedback);
  std::string add_dropped(uint64_t count, Instant at);
  /// Removes rows whose time is before this, but for the last, which tells where the chain begins. `before` is to be as
  /// oldest_kept() says, else decisions that are kept may lose their record.
  std::string purge(Instant before, Instant now);
  std::string erase(Instant before, Instant now);

  void keep();    ///< after commit()
  void forget();  ///< after roll_back()
  const ChainEnd& end() const { return kept_; }
  /// Of the rows that were kept; any thread may ask it.
  const RecordMemory& records() const { return records_; }

 private:
  std::string add_row(LogRow row);
  std::string add_note(RowKind kind, std::string open, Instant at);
  std::string find_decision(const CardFeedback& item, const Feedback& feedback, std::optional<LogRow>& decision);
  std::string acknowledge(const CardFeedback& item, const Feedback& feedback, const LogRow& decision,
                          std::string& joined);

  struct NewRecord {
    RecordId id;
    int64_t number;
    Instant at;
  };

  LogStore& store_;
  const KeyRing& keys_;
  ChainEnd end_;
  ChainEnd kept_;
  RecordMemory records_;
  std::vector<NewRecord> new_records_;  ///< of this transaction
};

/// From when on rows stay, so that those of the last `kept` milliseconds have all they name.
Instant oldest_kept(Instant now, std::chrono::milliseconds kept);

/// One number for client, patient and user, so that the store can find what they acknowledged without being told them.
crypto::Hash person_of(const KeyRing& keys, std::string_view client, std::string_view patient, std::string_view user);

/// What an Acknowledged holds, opened: the findings of one card. Empty where it cannot be read.
std::vector<KnownAlert> known_alerts_of(const Acknowledged& one, const KeyRing& keys);

}  // namespace vigil::decision_log
