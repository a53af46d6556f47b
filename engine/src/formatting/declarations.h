// SPDX-License-Identifier: Apache-2.0
// Where the declarations stand among the items of a text.
#pragma once

#include "formatting/layout_items.h"

namespace vigil::formatting {

/// A declaration: [begin, end) are its tokens and the comments among them. The comments of [lead, begin) stand before
/// it on lines of their own; those of the line where the one before ends do not belong to it.
struct Declaration {
  size_t lead = 0;
  size_t begin = 0;
  size_t end = 0;
};

/// In order. The items behind the last one's end are comments.
std::vector<Declaration> find_declarations(const Items& items);

/// Whether the declaration stands on one line. Needs breaks decided.
bool is_one_line(const Items& items, const Declaration& declaration);

}  // namespace vigil::formatting
