// SPDX-License-Identifier: Apache-2.0
// Tokens with their spans to items with the white space that stood before them.
#include <algorithm>

#include "formatting/layout_items.h"

namespace vigil::formatting {
namespace {

/// Line ends are LF, CR LF or CR.
uint32_t count_breaks(std::string_view gap) {
  uint32_t breaks = 0;
  for (size_t i = 0; i < gap.size(); ++i)
    if (gap[i] == '\n' || (gap[i] == '\r' && !gap.substr(i + 1).starts_with('\n'))) ++breaks;
  return breaks;
}

/// A comment without white space behind it, with LF at its line ends: both mean nothing.
std::string comment_text(std::string_view written) {
  std::string text;
  for (size_t i = 0; i < written.size(); ++i)
    if (written[i] != '\r' || !written.substr(i + 1).starts_with('\n')) text += written[i];
  if (text.starts_with("//"))
    while (text.ends_with(' ') || text.ends_with('\t')) text.pop_back();
  return text;
}

}  // namespace

Items read_items(std::string_view text, const std::vector<SourceToken>& tokens) {
  Items items;
  items.reserve(tokens.size());
  size_t end = 0;
  for (const auto& token : tokens) {
    const auto gap = text.substr(end, token.span.begin - end);
    const auto written = text.substr(token.span.begin, token.span.size());
    Item item;
    item.text = token.role == TokenRole::kComment ? comment_text(written) : std::string(written);
    item.role = token.role;
    item.breaks = std::min(count_breaks(gap), 2u);
    item.indented = gap.ends_with(' ') || gap.ends_with('\t');
    item.inside_breaks = written.find_first_of("\r\n") != std::string_view::npos;
    items.push_back(std::move(item));
    end = token.span.end;
  }
  return items;
}

}  // namespace vigil::formatting
