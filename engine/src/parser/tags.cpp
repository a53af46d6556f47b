// SPDX-License-Identifier: Apache-2.0
// Tags of comments.
#include "parser/tags.h"

namespace vigil::parsing {
namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::vector<ast::Tag> read_tags(std::string_view comment) {
  if (comment.ends_with("*/")) comment.remove_suffix(2);
  std::vector<ast::Tag> tags;
  for (size_t at = comment.find('@'); at != std::string_view::npos; at = comment.find('@', at)) {
    const bool opens_word = at > 0 && (is_space(comment[at - 1]) || comment[at - 1] == '/' || comment[at - 1] == '*');
    size_t end = at + 1;
    while (end < comment.size() && is_name_character(comment[end])) ++end;
    const auto name = comment.substr(at + 1, end - at - 1);
    at = end;
    if (!opens_word || name.empty()) continue;
    std::string_view value;
    if (end < comment.size() && comment[end] == ':') {
      size_t first = end + 1;
      while (first < comment.size() && (comment[first] == ' ' || comment[first] == '\t')) ++first;
      const bool quoted = first < comment.size() && comment[first] == '"';
      const size_t begin = quoted ? first + 1 : first;
      at = std::min(comment.find(quoted ? '"' : '\n', begin), comment.size());
      value = quoted ? comment.substr(begin, at - begin) : trimmed(comment.substr(begin, at - begin));
    }
    tags.push_back({std::string(name), std::string(value)});
  }
  return tags;
}

}  // namespace vigil::parsing
