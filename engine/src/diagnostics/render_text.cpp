// SPDX-License-Identifier: Apache-2.0
// Text with carets.
#include <vigil/diagnostic.h>

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

/// The line a span begins on, and carets below it. Long lines are cut around the span.
void append_excerpt(std::string& out, const SourceText& source, Span span, std::string_view text, char mark) {
  const auto at = source.line_column(span.begin);
  auto line = source.line(at.line);
  const auto line_begin = source.line_begin(at.line);
  uint32_t offset = std::min(span.begin - line_begin, static_cast<uint32_t>(line.size()));
  if (line.size() > kMaxLineShown) {
    uint32_t cut = offset > 60 ? offset - 60 : 0;
    while (cut < offset && (static_cast<unsigned char>(line[cut]) & 0xC0) == 0x80) ++cut;
    line = line.substr(cut, kMaxLineShown);
    offset -= cut;
  }
  const auto number = std::to_string(at.line);
  const std::string margin(number.size() < 5 ? 5 - number.size() : 0, ' ');
  out += margin + number + " | ";
  for (const char c : line) out += c == '\t' ? ' ' : c;
  out += "\n      | ";
  out.append(count_code_points(line.substr(0, offset)), ' ');
  const auto shown = std::min<size_t>(span.size(), line.size() - offset);
  out.append(std::max<uint32_t>(1, count_code_points(line.substr(offset, shown))), mark);
  if (!text.empty()) (out += ' ') += text;
  out += '\n';
}

}  // namespace

std::string render_text(const Diagnostic& d, const SourceSet& sources, bool colour) {
  std::string out;
  const std::string_view reset = colour ? "\x1b[0m" : "";
  if (colour) out += severity_colour(d.severity);
  ((((out += severity_word(d.severity)) += '[') += d.code) += ']') += reset;
  (out += ": ") += d.message;
  out += '\n';
  if (d.span.source) {
    (out += "  --> ") += sources.place(d.span);
    out += '\n';
    append_excerpt(out, sources[d.span.source], d.span, {}, '^');
  } else if (!d.place.empty()) {
    ((out += "  --> ") += d.place) += '\n';
  }
  for (const auto& label : d.labels) {
    if (!label.span.source) continue;
    if (label.span.source != d.span.source) ((out += "  ::: ") += sources.place(label.span)) += '\n';
    append_excerpt(out, sources[label.span.source], label.span, label.text, '-');
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
