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
/// What is made in place at the end of a full buffer.
constexpr size_t kMore = size_t{64} << 10;

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

/// Memory on a page of its own that grows.
class Buffer {
 public:
  Buffer() = default;
  Buffer(Buffer&& other) noexcept { *this = std::move(other); }
  Buffer& operator=(Buffer&& other) noexcept {
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    return *this;
  }
  char* extend(size_t size) {
    if (size_ + size > capacity_) grow(size_ + size);
    return bytes_.get() + std::exchange(size_, size_ + size);
  }
  void resize(size_t size) {
    if (size > size_)
      std::memset(extend(size - size_), 0, size - size_);
    else
      size_ = size;
  }
  const char* data() const { return bytes_.get(); }
  size_t size() const { return size_; }

 private:
  void grow(size_t wanted) {
    const size_t capacity = (std::max(wanted, kBuffer) + kMore + kPage - 1) / kPage * kPage;
    std::unique_ptr<char, Free> bytes(static_cast<char*>(std::aligned_alloc(kPage, capacity)));
    if (bytes == nullptr) throw std::bad_alloc();
    if (size_ > 0) std::memcpy(bytes.get(), bytes_.get(), size_);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
  }
  struct Free {
    void operator()(char* bytes) const { std::free(bytes); }
  };
  std::unique_ptr<char, Free> bytes_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

bool set_direct(int file, bool is_direct) {
  const int flags = ::fcntl(file, F_GETFL);
  return flags >= 0 && ::fcntl(file, F_SETFL, is_direct ? flags | O_DIRECT : flags & ~O_DIRECT) == 0;
}

}  // namespace

/// Two buffers: one is filled while the thread writes the other. The thread is begun with the first full buffer.
class FileWriter::Background {
 public:
  explicit Background(int file) : file_(file) {}
  /// What was not handed over is dropped.
  ~Background() {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      is_stopped_ = true;
      changed_.notify_all();
    }
    thread_.join();
  }

  char* extend(size_t size) { return filling_.extend(size); }

  /// Writes what fills a buffer. The error of what was written so far; 0 for none.
  int flush() { return filling_.size() < kBuffer ? 0 : hand_over(filling_.size() / kPage * kPage); }

  /// What is left goes to the thread, if there is one.
  void begin_finish(bool durable) {
    if (!thread_.joinable() || is_stopped_) return;
    size_ = written_ + filling_.size();
    is_durable_ = durable;
    // Whole pages, and cut off behind: with the rest in the kernel's cache the disk would be waited for twice.
    filling_.resize((filling_.size() + kPage - 1) / kPage * kPage);
    std::ignore = hand_over(filling_.size(), true);
  }

  /// Writes what is left.
  int finish(bool durable) {
    if (thread_.joinable()) {
      begin_finish(durable);
      thread_.join();
      return error_;
    }
    if (std::exchange(is_stopped_, true)) return error_;
    error_ = write_all(file_, filling_.data(), filling_.size());
    if (error_ == 0 && durable && ::fsync(file_) != 0) error_ = errno;
    return error_;
  }

 private:
  int hand_over(size_t size, bool is_last = false) {
    if (!thread_.joinable()) {
      is_direct_ = set_direct(file_, true);
      thread_ = std::thread([this] { run(); });
    }
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !is_full_; });
    std::swap(filling_, writing_);
    filling_.resize(0);
    if (size < writing_.size()) {
      std::memcpy(filling_.extend(writing_.size() - size), writing_.data() + size, writing_.size() - size);
      writing_.resize(size);
    }
    written_ += size;
    is_full_ = true;
    is_stopped_ = is_last;
    changed_.notify_all();
    return error_;
  }

  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return is_full_ || is_stopped_; });
      if (!is_full_) return;
      const bool is_last = is_stopped_;
      lock.unlock();
      int error = error_;
      if (error == 0) error = write_buffer();
      if (error == 0 && is_last && ::ftruncate(file_, static_cast<off_t>(size_)) != 0) error = errno;
      if (error == 0 && is_last && is_durable_ && ::fsync(file_) != 0) error = errno;
      lock.lock();
      error_ = error;
      is_full_ = false;
      changed_.notify_all();
      if (!is_last) continue;
      writing_ = {};  // it may be long before the file is closed
      filling_ = {};
      return;
    }
  }

  int write_buffer() {
    int error = write_all(file_, writing_.data(), writing_.size());
    if (error == EINVAL && std::exchange(is_direct_, false) && set_direct(file_, false))
      error = write_all(file_, writing_.data(), writing_.size());  // a file system that wants more than it said
    // Begun now, the way to the disk is short when the file is closed. A hint: what fails here fails there.
    if (!is_direct_) std::ignore = ::sync_file_range(file_, 0, 0, SYNC_FILE_RANGE_WRITE);
    return error;
  }

  int file_;
  Buffer filling_;
  uint64_t written_ = 0;  ///< handed over
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Buffer writing_;
  bool is_full_ = false;     ///< `writing_` is to be written
  bool is_stopped_ = false;  ///< by the last buffer
  bool is_durable_ = false;
  uint64_t size_ = 0;       ///< of the file, with the last buffer
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
  while (!bytes.empty()) {
    if (file_ < 0) return false;
    const auto piece = bytes.substr(0, kBuffer);
    std::memcpy(extend(piece.size()), piece.data(), piece.size());
    if (!flush(sink)) return false;
    bytes.remove_prefix(piece.size());
  }
  return file_ >= 0;
}

char* FileWriter::extend(size_t size) {
  size_ += size;
  return background_->extend(size);
}

bool FileWriter::flush(DiagnosticSink& sink) {
  if (file_ < 0) return false;
  const int error = background_->flush();
  return error == 0 || fail(error, sink);
}

void FileWriter::begin_close(bool durable) {
  if (file_ >= 0) background_->begin_finish(durable);
}

bool FileWriter::close(bool durable, DiagnosticSink& sink) {
  if (file_ < 0) return false;
  if (const int error = background_->finish(durable); error != 0) return fail(error, sink);
  background_.reset();
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
