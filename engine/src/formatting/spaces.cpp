// SPDX-License-Identifier: Apache-2.0
// The spaces between two neighbours on one line.
#include "formatting/layout_items.h"

namespace vigil::formatting {
namespace {

using R = TokenRole;

bool is_number(const Item& item) { return !item.text.empty() && item.text[0] >= '0' && item.text[0] <= '9'; }

/// Whether the line ends behind the item at `i`.
bool ends_line(const Items& items, size_t i) { return i + 1 == items.size() || items[i + 1].breaks > 0; }

bool is_tight_behind(const Items& items, size_t i) {
  const auto& item = items[i];
  switch (item.role) {
    case R::kSign:
    case R::kHyphen:
    case R::kTypeOpen: return true;
    case R::kRatioColon: return i > 0 && is_number(items[i - 1]);
    default: return item.text == "(" || item.text == "[" || item.text == ".";
  }
}

bool is_tight_before(const Items& items, size_t i) {
  const auto& item = items[i];
  switch (item.role) {
    case R::kTightOpen:
    case R::kHyphen:
    case R::kTypeOpen:
    case R::kTypeClose: return true;
    case R::kRatioColon: return is_number(items[i - 1]);
    default: return item.text == ")" || item.text == "]" || item.text == "." || item.text == "," || item.text == ":";
  }
}

}  // namespace

uint32_t spaces_before(const Items& items, size_t i) {
  const auto& before = items[i - 1];
  const auto& item = items[i];
  if (item.is_comment()) return item.is_line_comment() || ends_line(items, i) ? 2 : 1;
  if (before.is_comment()) return 1;
  if (before.text == "{" && (item.text == "}" || item.text == ":")) return 0;
  if (item.text == "}" && before.text == ":") return 0;
  return is_tight_behind(items, i - 1) || is_tight_before(items, i) ? 0 : 1;
}

}  // namespace vigil::formatting
