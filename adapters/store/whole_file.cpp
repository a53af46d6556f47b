// SPDX-License-Identifier: Apache-2.0
// Files through POSIX, which tells when bytes are on the disk.
#include "store/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <tuple>
#include <utility>

namespace vigil::store {
namespace {

/// Of a buffer: what direct output wants of memory, offsets and sizes (open(2)), and little enough for the cache.
constexpr size_t kPage = 4096;
constexpr size_t kBuffer = size_t{1} << 20;

/// All of the bytes; 0, or the error.
int write_all(int file, const char* bytes, size_t size) {
  while (size > 0) {
    const auto written = ::write(file, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes += written;
    size -= static_cast<size_t>(written);
  }
  return 0;
}

bool set_direct(int file, bool is_direct) {
  const int flags = ::fcntl(file, F_GETFL);
  return flags >= 0 && ::fcntl(file, F_SETFL, is_direct ? flags | O_DIRECT : flags & ~O_DIRECT) == 0;
}

}  // namespace

/// Two buffers: one is filled while the thread writes the other. The thread is begun with the first full buffer.
class FileWriter::Background {
 public:
  explicit Background(int file) : file_(file), filling_(make_buffer()) {}
  ~Background() { std::ignore = stop(); }

  /// The error of what was written so far; 0 for none.
  int add(std::string_view bytes) {
    while (!bytes.empty()) {
      const size_t size = std::min(bytes.size(), kBuffer - filled_);
      std::memcpy(filling_.get() + filled_, bytes.data(), size);
      filled_ += size;
      bytes.remove_prefix(size);
      if (filled_ < kBuffer) break;
      if (const int error = hand_over(); error != 0) return error;
    }
    return 0;
  }

  /// Writes what is left.
  int finish() {
    if (const int error = stop(); error != 0) return error;
    std::ignore = set_direct(file_, false);  // the rest is no whole number of pages
    return write_all(file_, filling_.get(), std::exchange(filled_, 0));
  }

 private:
  struct Free {
    void operator()(char* bytes) const { std::free(bytes); }
  };
  using Buffer = std::unique_ptr<char, Free>;
  static Buffer make_buffer() {
    Buffer buffer(static_cast<char*>(std::aligned_alloc(kPage, kBuffer)));
    if (buffer == nullptr) throw std::bad_alloc();
    return buffer;
  }

  int hand_over() {
    if (!thread_.joinable()) {
      writing_ = make_buffer();
      is_direct_ = set_direct(file_, true);
      thread_ = std::thread([this] { run(); });
    }
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !is_full_; });
    std::swap(filling_, writing_);
    filled_ = 0;
    is_full_ = true;
    changed_.notify_all();
    return error_;
  }

  int stop() {
    if (!thread_.joinable()) return error_;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !is_full_; });
      is_stopped_ = true;
      changed_.notify_all();
    }
    thread_.join();
    return error_;
  }

  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return is_full_ || is_stopped_; });
      if (!is_full_) return;
      lock.unlock();
      const int error = error_ == 0 ? write_buffer() : error_;
      lock.lock();
      error_ = error;
      is_full_ = false;
      changed_.notify_all();
    }
  }

  int write_buffer() {
    int error = write_all(file_, writing_.get(), kBuffer);
    if (error == EINVAL && std::exchange(is_direct_, false) && set_direct(file_, false))
      error = write_all(file_, writing_.get(), kBuffer);  // a file system that wants more than it said
    // Begun now, the way to the disk is short when the file is closed. A hint: what fails here fails there.
    if (!is_direct_) std::ignore = ::sync_file_range(file_, 0, 0, SYNC_FILE_RANGE_WRITE);
    return error;
  }

  int file_;
  Buffer filling_;
  size_t filled_ = 0;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Buffer writing_;
  bool is_full_ = false;  ///< `writing_` is to be written
  bool is_stopped_ = false;
  bool is_direct_ = false;  ///< the thread's
  int error_ = 0;
};

FileWriter::FileWriter() = default;

FileWriter::~FileWriter() {
  background_.reset();
  if (file_ >= 0) ::close(file_);
}

bool FileWriter::fail(int error, DiagnosticSink& sink) {
  sink.add(data_diagnostic("VGL1309", path_, {path_, std::generic_category().message(error)}));
  background_.reset();
  if (file_ >= 0) ::close(file_);
  file_ = -1;
  return false;
}

bool FileWriter::open(const std::string& path, DiagnosticSink& sink) {
  path_ = path;
  size_ = 0;
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file_ < 0) return fail(errno, sink);
  background_ = std::make_unique<Background>(file_);
  return true;
}

bool FileWriter::write(std::string_view bytes, DiagnosticSink& sink) {
  if (file_ < 0) return false;
  if (const int error = background_->add(bytes); error != 0) return fail(error, sink);
  size_ += bytes.size();
  return true;
}

bool FileWriter::close(bool durable, DiagnosticSink& sink) {
  if (file_ < 0) return false;
  if (const int error = background_->finish(); error != 0) return fail(error, sink);
  background_.reset();
  if (durable && ::fsync(file_) != 0) return fail(errno, sink);
  const int file = std::exchange(file_, -1);
  return ::close(file) == 0 || fail(errno, sink);
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
