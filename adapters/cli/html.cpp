// SPDX-License-Identifier: Apache-2.0
// The frame and the parts of the pages that `vigil doc` writes.
#include "cli/html.h"

namespace vigil::cli {
namespace {

constexpr std::string_view kStyle = R"(
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #1b1f23; }
h1 { font-size: 1.5em; } h2 { font-size: 1.1em; margin-top: 1.8em; border-bottom: 1px solid #ccc; }
table { border-collapse: collapse; } th, td { text-align: left; vertical-align: top; padding: .2em 1em .2em 0; }
th { font-weight: 600; } pre { background: #f5f5f2; padding: 1em; overflow-x: auto; font-size: .9em; }
blockquote { border-left: .25em solid #b33; margin: .5em 0; padding: .1em 1em; } .quiet { color: #666; }
@media print { body { margin: 0; max-width: none; } pre { white-space: pre-wrap; } a { color: inherit; text-decoration: none; } }
)";

}  // namespace

std::string escape_html(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

std::string html_page(std::string_view title, std::string_view body) {
  std::string page = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>";
  page.append(escape_html(title)).append("</title>\n<style>").append(kStyle).append("</style>\n</head>\n<body>\n");
  return page.append(body).append("</body>\n</html>\n");
}

std::string html_table(const std::vector<std::vector<std::string>>& rows) {
  if (rows.size() < 2) return {};
  std::string html = "<table>\n";
  for (size_t i = 0; i < rows.size(); ++i) {
    const std::string_view tag = i == 0 ? "th" : "td";
    html += "<tr>";
    for (const auto& cell : rows[i])
      html.append("<").append(tag).append(">").append(cell).append("</").append(tag).append(">");
    html += "</tr>\n";
  }
  return html + "</table>\n";
}

}  // namespace vigil::cli
