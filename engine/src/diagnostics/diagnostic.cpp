// SPDX-License-Identifier: Apache-2.0
// The catalogue's look-up, message filling and the sink.
#include "diagnostics/catalogue.h"

#include <algorithm>
#include <tuple>

#include "source/utf8.h"

namespace vigil {

std::optional<Code> find_code(std::string_view name) {
  std::string upper(name);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  for (size_t i = 0; i < std::size(kCatalogue); ++i)
    if (kCatalogue[i].name == upper) return static_cast<Code>(i);
  return std::nullopt;
}

namespace detail {

std::string fill(std::string_view message, const std::string_view* arguments, size_t count) {
  std::string filled;
  size_t next = 0;
  for (size_t i = 0; i < message.size(); ++i) {
    if (i + 1 < message.size() && message[i] == '{' && message[i + 1] == '}' && next < count) {
      // User text must not break the line a message is, nor fill the page.
      constexpr size_t kMaxArgument = 200;
      auto argument = arguments[next];
      const bool cut = argument.size() > kMaxArgument;
      argument = cut_utf8(argument, kMaxArgument);
      for (const char c : argument) filled += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
      if (cut) filled += "...";
      ++next;
      ++i;
    } else {
      filled += message[i];
    }
  }
  return filled;
}

}  // namespace detail

Diagnostic data_diagnostic(std::string_view code, std::string place,
                           std::initializer_list<std::string_view> arguments) {
  const auto known = find_code(code);
  if (!known || count_holes(info(*known).message) != arguments.size())
    return {"VGL1201", Severity::kError, {}, std::move(place), "wrong use of diagnostic " + std::string(code), {}, {}};
  const auto& row = info(*known);
  return {
      row.name, row.severity, {}, std::move(place), detail::fill(row.message, arguments.begin(), arguments.size()), {},
      {}};
}

void DiagnosticSink::add(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::kError) ++errors_;
  if (all_.size() >= limit_) {
    ++dropped_;
    return;
  }
  all_.push_back(std::move(diagnostic));
}

void sort_and_deduplicate(std::vector<Diagnostic>& diagnostics) {
  const auto key = [](const Diagnostic& d) {
    return std::tie(d.span.source.value, d.span.begin, d.span.end, d.place, d.code, d.message);
  };
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [&](const auto& a, const auto& b) { return key(a) < key(b); });
  diagnostics.erase(std::unique(diagnostics.begin(), diagnostics.end(),
                                [&](const auto& a, const auto& b) { return key(a) == key(b); }),
                    diagnostics.end());
}

}  // namespace vigil
