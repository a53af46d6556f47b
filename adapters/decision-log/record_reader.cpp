// SPDX-License-Identifier: Apache-2.0
// Finds the row that is named, and opens it.
#include "decision-log/record_reader.h"

#include <charconv>

#include "decision-log/sealed_text.h"

namespace vigil::decision_log {
namespace {

/// Records kept open: decisions that share one stand close to each other.
constexpr size_t kRecent = 64;

}  // namespace

HeldRecord RecordReader::record_of(const SecretParts& decision) {
  const auto text = decision.record;
  int64_t row = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), row);
  if (error != std::errc() || end != text.data() + text.size()) return {RecordState::kHeld, text};
  auto held = read_row(row);
  held.row = row;
  return held;
}

HeldRecord RecordReader::read_row(int64_t number) {
  if (const auto known = recent_.find(number); known != recent_.end()) return {RecordState::kHeld, known->second};
  std::optional<LogRow> row;
  if (!store_.find_row(number, row).empty()) return {RecordState::kUnreadable, {}};
  if (!row || !row->sealed) return {RecordState::kErased, {}};
  const auto secret = open_text(*row, keys_);
  const auto held = secret ? split_secret(*secret) : std::nullopt;
  if (!held || held->record.empty()) return {RecordState::kUnreadable, {}};
  if (recent_.size() >= kRecent) recent_.erase(recent_.begin());
  return {RecordState::kHeld, recent_.emplace(number, held->record).first->second};
}

}  // namespace vigil::decision_log
