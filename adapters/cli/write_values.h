// SPDX-License-Identifier: Apache-2.0
// Values of definitions, a patient at a time, as text, JSON or tab-separated lines.
#pragma once

#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/evaluate.h>
#include <vigil/rulebook.h>

namespace vigil::cli {

/// How `vigil eval` prints. Begin with start(), then write() once a patient, or once without one, then finish().
class ValueWriter {
 public:
  enum class Format : uint8_t { kText, kJson, kTsv };

  /// With `only_value` a single result's value is printed without its name.
  ValueWriter(std::ostream& out, const Rulebook& rulebook, Format format, bool only_value)
      : out_(out), rulebook_(rulebook), format_(format), only_value_(only_value) {}

  /// `patient`: its file's name, or none.
  void write(std::optional<std::string_view> patient, std::span<const DefinitionResult> results);
  /// Closes the JSON array; `had_patients` tells whether there was to be one.
  void finish(bool had_patients);

 private:
  void write_text(std::optional<std::string_view> patient, std::span<const DefinitionResult> results);
  void write_json(std::optional<std::string_view> patient, std::span<const DefinitionResult> results);
  void write_tsv(std::string_view patient, std::span<const DefinitionResult> results);
  const std::string& name(const DefinitionResult& result) const {
    return rulebook_.definitions()[result.definition].name;
  }

  std::ostream& out_;
  const Rulebook& rulebook_;
  Format format_;
  bool only_value_;
  size_t written_ = 0;
};

}  // namespace vigil::cli
