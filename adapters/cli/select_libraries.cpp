// SPDX-License-Identifier: Apache-2.0
// A scan for `library` and `include`, and the closure over it.
#include "cli/select_libraries.h"

#include <optional>
#include <set>

namespace vigil::cli {
namespace {

/// Words, quoted names and signs of CQL text, without comments and strings.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  /// The next word, quoted name (without its quotes) or sign; none at the end.
  std::optional<std::string_view> next() {
    skip_space();
    if (at_ >= text_.size()) return std::nullopt;
    const size_t begin = at_;
    const char first = text_[at_];
    if (first == '"' || first == '`' || first == '\'') return quoted(first);
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    if (at_ == begin) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  /// `A.B."C"`, joined by points.
  std::string qualified_name() {
    std::string name(next().value_or(""));
    while (peek_point()) name.append(".").append(next().value_or(""));
    return name;
  }

 private:
  static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  std::string_view quoted(char quote) {
    const size_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != quote) at_ += text_[at_] == '\\' ? 2u : 1u;
    const auto inside = text_.substr(begin, std::min(at_, text_.size()) - begin);
    ++at_;
    return quote == '\'' ? std::string_view("''") : inside;
  }

  bool peek_point() {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != '.') return false;
    ++at_;
    return true;
  }

  void skip_space() {
    while (at_ < text_.size()) {
      const auto rest = text_.substr(at_);
      if (rest.starts_with("//"))
        at_ += std::min(rest.find('\n'), rest.size());
      else if (rest.starts_with("/*"))
        at_ += std::min(rest.find("*/", 2), rest.size() - 2) + 2;
      else if (static_cast<unsigned char>(rest[0]) <= ' ')
        ++at_;
      else
        return;
    }
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

LibraryNames scan_library_names(std::string_view text) {
  LibraryNames names;
  Words words(text);
  while (const auto word = words.next()) {
    if (*word == "library" && names.name.empty())
      names.name = words.qualified_name();
    else if (*word == "include")
      names.includes.push_back(words.qualified_name());
  }
  return names;
}

std::vector<RuleText> select_included(const std::vector<RuleText>& texts, std::vector<RuleText> candidates) {
  std::vector<LibraryNames> names;
  for (const auto& candidate : candidates) names.push_back(scan_library_names(candidate.text));
  std::vector<std::string> wanted;
  for (const auto& text : texts)
    for (auto& include : scan_library_names(text.text).includes) wanted.push_back(std::move(include));
  std::set<size_t> chosen;
  while (!wanted.empty()) {
    const std::string name = std::move(wanted.back());
    wanted.pop_back();
    for (size_t i = 0; i < names.size(); ++i)
      if (names[i].name == name && chosen.insert(i).second)
        wanted.insert(wanted.end(), names[i].includes.begin(), names[i].includes.end());
  }
  std::vector<RuleText> selected;
  for (const size_t i : chosen) selected.push_back(std::move(candidates[i]));
  return selected;
}

}  // namespace vigil::cli
