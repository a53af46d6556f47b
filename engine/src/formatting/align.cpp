// SPDX-License-Identifier: Apache-2.0
// Columns: the operands of a rule's clauses, and the values of declarations of one kind in a row.
#include <algorithm>
#include <array>

#include "formatting/declarations.h"

namespace vigil::formatting {
namespace {

using R = TokenRole;

constexpr uint32_t kSubClauseWidth = 8;  ///< `override`
constexpr uint32_t kEvidenceWidth = 9;   ///< `rationale`

uint32_t width_of(const Item& item) { return count_code_points(item.text); }

void pad(Item& item, uint32_t width) {
  const auto own = width_of(item);
  if (own < width) item.padding = width - own;
}

/// Clauses whose operand stands behind their one word; the others (`once per`, `if unknown`, `expect`) take no part.
bool is_padded(const Item& item) {
  static constexpr std::array<std::string_view, 11> kWords = {
      "category", "on", "for", "let", "when", "unless", "tier", "alert", "severity", "given", "at"};
  return item.role == R::kClause && std::ranges::find(kWords, item.text) != kWords.end();
}

/// The clauses of the declaration [begin, end).
void align_clauses(Items& items, size_t begin, size_t end) {
  uint32_t width = 0;
  for (size_t i = begin; i < end; ++i)
    if (is_padded(items[i])) width = std::max(width, width_of(items[i]));
  for (size_t i = begin; i < end; ++i) {
    if (is_padded(items[i])) pad(items[i], width);
    if (items[i].role == R::kSubClause) pad(items[i], kSubClauseWidth);
    if (items[i].role == R::kEvidenceItem) pad(items[i], kEvidenceWidth);
  }
}

/// A declaration that has a value behind a colon, on one line: its word, and where the colon is.
struct Entry {
  std::string_view word;
  size_t colon = 0;
  uint32_t width = 0;  ///< of the line up to the colon, that included
};

Entry entry_of(const Items& items, const Declaration& at) {
  const bool has_access = items[at.begin].text == "public" || items[at.begin].text == "private";
  static constexpr std::array<std::string_view, 4> kWords = {"codesystem", "valueset", "code", "concept"};
  const std::string_view word = items[at.begin + (has_access ? 1 : 0)].text;
  if (std::ranges::find(kWords, word) == kWords.end() || !is_one_line(items, at)) return {};
  Entry entry{word, at.begin, width_of(items[at.begin])};
  while (items[entry.colon].text != ":") {
    ++entry.colon;
    entry.width += spaces_before(items, entry.colon) + width_of(items[entry.colon]);
  }
  return entry;
}

void align_run(Items& items, std::vector<Entry>& run) {
  uint32_t width = 0;
  for (const auto& entry : run) width = std::max(width, entry.width);
  for (const auto& entry : run) items[entry.colon].padding = width - entry.width;
  run.clear();
}

}  // namespace

void align(Items& items) {
  std::vector<Entry> run;
  for (const auto& declaration : find_declarations(items)) {
    align_clauses(items, declaration.begin, declaration.end);
    const auto entry = entry_of(items, declaration);
    const bool follows = declaration.lead == declaration.begin && items[declaration.begin].breaks == 1;
    if (!run.empty() && (!follows || entry.word != run.front().word)) align_run(items, run);
    if (entry.colon != 0) run.push_back(entry);
  }
  align_run(items, run);
}

}  // namespace vigil::formatting
