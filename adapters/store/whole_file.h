// SPDX-License-Identifier: Apache-2.0
// Writes files so that they are whole or not there.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <vigil/diagnostic.h>

namespace vigil::store {

/// Writes a file under another name, to the disk, and then renames it. False, with VGL1309, where it cannot.
bool write_whole_file(const std::string& path, std::string_view text, DiagnosticSink& sink);

/// A file written from begin to end. What is large goes past the kernel's cache where the file system allows it, and by
/// a thread of its own: copying gigabytes into the cache costs more than making them, and drives out of it what is
/// wanted again. After an error nothing more is written. Not thread-safe.
class FileWriter {
 public:
  FileWriter();
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  /// Makes the file, or empties it. VGL1309.
  bool open(const std::string& path, DiagnosticSink& sink);
  bool write(std::string_view bytes, DiagnosticSink& sink);
  /// Room for the next `size` bytes, which are made in place and then written with flush(). The file must be open.
  char* extend(size_t size);
  bool flush(DiagnosticSink& sink);
  /// Lets the thread write what is left and, if so wanted, wait for the disk; close() tells how it went.
  void begin_close(bool durable);
  /// Closes it; with `durable` only when the bytes are on the disk.
  bool close(bool durable, DiagnosticSink& sink);
  uint64_t size() const { return size_; }
  bool is_open() const { return file_ >= 0; }

 private:
  class Background;
  bool fail(int error, DiagnosticSink& sink);

  std::string path_;
  int file_ = -1;
  uint64_t size_ = 0;
  std::unique_ptr<Background> background_;  ///< while the file is open
};

}  // namespace vigil::store
