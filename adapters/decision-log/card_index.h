// SPDX-License-Identifier: Apache-2.0
// Which decision a card is of, in a log kept by SQLite.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decision-log/sqlite_statement.h"

namespace vigil::decision_log {

/// Cards by uuid, for the feedback that names them. Few are ever asked for, and each group of decisions would write a
/// page of the index: it is written for many decisions at once. The latest are found in their rows, which name them.
/// For the one thread and connection that write.
class CardIndex {
 public:
  explicit CardIndex(Connection& writes) : writes_(writes) {}

  // Each returns what went wrong; empty where nothing did.

  /// Makes the tables where they are absent, and indexes what was not when the log was last written to.
  std::string start();
  void add(std::string_view uuid, int64_t number);
  /// Within a transaction that ends with the row `last`: writes the index where that is due.
  std::string before_commit(int64_t last);
  void committed();
  void rolled_back();
  /// Within a transaction: forgets the cards of decisions up to `through`, whose rows are still there.
  std::string purge(int64_t through, int64_t last);

 private:
  struct Card {
    std::string uuid;
    int64_t number;
  };

  struct Written {
    int64_t through;
    std::ptrdiff_t cards;  ///< the first of those waiting
  };

  std::string write(int64_t last);

  Connection& writes_;
  std::vector<Card> waiting_;       ///< not in the index, as of the transaction under way
  size_t kept_ = 0;                 ///< so many of them are committed
  int64_t through_ = 0;             ///< the row up to which all cards are in the index
  std::optional<Written> written_;  ///< by the transaction under way
};

/// The row of the decision a card is of: at most one, with the columns of `record`. Binds the card at 1.
extern const char* const kFindDecision;

}  // namespace vigil::decision_log
