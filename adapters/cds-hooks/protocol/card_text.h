// SPDX-License-Identifier: Apache-2.0
// Texts of cards: plain and short, or GitHub-flavoured Markdown in which nothing of the data is markup.
#pragma once

#include <string>
#include <string_view>

namespace vigil::hooks {

/// CDS Hooks 2.0.1, "Card Attributes": a summary is shorter than 140 characters.
inline constexpr size_t kSummaryLength = 139;

/// Code points of UTF-8 text.
size_t code_points(std::string_view text);
/// One line of at most `length` code points: white space and control characters are single blanks, a longer text is cut
/// at a word and ends in an ellipsis.
std::string to_summary(std::string_view text, size_t length = kSummaryLength);
/// The text as Markdown that shows it as it is: no markup, HTML or link comes of it. Line ends stay, as line breaks.
std::string escape_markdown(std::string_view text);
/// Letters and digits in lower case with single hyphens: "Benefit outweighs the risk" is benefit-outweighs-the-risk.
std::string to_code(std::string_view text);

}  // namespace vigil::hooks
