// SPDX-License-Identifier: Apache-2.0
// Cards to the table `card`; the row up to which all are there, to the table `indexed`.
#include "decision-log/card_index.h"

namespace vigil::decision_log {
namespace {

/// Decisions that share the cost of writing the index. So many rows are looked through for a card of no decision.
constexpr int64_t kDecisionsAtOnce = 256;
/// Cards that are written without making the group they come with wait long.
constexpr size_t kCardsAtOnce = 128;

constexpr const char* kSchema = R"(
CREATE TABLE IF NOT EXISTS card(uuid TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS indexed(one INTEGER PRIMARY KEY CHECK (one = 1), through INTEGER NOT NULL) STRICT;
INSERT OR IGNORE INTO indexed SELECT 1, number FROM chain; -- earlier versions indexed each card at once
DROP INDEX IF EXISTS card_by_number; -- of earlier versions
)";

constexpr const char* kCatchUp = R"(
BEGIN IMMEDIATE;
INSERT OR REPLACE INTO card
  SELECT named.value, record.number
  FROM record, json_each(CASE WHEN json_valid(open) THEN open ELSE '{}' END, '$.cards') named
  WHERE record.kind = 1 AND record.number > (SELECT through FROM indexed) AND named.type = 'text';
UPDATE indexed SET through = (SELECT number FROM chain);
COMMIT;
)";

// A decision names its cards: no index by number is needed, which would cost each decision a page.
constexpr const char* kForgetCards = R"(
DELETE FROM card WHERE number <= ?1 AND uuid IN (
  SELECT named.value
  FROM record, json_each(CASE WHEN json_valid(open) THEN open ELSE '{}' END, '$.cards') named
  WHERE record.number <= ?1 AND record.kind = 1))";

}  // namespace

const char* const kFindDecision = R"(
SELECT record.* FROM record JOIN card USING (number) WHERE uuid = ?1
UNION ALL
SELECT * FROM record
  WHERE number > (SELECT through FROM indexed) AND kind = 1 AND instr(open, ?1) > 0
    AND EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(open) THEN open ELSE '{}' END, '$.cards') WHERE value = ?1)
LIMIT 1)";

std::string CardIndex::start() {
  auto problem = writes_.run(kSchema);
  if (problem.empty()) problem = writes_.run(kCatchUp);
  if (!problem.empty()) return problem;
  Statement found(writes_, "SELECT through FROM indexed");
  if (!found.step()) return found.problem("its index of cards is damaged");
  through_ = found.integer(0);
  return {};
}

void CardIndex::add(std::string_view uuid, int64_t number) { waiting_.push_back({std::string(uuid), number}); }

std::string CardIndex::before_commit(int64_t last) {
  const bool is_due = waiting_.size() >= kCardsAtOnce || last - through_ >= kDecisionsAtOnce;
  return is_due && !written_ ? write(last) : std::string();
}

void CardIndex::committed() {
  if (written_) {
    waiting_.erase(waiting_.begin(), waiting_.begin() + written_->cards);
    through_ = written_->through;
  }
  written_.reset();
  kept_ = waiting_.size();
}

void CardIndex::rolled_back() {
  waiting_.resize(kept_);
  written_.reset();
}

std::string CardIndex::purge(int64_t through, int64_t last) {
  auto problem = write(last);
  return problem.empty() ? writes_.prepared(kForgetCards).bind(1, through).run() : problem;
}

std::string CardIndex::write(int64_t last) {
  auto& insert = writes_.prepared("INSERT OR REPLACE INTO card VALUES(?,?)");
  for (const auto& card : waiting_)
    if (auto problem = insert.bind_text(1, card.uuid).bind(2, card.number).run(); !problem.empty()) return problem;
  auto problem = writes_.prepared("UPDATE indexed SET through = ?").bind(1, last).run();
  if (problem.empty()) written_ = {last, static_cast<std::ptrdiff_t>(waiting_.size())};
  return problem;
}

}  // namespace vigil::decision_log
