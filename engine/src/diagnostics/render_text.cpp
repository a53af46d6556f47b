// SPDX-License-Identifier: Apache-2.0
// Text with carets.
#include <vigil/diagnostic.h>

#include <algorithm>

#include "source/utf8.h"

namespace vigil {
namespace {

std::string_view severity_word(Severity severity) {
  switch (severity) {
    case Severity::kError: return "error";
    case Severity::kWarning: return "warning";
    case Severity::kNote: return "note";
  }
  return "error";
}

std::string_view severity_colour(Severity severity) {
  switch (severity) {
    case Severity::kError: return "\x1b[1;31m";
    case Severity::kWarning: return "\x1b[1;33m";
    case Severity::kNote: return "\x1b[1;36m";
  }
  return "";
}

constexpr uint32_t kMaxLineShown = 200;
constexpr uint32_t kBeforeSpan = 60;  ///< bytes shown before the span of a line that is cut

/// A stretch of the line shown, in columns, and what is said of it.
struct Mark {
  uint32_t begin;
  uint32_t end;
  char sign;
  std::string_view text;
};

/// One line of rule text with what is marked in it. Long lines are cut around the first span.
class Excerpt {
 public:
  Excerpt(const SourceText& source, Span span) : source_(source), at_(source.line_column(span.begin)) {
    line_ = source.line(at_.line);
    line_begin_ = source.line_begin(at_.line);
    if (line_.size() <= kMaxLineShown) return;
    const auto offset = std::min(span.begin - line_begin_, static_cast<uint32_t>(line_.size()));
    uint32_t cut = offset > kBeforeSpan ? offset - kBeforeSpan : 0;
    while (cut < offset && is_continuation(line_[cut])) ++cut;
    line_begin_ += cut;
    line_ = cut_utf8(line_.substr(cut), kMaxLineShown);
  }

  /// Marks a span that begins on the line; false where it does not, or where a mark stands already. The first is that
  /// of the constructor.
  bool mark(Span span, char sign, std::string_view text) {
    const bool on_line = span.begin >= line_begin_ && span.begin <= line_begin_ + line_.size() &&
                         source_.line_column(span.begin).line == at_.line;
    if (!on_line && !marks_.empty()) return false;
    const auto offset = std::min(span.begin - line_begin_, static_cast<uint32_t>(line_.size()));
    const auto shown = std::min<size_t>(span.size(), line_.size() - offset);
    const auto begin = count_code_points(line_.substr(0, offset));
    const auto end = begin + std::max<uint32_t>(1, count_code_points(line_.substr(offset, shown)));
    for (const auto& other : marks_)
      if (begin < other.end && other.begin < end) return false;
    marks_.push_back({begin, end, sign, text});
    return true;
  }

  /// The line; below it the marks with the text of the last, then the texts of the others from right to left.
  void append_to(std::string& out) {
    constexpr size_t kNumberWidth = 5;
    std::sort(marks_.begin(), marks_.end(), [](const Mark& a, const Mark& b) { return a.begin < b.begin; });
    const auto number = std::to_string(at_.line);
    out.append(number.size() < kNumberWidth ? kNumberWidth - number.size() : 0, ' ');
    out += number + " | ";
    for (const char c : line_) out += c == '\t' ? ' ' : c;
    std::string row;
    for (const auto& mark : marks_) {
      row.resize(mark.begin, ' ');
      row.append(mark.end - mark.begin, mark.sign);
    }
    (out += kMargin) += row;
    if (!marks_.back().text.empty()) (out += ' ') += marks_.back().text;
    for (auto mark = marks_.rbegin() + 1; mark != marks_.rend(); ++mark)
      if (!mark->text.empty()) ((out += kMargin) += std::string(mark->begin, ' ')) += mark->text;
    out += '\n';
  }

 private:
  static constexpr const char* kMargin = "\n      | ";

  const SourceText& source_;
  LineColumn at_;
  std::string_view line_;
  uint32_t line_begin_ = 0;
  std::vector<Mark> marks_;
};

}  // namespace

std::string render_text(const Diagnostic& d, const SourceSet& sources, bool colour) {
  std::string out;
  const std::string_view reset = colour ? "\x1b[0m" : "";
  if (colour) out += severity_colour(d.severity);
  ((((out += severity_word(d.severity)) += '[') += d.code) += ']') += reset;
  (out += ": ") += d.message;
  out += '\n';
  std::vector<const Label*> others;  // those that do not fit on the line of the diagnostic
  for (const auto& label : d.labels)
    if (label.span.source) others.push_back(&label);
  if (d.span.source) {
    (out += "  --> ") += sources.place(d.span);
    out += '\n';
    Excerpt excerpt(sources[d.span.source], d.span);
    excerpt.mark(d.span, '^', {});
    std::erase_if(others, [&](const Label* label) {
      return label->span.source == d.span.source && excerpt.mark(label->span, '-', label->text);
    });
    excerpt.append_to(out);
  } else if (!d.place.empty()) {
    ((out += "  --> ") += d.place) += '\n';
  }
  for (const auto* label : others) {
    if (label->span.source != d.span.source) ((out += "  ::: ") += sources.place(label->span)) += '\n';
    Excerpt excerpt(sources[label->span.source], label->span);
    excerpt.mark(label->span, '-', label->text);
    excerpt.append_to(out);
  }
  if (!d.hint.empty()) ((out += "  = hint: ") += d.hint) += '\n';
  return out;
}

std::string render_text(std::span<const Diagnostic> diagnostics, const SourceSet& sources, bool colour) {
  std::string out;
  for (const auto& d : diagnostics) out += render_text(d, sources, colour);
  return out;
}

}  // namespace vigil
