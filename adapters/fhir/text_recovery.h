// SPDX-License-Identifier: Apache-2.0
// What can still be read of a damaged text: its lines, the part before the break, the text with bad bytes replaced.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vigil::fhir {

/// A line and where it stands; without white space around it.
struct Line {
  std::string_view text;
  uint32_t number = 0;  ///< from 1
};

/// Gives the lines of a text that are not empty, one after another.
class Lines {
 public:
  /// Begins at `begin`, the first byte of a line.
  explicit Lines(std::string_view text, size_t begin = 0);
  std::optional<Line> next();

 private:
  std::string_view text_;
  size_t at_;
  uint32_t number_;  ///< of the line at `at_`
};

/// Whether each line seems to hold a JSON object of its own: NDJSON, even if the first line is broken, and neither one
/// object on one line nor one spread over several.
bool is_line_delimited(std::string_view text);

/// How much of a text can be read though a string in it is not closed or holds a control character: the offset of that
/// string's opening quote, or the text's size.
size_t find_broken_string(std::string_view text);

/// The text with each byte that belongs to no UTF-8 character replaced by `?`; offsets stay.
std::string replace_invalid_utf8(std::string_view text);

}  // namespace vigil::fhir
