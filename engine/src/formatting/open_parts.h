// SPDX-License-Identifier: Apache-2.0
// How far a line is indented: the brackets, queries and choices that are open where it begins.
#pragma once

#include <vector>

#include "formatting/layout_items.h"

namespace vigil::formatting {

/// The parts of a declaration that are open behind the items met so far, outermost first.
class OpenParts {
 public:
  /// The column of `item` if it begins a line. `item` may be a token, or null at the text's end.
  uint32_t column_of(const Item& item) const;
  /// The column of a comment on a line of its own, before `next` (null at the text's end).
  uint32_t column_of_comment(const Item* next) const;

  /// A line begins at this column.
  void begin_line(uint32_t column) { level_ = column; }
  /// `item` has been written and ends at column `end`; `begins_line` where it was first on its line, and
  /// `ends_line` where it is last.
  void take(const Item& item, uint32_t end, bool begins_line, bool ends_line);

 private:
  struct Choice {
    uint32_t base = 0;  ///< the column that `if` stands for
    bool then_begins_line = false;
  };

  /// A declaration's or clause's body, a bracket, or a `case`. Columns of the lines that begin in it:
  struct Part {
    uint32_t close = 0;        ///< its closing bracket
    uint32_t item = 0;         ///< an item: behind the bracket, or behind a comma
    uint32_t inner = 0;        ///< what continues an item
    uint32_t clause = 0;       ///< a query's clause
    uint32_t list = 0;         ///< a further source, `let` or sort item of a query
    uint32_t first_inner = 0;  ///< `inner` and `clause` when an item begins
    uint32_t first_clause = 0;
    bool in_query = false;
    std::vector<Choice> choices;
  };

  static Part make_part(uint32_t close, uint32_t item, uint32_t inner, uint32_t clause);
  Part make_bracket(bool ends_line) const;
  void begin_item();
  void take_choice(const Item& item, bool begins_line);
  uint32_t base() const;
  uint32_t set_column() const { return parts_.back().in_query ? parts_.back().inner : parts_.back().item; }

  std::vector<Part> parts_{1};
  Item before_;         ///< the token before
  uint32_t level_ = 0;  ///< the column that the line stands for
};

}  // namespace vigil::formatting
