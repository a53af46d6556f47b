// SPDX-License-Identifier: Apache-2.0
// Finding the columns of pairs; cells as text.
#include "knowledge/pair_table.h"

#include <vigil/primitives.h>

namespace vigil {

std::optional<PairColumns> find_pair_columns(const KnowledgeTable& table) {
  const auto a = table.find_column("a");
  const auto b = table.find_column("b");
  if (!a || !b) return std::nullopt;
  const auto is_code = [&](uint32_t column) { return table.columns()[column].type == ColumnType::kCode; };
  if (!is_code(*a) || !is_code(*b)) return std::nullopt;
  auto tier = table.find_column("tier");
  if (tier && table.columns()[*tier].type != ColumnType::kString) tier.reset();
  return PairColumns{*a, *b, tier};
}

ConceptId concept_of(const Value& cell) { return cell.kind == Kind::kCode ? cell.code->concept_id : 0; }

std::string cell_text(const Value& cell) {
  switch (cell.kind) {
    case Kind::kString: return std::string(cell.string());
    case Kind::kCode: return std::string(cell.code->system).append("|").append(cell.code->code);
    case Kind::kInteger: return std::to_string(cell.integer);
    case Kind::kBoolean: return cell.boolean ? "true" : "false";
    case Kind::kDecimal: return decimal_text(cell.decimal);
    case Kind::kQuantity: return decimal_text(cell.quantity->value).append(" ").append(cell.quantity->unit);
    default: return {};  // a table holds no other kinds
  }
}

}  // namespace vigil
