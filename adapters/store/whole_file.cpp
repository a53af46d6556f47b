// SPDX-License-Identifier: Apache-2.0
// Files through POSIX, which tells when bytes are on the disk.
#include "store/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <tuple>

namespace vigil::store {
namespace {

constexpr uint64_t kPushBytes = uint64_t{8} << 20;

}  // namespace

FileWriter::~FileWriter() {
  if (file_ >= 0) ::close(file_);
}

bool FileWriter::fail(DiagnosticSink& sink) {
  sink.add(data_diagnostic("VGL1309", path_, {path_, std::generic_category().message(errno)}));
  if (file_ >= 0) ::close(file_);
  file_ = -1;
  return false;
}

bool FileWriter::open(const std::string& path, DiagnosticSink& sink) {
  path_ = path;
  size_ = pushed_ = 0;
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  return file_ >= 0 || fail(sink);
}

bool FileWriter::write(std::string_view bytes, DiagnosticSink& sink) {
  if (file_ < 0) return false;
  while (!bytes.empty()) {
    const auto written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail(sink);
    bytes.remove_prefix(static_cast<size_t>(written));
    size_ += static_cast<uint64_t>(written);
    if (size_ - pushed_ < kPushBytes) continue;
    // Begun now, the way to the disk is short when the file is closed. A hint: what fails here fails there.
    std::ignore = ::sync_file_range(file_, static_cast<off_t>(pushed_), static_cast<off_t>(size_ - pushed_),
                                    SYNC_FILE_RANGE_WRITE);
    pushed_ = size_;
  }
  return true;
}

bool FileWriter::close(bool durable, DiagnosticSink& sink) {
  if (file_ < 0) return false;
  if (durable && ::fsync(file_) != 0) return fail(sink);
  const int file = file_;
  file_ = -1;
  return ::close(file) == 0 || fail(sink);
}

bool write_whole_file(const std::string& path, std::string_view text, DiagnosticSink& sink) {
  const std::string part = path + ".part";
  FileWriter writer;
  if (!writer.open(part, sink) || !writer.write(text, sink) || !writer.close(true, sink)) return false;
  if (std::rename(part.c_str(), path.c_str()) == 0) return true;
  sink.add(data_diagnostic("VGL1309", path, {path, std::generic_category().message(errno)}));
  return false;
}

}  // namespace vigil::store
