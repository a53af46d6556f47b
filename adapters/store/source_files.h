// SPDX-License-Identifier: Apache-2.0
// Which files a source has.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <vigil/diagnostic.h>

namespace vigil::store {

enum class FileForm : uint8_t {
  kLines,     ///< NDJSON: a resource or a Bundle a line
  kDocument,  ///< JSON: a Bundle, a resource or an array of these
};

/// A file to import.
struct InputFile {
  std::string path;
  std::string name;  ///< relative to the source: for messages
  uint64_t bytes = 0;
  FileForm form = FileForm::kLines;
  bool is_compressed = false;
};

/// The files of a folder and its folders, or a file alone, by name: .ndjson, .jsonl and .json, each also with .gz.
/// Other files are passed over (VGL1316). VGL1202, VGL1306 where there is nothing.
std::vector<InputFile> find_input_files(const std::string& source, DiagnosticSink& sink);

}  // namespace vigil::store
