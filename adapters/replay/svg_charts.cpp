// SPDX-License-Identifier: Apache-2.0
// Draws charts.
#include "replay/svg_charts.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "replay/moments.h"

namespace vigil::replay {

namespace {

constexpr double kWidth = 760;
constexpr double kLabelWidth = 270;
constexpr double kNoteWidth = 130;
constexpr double kLine = 22;

std::string number(double value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), value, std::chars_format::fixed, 1).ptr;
  return {digits.begin(), end};
}

std::string shortened(std::string_view text, size_t most) {
  if (text.size() <= most) return std::string(text);
  size_t end = most - 1;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not inside a character
  return std::string(text.substr(0, end)) + "…";
}

std::string begin_svg(double height, std::string_view title) {
  return "<svg role=\"img\" viewBox=\"0 0 " + number(kWidth) + " " + number(height) + "\" width=\"" + number(kWidth) +
         "\"><title>" + escape_html(title) + "</title>";
}

std::string text_at(double x, double y, std::string_view text, std::string_view attributes = {}) {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" " + std::string(attributes) + ">" + escape_html(text) +
         "</text>";
}

std::string rectangle(double x, double y, double width, double height, std::string_view kind) {
  return "<rect class=\"" + std::string(kind) + "\" x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" +
         number(std::max(width, 0.0)) + "\" height=\"" + number(height) + "\"/>";
}

std::string line(double x1, double y1, double x2, double y2, std::string_view kind) {
  return "<line class=\"" + std::string(kind) + "\" x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" +
         number(x2) + "\" y2=\"" + number(y2) + "\"/>";
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      case '\'': safe += "&#39;"; break;
      default: safe += c;
    }
  return safe;
}

std::string bar_chart(const std::vector<Bar>& bars, std::string_view title) {
  double most = 0;
  for (const auto& bar : bars) most = std::max({most, bar.value, bar.high});
  const double scale = most > 0 ? (kWidth - kLabelWidth - kNoteWidth) / most : 0;
  std::string svg = begin_svg(kLine * static_cast<double>(bars.size()) + 4, title);
  double y = 2;
  for (const auto& bar : bars) {
    svg += text_at(kLabelWidth - 8, y + 15, shortened(bar.label, 36), "text-anchor=\"end\"");
    svg += rectangle(kLabelWidth, y + 3, bar.value * scale, kLine - 6, "bar");
    double end = bar.value * scale;
    if (bar.high >= bar.low) {
      svg +=
          line(kLabelWidth + bar.low * scale, y + kLine / 2, kLabelWidth + bar.high * scale, y + kLine / 2, "interval");
      end = std::max(end, bar.high * scale);
    }
    svg += text_at(kLabelWidth + end + 6, y + 15, bar.note, "class=\"note\"");
    y += kLine;
  }
  return svg + "</svg>";
}

std::string column_chart(const std::vector<TimeColumn>& columns, const std::vector<ColumnMark>& marks,
                         std::string_view title) {
  constexpr double kHeight = 190;
  constexpr double kTop = 34;
  constexpr double kBottom = 160;
  constexpr double kLeft = 44;
  int64_t most = 1;
  for (const auto& column : columns) most = std::max(most, column.value);
  const double width = (kWidth - kLeft - 10) / static_cast<double>(std::max<size_t>(columns.size(), 1));
  std::string svg = begin_svg(kHeight, title);
  svg += text_at(kLeft - 6, kTop + 5, std::to_string(most), "text-anchor=\"end\"");
  svg += text_at(kLeft - 6, kBottom, "0", "text-anchor=\"end\"") + line(kLeft, kBottom, kWidth - 10, kBottom, "axis");
  for (size_t i = 0; i < columns.size(); ++i) {
    const double height = (kBottom - kTop) * static_cast<double>(columns[i].value) / static_cast<double>(most);
    svg += rectangle(kLeft + width * static_cast<double>(i), kBottom - height, std::max(width - 1, 0.6), height, "bar");
  }
  const size_t step = std::max<size_t>(columns.size() / 6, 1);
  for (size_t i = 0; i < columns.size(); i += step)
    if (const double x = kLeft + width * static_cast<double>(i); x < kWidth - 80)  // else it would be cut off
      svg += text_at(x, kBottom + 18, columns[i].label);
  for (const auto& mark : marks) {
    const double x = kLeft + width * static_cast<double>(mark.column);
    svg += line(x, kTop - 14, x, kBottom, "mark") +
           text_at(std::min(x + 3, kWidth - 130), kTop - 18, mark.text, "class=\"note\"");
  }
  return svg + "</svg>";
}

std::string case_chart(const std::vector<CaseMark>& marks, Instant asked, std::string_view title) {
  constexpr Instant kDay = 86'400'000;
  Instant first = asked - 30 * kDay;
  for (const auto& mark : marks)
    for (const Instant instant : {mark.clinical, mark.known})
      if (instant != kAlways && instant <= asked) first = std::min(first, instant);
  const double span = static_cast<double>(asked - first);
  const double left = kLabelWidth;
  const auto place = [&](Instant instant) {
    if (instant == kAlways) return left;
    const double share = static_cast<double>(std::clamp(instant, first, asked) - first) / span;
    return left + share * (kWidth - left - 30);
  };
  const double height = kLine * static_cast<double>(marks.size());
  std::string svg = begin_svg(height + 30, title);
  double y = 0;
  for (const auto& mark : marks) {
    const double middle = y + kLine / 2;
    svg += text_at(left - 8, y + 15, shortened(mark.label, 36),
                   mark.is_order ? "text-anchor=\"end\" class=\"order\"" : "text-anchor=\"end\"");
    svg += line(left, middle, kWidth - 30, middle, "axis");
    const double begin = place(mark.clinical == kAlways ? mark.known : mark.clinical);
    const double known = place(mark.known);
    if (known > begin) svg += rectangle(begin, middle - 2, known - begin, 4, "delay");
    svg += "<circle class=\"" + std::string(mark.is_order ? "order" : "fact") + "\" cx=\"" +
           number(std::max(begin, known)) + "\" cy=\"" + number(middle) + "\" r=\"5\"/>";
    y += kLine;
  }
  svg += line(kWidth - 30, 0, kWidth - 30, height + 6, "mark");
  svg += text_at(left, height + 22, instant_text(first).substr(0, 10));
  svg += text_at(kWidth - 30, height + 22, "asked " + instant_text(asked).substr(0, 10), "text-anchor=\"end\"");
  return svg + "</svg>";
}

}  // namespace vigil::replay
