// SPDX-License-Identifier: Apache-2.0
// Rows of tables as text: a JSON array a line, the table's number first. What a part holds.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "replay/tables.h"

namespace vigil::replay {

/// Appends rows, reusing its memory. Cells come in the order of the table's columns; an empty text is null.
///   rows.begin(TableId::kMissing).add(decision).add(1).add(what).add_null().end();
class RowBuffer {
 public:
  RowBuffer& begin(TableId id);
  RowBuffer& add(std::string_view text);
  RowBuffer& add(const char* text) { return add(std::string_view(text)); }
  RowBuffer& add(int64_t number);
  RowBuffer& add(double number);
  RowBuffer& add(bool yes) { return add(int64_t{yes ? 1 : 0}); }
  RowBuffer& add_null();
  void end() { text_ += "]\n"; }

  std::string& text() { return text_; }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace vigil::replay
