// SPDX-License-Identifier: Apache-2.0
// A diagnostic is data: what an author or the data did wrong, where, and what to change.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/source.h>

namespace vigil {

/// How bad it is. An error keeps the rules it concerns from running; a warning does not.
enum class Severity : uint8_t { kError, kWarning, kNote };

/// A second place with what it has to do with the first.
struct Label {
  Span span;
  std::string text;
};

/// One finding about rule text or input. Messages are one line, lower case, without a final period. No patient data
/// but resource ids and codes stands in a message.
struct Diagnostic {
  std::string_view code;  ///< "VGL0201", of static storage; docs/errors has a page for each
  Severity severity = Severity::kError;
  Span span;          ///< where; without source for input data, then `place` says where
  std::string place;  ///< file and place in input data, such as "bundle.json: entry[3].resource.status"
  std::string message;
  std::vector<Label> labels;
  std::string hint;  ///< what to change, or empty

  Diagnostic& label(Span where, std::string text) & {
    labels.push_back({where, std::move(text)});
    return *this;
  }
  Diagnostic& with_hint(std::string text) & {
    hint = std::move(text);
    return *this;
  }
  Diagnostic&& label(Span where, std::string text) && {
    labels.push_back({where, std::move(text)});
    return std::move(*this);
  }
  Diagnostic&& with_hint(std::string text) && {
    hint = std::move(text);
    return std::move(*this);
  }
};

/// A diagnostic about input data, for adapters. `code` must be of the catalogue, with one argument for each of its
/// holes; otherwise the result says so instead (a mistake of the caller, caught by the adapters' tests).
///   diagnostics.add(data_diagnostic("VGL1010", "patient.json", {"patient.json", "no such file"}));
Diagnostic data_diagnostic(std::string_view code, std::string place, std::initializer_list<std::string_view> arguments);

/// Collects diagnostics. Keeps at most `limit`, counting the rest. Not thread-safe.
class DiagnosticSink {
 public:
  explicit DiagnosticSink(size_t limit = 1000) : limit_(limit) {}

  void add(Diagnostic diagnostic);
  const std::vector<Diagnostic>& all() const { return all_; }
  std::vector<Diagnostic> take() { return std::move(all_); }
  bool has_errors() const { return errors_ > 0; }
  size_t errors() const { return errors_; }
  size_t dropped() const { return dropped_; }

 private:
  size_t limit_;
  size_t errors_ = 0;
  size_t dropped_ = 0;
  std::vector<Diagnostic> all_;
};

/// Stable order for people: by source, place, code. Exact repeats are removed.
void sort_and_deduplicate(std::vector<Diagnostic>& diagnostics);

/// `error[VGL0201]: message`, the place, the line with carets below it, labels, and the hint. Colour only if asked for.
std::string render_text(const Diagnostic& diagnostic, const SourceSet& sources, bool colour = false);
std::string render_text(std::span<const Diagnostic> diagnostics, const SourceSet& sources, bool colour = false);
/// A JSON array; an object a diagnostic: code, severity, message, file, range {start, end: {line, column}}, labels,
/// hint.
std::string render_json(std::span<const Diagnostic> diagnostics, const SourceSet& sources);
/// One SARIF 2.1.0 run; rules link to the pages of docs/errors.
std::string render_sarif(std::span<const Diagnostic> diagnostics, const SourceSet& sources);

}  // namespace vigil
