// SPDX-License-Identifier: Apache-2.0
// Splitting RRF lines.
#include "knowledge/rrf_reader.h"

#include <algorithm>
#include <string>

#include <vigil/source.h>

namespace vigil {

bool RrfReader::next() {
  const std::string_view text = file_.text();
  while (at_ < text.size()) {
    const size_t end = std::min(text.find('\n', at_), text.size());
    std::string_view line = text.substr(at_, end - at_);
    at_ = end + 1;
    ++line_;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    if (split(line)) return true;
    ++broken_;
  }
  return false;
}

bool RrfReader::split(std::string_view line) {
  cells_.clear();
  size_t begin = 0;
  for (size_t end = line.find('|'); end != std::string_view::npos; end = line.find('|', begin)) {
    cells_.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  const bool is_ended = begin == line.size();
  if (cells_.size() == columns_ && is_ended && find_invalid_utf8(line) == line.size()) return true;
  const size_t found = cells_.size() + (is_ended ? 0 : 1);
  if (cells_.size() == columns_ && is_ended)
    sink_.add(data_diagnostic("VGL1110", file_.place(line_), {std::to_string(line_), "it is not valid UTF-8"}));
  else
    sink_.add(data_diagnostic("VGL1103", file_.place(line_),
                              {std::to_string(line_), std::to_string(found), std::to_string(columns_)})
                  .with_hint("each column of an RRF row ends with `|`; the row is left out"));
  return false;
}

}  // namespace vigil
