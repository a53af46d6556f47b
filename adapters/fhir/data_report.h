// SPDX-License-Identifier: Apache-2.0
// Diagnostics about one input: where in the data something stands, and what was said already.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>

namespace vigil::fhir {

/// Keeps the path to the resource being read, as steps, so that a message can name it; adds diagnostics with it. No
/// patient data goes into messages: paths, types and ids only. Not thread-safe.
class DataReport {
 public:
  static constexpr uint32_t kNoIndex = UINT32_MAX;

  /// The sink must stay until the next begin().
  void begin(DiagnosticSink& sink, std::string_view source_name);
  void set_source(std::string_view source_name) { source_name_ = source_name; }
  /// The text being read, which must stay until the next, and where in it the current value begins: messages then tell
  /// its line, if the text is NDJSON.
  void set_text(std::string_view text);
  void set_value(size_t offset) { value_ = offset; }
  /// The line being read, where it is known; 0 for none.
  void set_line(uint32_t line) { line_ = line; }

  /// `name` must be of static storage; "entry", 3 is `entry[3]`, "", 3 is `[3]`, "resource" is `resource`.
  void push(std::string_view name, uint32_t index = kNoIndex) { steps_.push_back({name, index}); }
  void pop() { steps_.pop_back(); }
  void forget_path() { steps_.clear(); }

  /// The steps' path, and `inner` within it.
  std::string path(std::string_view inner = {}) const;
  /// A diagnostic at a path of the data.
  void add(std::string_view code, const std::string& path, std::initializer_list<std::string_view> arguments);
  /// The same as a note about the whole source: what is passed over is no damage.
  void add_note(std::string_view code, std::initializer_list<std::string_view> arguments);
  /// VGL1006, the first time for a type.
  void add_unknown_type(std::string_view resource_type);

 private:
  struct Step {
    std::string_view name;
    uint32_t index;
  };

  uint32_t line_of_value();

  DiagnosticSink* sink_ = nullptr;
  std::string source_name_;
  std::string_view text_;
  bool is_line_delimited_ = false;
  size_t value_ = 0;
  size_t counted_ = 0;         ///< up to here lines are counted
  uint32_t counted_line_ = 0;  ///< 0: not even begun
  uint32_t line_ = 0;
  std::vector<Step> steps_;
  std::vector<std::string> unknown_types_;
};

}  // namespace vigil::fhir
