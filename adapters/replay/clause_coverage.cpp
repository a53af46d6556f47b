// SPDX-License-Identifier: Apache-2.0
// Counts truths by rule and part.
#include "replay/clause_coverage.h"

#include "replay/explanation_text.h"

namespace vigil::replay {

namespace {

constexpr size_t kMostLevels = 4;

}  // namespace

void ClauseCoverage::add(uint32_t rule, std::span<const Explanation> clauses) {
  for (size_t i = 0; i < clauses.size(); ++i) add(rule, std::to_string(i + 1), clauses[i], 1);
}

void ClauseCoverage::add(uint32_t rule, const std::string& part, const Explanation& clause, size_t level) {
  constexpr std::string_view kLetters = "TFNUV";
  const size_t truth = kLetters.find(truth_letter(clause));
  ++counts_[{rule, part, clause.text}][truth];
  if (level == kMostLevels) return;
  for (size_t i = 0; i < clause.children.size(); ++i)
    add(rule, part + "." + std::to_string(i + 1), clause.children[i], level + 1);
}

void ClauseCoverage::write(RowBuffer& rows) const {
  for (const auto& [key, counts] : counts_) {
    rows.begin(TableId::kClauseCoverage).add(int64_t{std::get<0>(key)} + 1).add(std::get<1>(key)).add(std::get<2>(key));
    for (const auto count : counts) rows.add(count);
    rows.end();
  }
}

}  // namespace vigil::replay
