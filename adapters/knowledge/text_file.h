// SPDX-License-Identifier: Apache-2.0
// One input file in memory, and places in it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <vigil/diagnostic.h>

#include "knowledge/knowledge_reader.h"

namespace vigil {

/// A file's bytes without byte order mark. Not thread-safe: places are counted on from the last one asked for.
class TextFile {
 public:
  static constexpr size_t kPadding = 64;  ///< readable bytes behind the text, for the JSON parser

  TextFile(std::string name, std::string text);

  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }
  size_t capacity() const { return text_.capacity(); }
  size_t line_of(size_t offset) const;
  /// "file.csv:12"
  std::string place(size_t line) const { return name_ + ":" + std::to_string(line); }
  std::string place_of(size_t offset) const { return place(line_of(offset)); }

 private:
  std::string name_;
  std::string text_;
  mutable size_t counted_ = 0;  ///< bytes before this hold line_ - 1 line ends
  mutable size_t line_ = 1;
};

/// None, and a diagnostic, where the file cannot be read or is larger than `limit`.
std::optional<TextFile> read_text_file(const std::filesystem::path& path, DiagnosticSink& sink,
                                       size_t limit = kKnowledgeFileLimit);

/// What of a text from a file is shown in a message: at most 80 bytes of whole characters.
std::string excerpt(std::string_view text);
/// Without spaces, tabs and line ends at both ends.
std::string_view trim(std::string_view text);

}  // namespace vigil
