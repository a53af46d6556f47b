// SPDX-License-Identifier: Apache-2.0
// Where lines end: each declaration and clause begins one; inside expressions the author decides.
#include <algorithm>

#include "formatting/declarations.h"

namespace vigil::formatting {
namespace {

using R = TokenRole;

/// Whether no line ends between the two, whatever the author wrote.
bool holds_together(const Item& before, const Item& item) {
  if (item.role == R::kTightOpen || item.role == R::kHyphen || item.role == R::kBodyColon || item.text == ":")
    return true;
  switch (before.role) {
    case R::kDeclaration:
    case R::kClause:
    case R::kSubClause:
    case R::kEvidenceItem:
    case R::kSign:
    case R::kHyphen: return true;
    default:
      return before.role != R::kComment && (before.text == "." || before.text == "public" || before.text == "private");
  }
}

/// The breaks before an item inside a declaration.
uint32_t breaks_inside(const Item& before, const Item& item) {
  const bool must = before.is_line_comment() || (begins_line(item.role) && !item.is_comment());
  if (!must && !item.is_comment() && holds_together(before, item)) return 0;
  const bool at_bracket = (before.opens() && !before.is_comment()) || (item.closes() && !item.is_comment());
  const uint32_t most = at_bracket ? 1 : 2;
  return std::clamp(item.breaks, must ? 1u : 0u, most);
}

/// Comments behind a declaration of several lines that are indented, and followed by an empty line, are its own.
void adopt_comments(Items& items, size_t from, size_t end) {
  size_t behind = from;
  while (behind < end && items[behind].breaks == 1 && items[behind].indented) ++behind;
  if (behind < items.size() && items[behind].breaks != 2) return;
  for (size_t i = from; i < behind; ++i) items[i].belongs_above = true;
}

/// An empty line between two declarations, unless both are of one line: then the author groups them.
void separate(Items& items, const Declaration& here) {
  for (size_t i = here.lead; i <= here.begin; ++i)
    if (items[i].breaks == 2) return;
  items[here.lead].breaks = 2;
}

}  // namespace

void decide_breaks(Items& items) {
  if (items.empty()) return;
  items.front().breaks = 0;
  for (size_t i = 1; i < items.size(); ++i) items[i].breaks = breaks_inside(items[i - 1], items[i]);
  const auto declarations = find_declarations(items);
  for (size_t k = 0; k < declarations.size(); ++k) {
    const bool is_last = k + 1 == declarations.size();
    const bool one_line = is_one_line(items, declarations[k]);
    if (!one_line) {
      size_t behind = is_last ? declarations[k].end : declarations[k + 1].lead;
      while (is_last && behind < items.size() && items[behind].breaks == 0) ++behind;
      adopt_comments(items, behind, is_last ? items.size() : declarations[k + 1].begin);
    }
    if (!is_last && !(one_line && is_one_line(items, declarations[k + 1]))) separate(items, declarations[k + 1]);
  }
}

}  // namespace vigil::formatting
