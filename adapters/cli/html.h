// SPDX-License-Identifier: Apache-2.0
// Writing HTML: escaped text, and the frame of a page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vigil::cli {

/// With `& < > "` escaped.
std::string escape_html(std::string_view text);
/// A page that stands alone, with a title and a style for screen and paper.
std::string html_page(std::string_view title, std::string_view body);
/// A table of rows of cells, which are HTML; the first row is the header. Empty without a second row.
std::string html_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace vigil::cli
