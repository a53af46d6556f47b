// SPDX-License-Identifier: Apache-2.0
// Items with their breaks decided, to text.
#include "formatting/open_parts.h"

namespace vigil::formatting {
namespace {

constexpr uint32_t kBodyColumn = 2;

class LineWriter {
 public:
  explicit LineWriter(const Items& items) : items_(items) {}

  std::string run() {
    for (size_t i = 0; i < items_.size(); ++i) write(i);
    if (!out_.empty()) out_ += '\n';
    return std::move(out_);
  }

 private:
  void write(size_t i) {
    const auto& item = items_[i];
    const bool begins_line = i == 0 || item.breaks > 0;
    if (begins_line) {
      const uint32_t column = column_at(i);
      out_.append(item.breaks, '\n').append(column, ' ');
      column_ = column;
      open_.begin_line(column);
    } else {
      const uint32_t spaces = items_[i - 1].padding + spaces_before(items_, i);
      out_.append(spaces, ' ');
      column_ += spaces;
    }
    write_text(item);
    if (item.is_comment()) return;
    open_.take(item, column_, begins_line, i + 1 == items_.size() || items_[i + 1].breaks > 0);
  }

  uint32_t column_at(size_t i) const {
    if (!items_[i].is_comment()) return open_.column_of(items_[i]);
    if (items_[i].belongs_above) return kBodyColumn;
    while (i < items_.size() && items_[i].is_comment()) ++i;
    return open_.column_of_comment(i == items_.size() ? nullptr : &items_[i]);
  }

  void write_text(const Item& item) {
    out_ += item.text;
    const auto line = item.text.rfind('\n');
    if (line == std::string::npos)
      column_ += count_code_points(item.text);
    else
      column_ = count_code_points(std::string_view(item.text).substr(line + 1));
  }

  const Items& items_;
  OpenParts open_;
  std::string out_;
  uint32_t column_ = 0;
};

}  // namespace

std::string write_lines(const Items& items) { return LineWriter(items).run(); }

}  // namespace vigil::formatting
