// SPDX-License-Identifier: Apache-2.0
// Two columns a level: what is inside a bracket, what continues a line, a query's clauses below its source.
#include "formatting/open_parts.h"

#include <algorithm>

namespace vigil::formatting {
namespace {

using R = TokenRole;

constexpr uint32_t kStep = 2;
constexpr uint32_t kClauseColumn = 2;
constexpr uint32_t kSubClauseColumn = 4;

}  // namespace

OpenParts::Part OpenParts::make_part(uint32_t close, uint32_t item, uint32_t inner, uint32_t clause) {
  Part part;
  part.close = close;
  part.item = part.list = item;
  part.inner = part.first_inner = inner;
  part.clause = part.first_clause = clause;
  return part;
}

OpenParts::Part OpenParts::make_bracket(bool ends_line) const {
  const uint32_t inside = level_ + kStep;
  if (ends_line) return make_part(level_, inside, inside + kStep, inside + kStep);
  return make_part(level_, inside, std::max(level_, parts_.back().inner) + kStep, inside);
}

uint32_t OpenParts::column_of(const Item& item) const {
  const auto& part = parts_.back();
  switch (item.role) {
    case R::kDeclaration: return 0;
    case R::kClause: return kClauseColumn;
    case R::kSubClause:
    case R::kEvidenceItem:
    case R::kTestAnd: return kSubClauseColumn;
    case R::kClauseTail: return parts_.front().first_inner;
    case R::kCaseItem: return part.item;
    case R::kCaseEnd: return part.close;
    case R::kQueryClause: return part.clause;
    case R::kSetOperator: return set_column();
    case R::kThen:
      if (!part.choices.empty()) return part.choices.back().base + kStep;
      break;
    case R::kElse:
      if (!part.choices.empty()) return part.choices.back().base + (part.choices.back().then_begins_line ? kStep : 0);
      break;
    default: break;
  }
  if (item.closes()) return part.close;
  if (before_.opens() || before_.role == R::kBodyColon || before_.text == ",")
    return before_.role == R::kQueryComma ? part.list : part.item;
  return before_.role == R::kSetOperator ? set_column() : part.inner;
}

uint32_t OpenParts::column_of_comment(const Item* next) const {
  if (next == nullptr) return 0;
  if (next->closes() || next->role == R::kCaseEnd) return parts_.back().item;
  return column_of(*next);
}

void OpenParts::begin_item() {
  auto& part = parts_.back();
  part.inner = part.first_inner;
  part.clause = part.first_clause;
  part.list = part.item;
  part.in_query = false;
  part.choices.clear();
}

uint32_t OpenParts::base() const { return std::max(level_, parts_.back().item); }

void OpenParts::take_choice(const Item& item, bool begins_line) {
  auto& part = parts_.back();
  if (item.role == R::kIf) {
    part.choices.push_back({base()});
    part.inner = base() + 2 * kStep;
  } else {
    if (item.role == R::kThen && begins_line && !part.choices.empty()) part.choices.back().then_begins_line = true;
    if (item.role == R::kElse && !part.choices.empty()) part.choices.pop_back();
    part.inner = base() + kStep;
  }
  part.clause = part.inner;
  part.in_query = false;
}

void OpenParts::take(const Item& item, uint32_t end, bool begins_line, bool ends_line) {
  auto& part = parts_.back();
  switch (item.role) {
    case R::kDeclaration: parts_.assign(1, make_part(0, kStep, kStep, kStep)); break;
    case R::kBodyColon:
      if (ends_line) parts_.assign(1, make_part(0, kStep, 2 * kStep, 2 * kStep));
      break;
    case R::kClause:
    case R::kSubClause:
    case R::kEvidenceItem:
      level_ = end + item.padding + 1;
      parts_.assign(1, make_part(level_, level_, level_ + kStep, level_ + kStep));
      break;
    case R::kQueryClause:
      part.in_query = true;
      if (begins_line) part.inner = part.clause + kStep;
      [[fallthrough]];
    case R::kFrom:
    case R::kSortBy: part.list = ends_line ? part.inner : end + 1; break;
    case R::kSuch:
      if (begins_line) part.inner += kStep;
      break;
    case R::kQueryComma: break;
    case R::kIf:
    case R::kThen:
    case R::kElse: take_choice(item, begins_line); break;
    case R::kCase: parts_.push_back(make_part(level_, level_ + kStep, level_ + 2 * kStep, level_ + 2 * kStep)); break;
    default:
      if (item.text == ",") begin_item();
      if (item.opens()) parts_.push_back(make_bracket(ends_line));
      if ((item.closes() || item.role == R::kCaseEnd) && parts_.size() > 1) parts_.pop_back();
      break;
  }
  before_ = item;
}

}  // namespace vigil::formatting
