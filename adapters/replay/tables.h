// SPDX-License-Identifier: Apache-2.0
// The tables that a replay writes, with their columns: the one definition that all sinks, the report and the
// documentation follow.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace vigil::replay {

enum class ColumnType : uint8_t { kText, kInteger, kReal };

struct Column {
  std::string_view name;
  ColumnType type;
  std::string_view meaning;
};

enum class TableId : uint8_t {
  kTriggers,
  kDecisions,
  kFindings,
  kEvidence,
  kMissing,
  kMisses,
  kLeakage,
  kLabelled,
  kFeedback,
  kSubgroups,
  kDifferences,
  kDifferenceFacts,
  kOutcomeCounts,  ///< from here on: summed over all parts, written once
  kClauseCoverage,
  kChangeCounts,
  kChangeRates,
  kDataProblems,
  kRules,
  kRun,
};
inline constexpr size_t kTableCount = 19;

/// Of which results a table is part.
enum class ResultKind : uint8_t { kReplay, kCompare, kAny };

struct TableInfo {
  std::string_view name;
  std::string_view meaning;
  std::string_view primary_key;  ///< columns, as SQL writes them
  ResultKind kind;
  std::span<const Column> columns;

  bool is_part_of(ResultKind result) const { return kind == ResultKind::kAny || kind == result; }
};

/// Of all tables, by TableId.
std::span<const TableInfo> tables();
const TableInfo& table(TableId id);

}  // namespace vigil::replay
