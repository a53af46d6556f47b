// SPDX-License-Identifier: Apache-2.0
// What the service says of itself: one JSON object a line, of names and numbers only.
#pragma once

#include <atomic>
#include <concepts>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "cds-hooks/protocol/confidential.h"

namespace vigil::hooks {

/// A value that may be logged: a name of the service's own, or a number. Patient data and credentials do not convert to
/// one, and text of requests has no business here: what comes from a client is a trace id of hex digits at most.
class LogField {
 public:
  LogField(std::string_view name, std::string_view text) : name_(name), text_(text), is_number_(false) {}
  LogField(std::string_view name, const char* text) : LogField(name, std::string_view(text)) {}
  LogField(std::string_view name, const std::string& text) : LogField(name, std::string_view(text)) {}
  template <std::integral Number>
  LogField(std::string_view name, Number number) : name_(name), text_(std::to_string(number)), is_number_(true) {}
  template <class T>
  LogField(std::string_view name, const Confidential<T>&) = delete;

  void append_to(std::string& json) const;

 private:
  std::string_view name_;
  std::string text_;
  bool is_number_;
};

enum class LogLevel : uint8_t { kInfo, kWarning, kError };

/// Which requests have a line.
enum class LogRequests : uint8_t {
  kNone,
  kFailed,  ///< answered with 500 and up, or refused
  kAll,
};

struct LogOptions {
  std::string file;  ///< empty: standard error
  /// Which requests have a line: "none", "failed" (answered with 500 or refused), "all".
  std::string requests = "failed";
};

/// Thread-safe.
class ServiceLog {
 public:
  /// Throws std::runtime_error where its file cannot be opened.
  explicit ServiceLog(const LogOptions& options);
  ~ServiceLog();

  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields);
  void flush();
  /// Goes on in a new file under the log's name, where the old one was moved away; false where none can be opened.
  bool reopen();
  const LogOptions& options() const { return options_; }
  LogRequests requests() const { return requests_; }
  /// By its word in the settings, at any time; false where it is none.
  bool set_requests(std::string_view word);

 private:
  struct Sink;
  LogOptions options_;
  std::atomic<LogRequests> requests_{LogRequests::kFailed};
  std::unique_ptr<Sink> sink_;
};

}  // namespace vigil::hooks
