// SPDX-License-Identifier: Apache-2.0
// Tables of pairs, such as drug interactions: which tables they are, and their rows regardless of order.
#pragma once

#include <optional>
#include <string>

#include <vigil/knowledge_base.h>

namespace vigil {

/// The columns of a table of pairs: codes `a` and `b`, and perhaps a text `tier`. A pair says the same in either order.
struct PairColumns {
  uint32_t a = 0;
  uint32_t b = 0;
  std::optional<uint32_t> tier;
};

/// None where the table is not one of pairs.
std::optional<PairColumns> find_pair_columns(const KnowledgeTable& table);

/// The concept of a code cell; 0 where it is null or no code.
ConceptId concept_of(const Value& cell);
/// A cell as text, the same for the same content of any knowledge base: a code as `system|code`; null as nothing.
std::string cell_text(const Value& cell);

}  // namespace vigil
