// SPDX-License-Identifier: Apache-2.0
// One pass over the rows.
#include "decision-log/verify_log.h"

#include <algorithm>

#include "decision-log/row_json.h"

namespace vigil::decision_log {
namespace {

class Verifier {
 public:
  Verifier(const KeyRing& keys, const std::optional<ChainEnd>& anchor) : keys_(keys), anchor_(anchor) {}

  bool take(const LogRow& row) {
    check(row);
    return result_.problem.empty();
  }

  Verification finish(const ChainEnd& end, const std::string& store_problem) {
    if (!store_problem.empty()) fail("the rows cannot be read: " + store_problem);
    if (first_ && first_->number > 1 && !is_begin_known_)
      fail("rows before " + std::to_string(first_->number) + " were removed, and no checkpoint says so");
    if (last_erased_ > erased_through_)
      fail("the sealed column of row " + std::to_string(last_erased_) + " was removed, and no checkpoint says so");
    if (end.number == result_.last && end.number != 0 && end.hash != result_.last_hash)
      fail("row " + std::to_string(end.number) + " is not the one the chain ended with");
    if (end.number != result_.last)
      fail("the chain ended at row " + std::to_string(end.number) + ", and the last row is " +
           std::to_string(result_.last));
    if (anchor_ && !anchor_seen_ && anchor_->number > purged_through_)
      fail("row " + std::to_string(anchor_->number) + " is not the one told");
    result_.holds = result_.problem.empty();
    return result_;
  }

 private:
  void fail(std::string problem) {
    if (result_.problem.empty()) result_.problem = std::move(problem);
  }

  void check(const LogRow& row) {
    const auto number = std::to_string(row.number);
    if (!first_) {
      first_ = row;
      result_.first = row.number;
      if (row.number == 1) check_link({}, row);
    } else {
      if (row.number != result_.last + 1)
        return fail("rows from " + std::to_string(result_.last + 1) + " to " + std::to_string(row.number - 1) +
                    " are missing");
      check_link(result_.last_hash, row);
    }
    if (row.sealed && crypto::sha256(*row.sealed) != row.sealed_hash &&
        (row.kind == RowKind::kDecision || row.kind == RowKind::kFeedback))
      fail("the sealed column of row " + number + " was altered");
    if (!row.sealed && (row.kind == RowKind::kDecision || row.kind == RowKind::kFeedback)) {
      ++result_.erased;
      last_erased_ = row.number;
    }
    if (anchor_ && anchor_->number == row.number) anchor_seen_ = anchor_->hash == row.hash;
    result_.last = row.number;
    result_.last_hash = row.hash;
    const auto kind = static_cast<size_t>(row.kind);
    if (kind < result_.rows.size()) ++result_.rows[kind];
    take_checkpoint(row);
  }

  void check_link(const crypto::Hash& before, const LogRow& row) {
    const auto hash = link(before, row, keys_);
    if (!hash) {
      result_.lacks_key = result_.lacks_key || result_.problem.empty();
      return fail("row " + std::to_string(row.number) + " needs the key " + row.key_id);
    }
    if (*hash != row.hash) fail("row " + std::to_string(row.number) + " was altered, or stands where another stood");
  }

  void take_checkpoint(const LogRow& row) {
    if (row.kind != RowKind::kErased && row.kind != RowKind::kPurged && row.kind != RowKind::kDropped) return;
    const auto json = parse_row_text(row.open);
    if (!json.is_object()) return;
    if (row.kind == RowKind::kDropped)
      result_.missing += static_cast<uint64_t>(std::max(number_of(json, "count"), int64_t{0}));
    const auto through = number_of(json, "through");
    if (row.kind == RowKind::kErased) erased_through_ = std::max(erased_through_, through);
    if (row.kind != RowKind::kPurged) return;
    purged_through_ = std::max(purged_through_, through);
    if (through != first_->number - 1) return;
    const auto bytes = crypto::from_hex(text_of(json, "hash"));
    const auto hash = bytes ? crypto::to_hash(*bytes) : std::nullopt;
    if (!hash) return;
    is_begin_known_ = true;
    check_link(*hash, *first_);
  }

  const KeyRing& keys_;
  const std::optional<ChainEnd>& anchor_;
  Verification result_;
  std::optional<LogRow> first_;
  bool is_begin_known_ = false;
  bool anchor_seen_ = false;
  int64_t last_erased_ = 0;
  int64_t erased_through_ = 0;
  int64_t purged_through_ = 0;
};

}  // namespace

Verification verify(LogStore& store, const KeyRing& keys, const std::optional<ChainEnd>& anchor) {
  Verifier verifier(keys, anchor);
  ChainEnd end;
  // The end first: rows that come while we read are behind it, and are not looked at.
  auto problem = store.read_end(end);
  if (problem.empty())
    problem = store.each(1, [&](const LogRow& row) { return row.number <= end.number && verifier.take(row); });
  return verifier.finish(end, problem);
}

std::string lacks_key(LogStore& store, const KeyRing& keys) {
  ChainEnd end;
  std::optional<LogRow> last;
  if (!store.read_end(end).empty() || !store.find_row(end.number, last).empty() || !last) return {};
  if (keys.mac({}, last->key_id)) return {};
  return "its last row is sealed by the key " + last->key_id + ", which was not given";
}

}  // namespace vigil::decision_log
