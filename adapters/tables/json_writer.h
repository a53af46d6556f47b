// SPDX-License-Identifier: Apache-2.0
// Writes one JSON object into a text that is used again.
#pragma once

#include <string>
#include <string_view>

namespace vigil::tables {

/// Members in order; a member with an empty text is left out. Brackets are closed by whoever opened them.
class JsonWriter {
 public:
  /// Starts the text anew, with an object.
  void begin();
  /// The text, with the first object closed.
  std::string_view finish();

  /// "name":"text", escaped; nothing where it is empty.
  void text(std::string_view name, std::string_view text);
  /// "name":raw, for numbers and words; nothing where it is empty.
  void raw(std::string_view name, std::string_view raw);
  /// "name":{  …  }
  void open(std::string_view name);
  void close() { json_ += '}'; }
  /// "name":[  …  ] for elements of any kind, and an object in it: open({}).
  void begin_list(std::string_view name);
  void end_list() { json_ += ']'; }
  /// "name":[{  …  }]
  void open_list(std::string_view name);
  void next_in_list() { json_ += "},{"; }
  void close_list() { json_ += "}]"; }
  /// "name":{"reference":"Type/id"}; nothing where the id is empty.
  void reference(std::string_view name, std::string_view type, std::string_view id);

 private:
  void member(std::string_view name);
  std::string json_;
};

/// Whether a text is a JSON number.
bool is_number(std::string_view text);
/// A number as databases write it, also "+1", ".5" and "5.", as JSON has it; empty where it is none.
std::string json_number(std::string_view text);

}  // namespace vigil::tables
