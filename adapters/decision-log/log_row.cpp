// SPDX-License-Identifier: Apache-2.0
// Links rows.
#include "decision-log/log_row.h"

namespace vigil::decision_log {
namespace {

void append_number(std::string& bytes, uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 0xFF);
}

}  // namespace

std::string_view name(RowKind kind) {
  switch (kind) {
    case RowKind::kDecision: return "decision";
    case RowKind::kFeedback: return "feedback";
    case RowKind::kErased: return "erased";
    case RowKind::kPurged: return "purged";
    case RowKind::kDropped: return "dropped";
  }
  return "unknown";
}

std::optional<crypto::Hash> link(const crypto::Hash& before, const LogRow& row, const KeyRing& keys) {
  std::string bytes = "vigil log 1";
  bytes += crypto::bytes_of(before);
  append_number(bytes, static_cast<uint64_t>(row.number));
  append_number(bytes, static_cast<uint64_t>(row.kind));
  append_number(bytes, static_cast<uint64_t>(row.at));
  bytes += crypto::bytes_of(crypto::sha256(row.open));
  bytes += crypto::bytes_of(row.sealed_hash);
  bytes += row.key_id;
  return keys.mac(bytes, row.key_id);
}

std::string seal_context(RowKind kind, Instant at) {
  std::string bytes(name(kind));
  append_number(bytes, static_cast<uint64_t>(at));
  return bytes;
}

}  // namespace vigil::decision_log
