// SPDX-License-Identifier: Apache-2.0
// Two lines match where as many visible characters stand before them and they are equal: no search is needed.
#include "cli/white_space_diff.h"

#include <algorithm>
#include <vector>

namespace vigil::cli {
namespace {

constexpr size_t kContext = 3;

/// A line of the diff. `mark` is ' ', '-' or '+'.
struct DiffLine {
  char mark;
  std::string_view text;
};

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

/// The characters of a line that formatting keeps. A byte order mark and no-break spaces are white space to the lexer.
size_t count_visible(std::string_view line) {
  size_t count = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    const auto rest = line.substr(i);
    if (rest.starts_with("\xEF\xBB\xBF"))
      i += 2;
    else if (rest.starts_with("\xC2\xA0"))
      i += 1;
    else if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r' && line[i] != '\n')
      ++count;
  }
  return count;
}

/// One of the texts, read line by line.
struct Side {
  std::vector<std::string_view> lines;
  char mark;
  size_t at = 0;
  size_t visible = 0;  ///< characters before line `at`

  bool done() const { return at == lines.size(); }
  bool is_blank() const { return !done() && count_visible(lines[at]) == 0; }
  DiffLine take(char as) {
    visible += count_visible(lines[at]);
    return {as, lines[at++]};
  }
};

std::vector<DiffLine> compare(Side before, Side after) {
  std::vector<DiffLine> lines;
  while (!before.done() || !after.done()) {
    const bool equal = !before.done() && !after.done() && before.lines[before.at] == after.lines[after.at];
    if (equal) {
      lines.push_back(before.take(' '));
      after.take(' ');
    } else if (before.is_blank() || after.is_blank() || before.done() || after.done()) {
      auto& side = before.is_blank() || after.done() ? before : after;
      lines.push_back(side.take(side.mark));
    } else {
      std::vector<DiffLine> added = {after.take('+')};
      lines.push_back(before.take('-'));
      while (before.visible != after.visible && !(before.done() && after.done())) {
        if (after.done() || (!before.done() && before.visible < after.visible))
          lines.push_back(before.take('-'));
        else
          added.push_back(after.take('+'));
      }
      lines.insert(lines.end(), added.begin(), added.end());
    }
  }
  return lines;
}

/// What goes before what comes, in each stretch of changed lines.
void group_changes(std::vector<DiffLine>& lines) {
  const auto changed = [](const DiffLine& line) { return line.mark != ' '; };
  for (auto begin = lines.begin(); begin != lines.end();) {
    begin = std::find_if(begin, lines.end(), changed);
    const auto end = std::find_if_not(begin, lines.end(), changed);
    std::stable_partition(begin, end, [](const DiffLine& line) { return line.mark == '-'; });
    begin = end;
  }
}

std::string range(size_t first, size_t count) {
  const std::string begin = std::to_string(count == 0 ? first : first + 1);
  return count == 1 ? begin : begin + ',' + std::to_string(count);
}

void append_line(std::string& out, const DiffLine& line) {
  out.append(1, line.mark).append(line.text);
  if (!line.text.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

/// Where the changes that begin at `first` end: those with less than two contexts between them are told together.
size_t end_of_changes(const std::vector<DiffLine>& lines, size_t first) {
  size_t last = first;
  for (size_t i = first; i < lines.size() && i <= last + 2 * kContext; ++i)
    if (lines[i].mark != ' ') last = i;
  return std::min(last + 1 + kContext, lines.size());
}

}  // namespace

std::string white_space_diff(std::string_view name, std::string_view before, std::string_view after) {
  auto lines = compare({split_lines(before), '-'}, {split_lines(after), '+'});
  group_changes(lines);
  std::string out;
  size_t before_line = 0;
  size_t after_line = 0;
  size_t at = 0;  // the first line that is not yet told
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].mark == ' ') continue;
    const size_t begin = std::max(at, i - std::min(i, kContext));
    const size_t end = end_of_changes(lines, i);
    before_line += begin - at;
    after_line += begin - at;
    std::string hunk;
    size_t removed = 0;
    size_t added = 0;
    for (size_t k = begin; k < end; ++k) {
      append_line(hunk, lines[k]);
      removed += lines[k].mark != '+' ? 1 : 0;
      added += lines[k].mark != '-' ? 1 : 0;
    }
    if (out.empty()) out = "--- " + std::string(name) + "\n+++ " + std::string(name) + '\n';
    out += "@@ -" + range(before_line, removed) + " +" + range(after_line, added) + " @@\n" + hunk;
    before_line += removed;
    after_line += added;
    at = end;
    i = end - 1;
  }
  return out;
}

}  // namespace vigil::cli
