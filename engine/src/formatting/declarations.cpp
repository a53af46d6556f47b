// SPDX-License-Identifier: Apache-2.0
// Finds declarations by the role of their first token.
#include "formatting/declarations.h"

namespace vigil::formatting {

std::vector<Declaration> find_declarations(const Items& items) {
  std::vector<Declaration> found;
  for (size_t i = 0; i < items.size(); ++i)
    if (items[i].role == TokenRole::kDeclaration) found.push_back({i, i, items.size()});
  for (size_t k = 0; k < found.size(); ++k) {
    auto& here = found[k];
    if (k + 1 < found.size()) here.end = found[k + 1].begin;
    while (items[here.end - 1].is_comment()) --here.end;
    here.lead = k == 0 ? 0 : found[k - 1].end;
    while (k > 0 && here.lead < here.begin && items[here.lead].breaks == 0) ++here.lead;
  }
  return found;
}

bool is_one_line(const Items& items, const Declaration& declaration) {
  if (items[declaration.begin].inside_breaks) return false;
  for (size_t i = declaration.begin + 1; i < declaration.end; ++i)
    if (items[i].inside_breaks || items[i].breaks > 0) return false;
  return true;
}

}  // namespace vigil::formatting
