// SPDX-License-Identifier: Apache-2.0
// Reads cases and writes expectations.
#include "case_file.h"

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "support/files.h"

namespace vigil::test {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

bool is_expectation(const std::string& line) {
  static const std::regex kForm(R"(^// *(\^+|@\S+) VGL\d{4} .*|^//   (hint|label): .*)");
  return std::regex_match(line, kForm);
}

/// The span's text on its first line, in backticks.
std::string excerpt(const SourceSet& sources, Span span) {
  const auto text = sources.text(span);
  const auto first = text.substr(0, text.find('\n'));
  constexpr size_t kMost = 40;
  if (first.size() > kMost) return '`' + std::string(first.substr(0, kMost)) + "…`";
  return '`' + std::string(first) + (first.size() < text.size() ? "…`" : "`");
}

/// The marker of a span in the case's own text: carets, or columns where `//` stands in their way.
std::string marker(const SourceText& source, Span span) {
  const auto begin = source.line_column(span.begin);
  const auto end = source.line_column(span.end);
  const auto line_width = count_code_points(source.line(begin.line));
  const bool runs_on = end.line > begin.line;
  const auto last = std::max(begin.column, runs_on ? line_width : end.column - 1);
  if (begin.column < 3) return "// @" + std::to_string(begin.column) + ':' + std::to_string(last);
  return "//" + std::string(begin.column - 3, ' ') + std::string(last - begin.column + 1, '^');
}

std::string message_of(const Diagnostic& d) {
  const auto severity = d.severity == Severity::kWarning ? "(warning) "
                        : d.severity == Severity::kNote  ? "(note) "
                                                         : "";
  return ' ' + std::string(d.code) + ' ' + severity + d.message;
}

std::string render(const Diagnostic& d, const Compilation& compilation) {
  const auto& sources = *compilation.sources;
  std::string out;
  if (!d.span.source) {
    out = "// @none" + message_of(d);
  } else if (d.span.source.value > 1) {
    out = "// @" + sources.place(d.span) + message_of(d);
  } else {
    const auto& source = sources[d.span.source];
    const auto begin = source.line_column(d.span.begin);
    const auto end = source.line_column(d.span.end);
    out = marker(source, d.span) + message_of(d);
    if (end.line > begin.line)
      out += " (to +" + std::to_string(end.line - begin.line) + ':' + std::to_string(end.column - 1) + ')';
  }
  for (const auto& label : d.labels) out += "\n//   label: " + excerpt(sources, label.span) + ' ' + label.text;
  if (!d.hint.empty()) out += "\n//   hint: " + d.hint;
  return out + '\n';
}

}  // namespace

CaseFile read_case(const std::filesystem::path& path) {
  CaseFile file;
  file.path = path;
  file.text = read_text(path);
  for (const auto& line : lines_of(file.text)) {
    if (is_expectation(line)) continue;
    file.rules += line + '\n';
    if (line.starts_with("// with: ")) {
      const auto name = line.substr(9);
      file.companions.push_back({name, read_text(path.parent_path() / "with" / name)});
    }
  }
  return file;
}

Compilation compile_case(const CaseFile& file, const std::shared_ptr<const KnowledgeBase>& knowledge) {
  std::vector<RuleText> texts = {{file.path.filename().string(), file.rules}};
  texts.insert(texts.end(), file.companions.begin(), file.companions.end());
  return compile(
      std::move(texts),
      {.knowledge = knowledge, .observe_definitions = false, .parameters = {}, .stop_after = {}, .dump = {}});
}

std::string with_expectations(const CaseFile& file, const Compilation& compilation) {
  const auto lines = lines_of(file.rules);
  std::map<size_t, std::string> below;
  for (const auto& d : compilation.diagnostics) {
    const bool here = d.span.source.value == 1;
    const size_t line = here ? (*compilation.sources)[d.span.source].line_column(d.span.begin).line : lines.size();
    below[std::clamp<size_t>(line, 1, std::max<size_t>(lines.size(), 1))] += render(d, compilation);
  }
  std::string text;
  for (size_t i = 0; i < lines.size(); ++i) {
    text += lines[i] + '\n';
    if (const auto found = below.find(i + 1); found != below.end()) text += found->second;
  }
  return text;
}

std::string differing_lines(const std::string& expected, const std::string& got) {
  const auto old_lines = lines_of(expected);
  const auto new_lines = lines_of(got);
  const std::multiset<std::string> old_set(old_lines.begin(), old_lines.end());
  const std::multiset<std::string> new_set(new_lines.begin(), new_lines.end());
  std::string out;
  for (const auto& line : old_lines)
    if (!new_set.contains(line)) out += "- " + line + '\n';
  for (const auto& line : new_lines)
    if (!old_set.contains(line)) out += "+ " + line + '\n';
  return out.empty() ? "the same lines in another order\n" : out;
}

}  // namespace vigil::test
