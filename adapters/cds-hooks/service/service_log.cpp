// SPDX-License-Identifier: Apache-2.0
// JSON lines by spdlog.
#include "cds-hooks/service/service_log.h"

#include <spdlog/details/file_helper.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <cstdio>
#include <mutex>
#include <stdexcept>

namespace vigil::hooks {
namespace {

void append_string(std::string& json, std::string_view text) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  json += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      (json += '\\') += c;
    else if (byte < ' ' || byte == 0x7F)
      ((json += "\\u00") += kHex[byte >> 4]) += kHex[byte & 15];
    else
      json += c;
  }
  json += '"';
}

spdlog::level::level_enum level_of(LogLevel level) {
  constexpr std::array kLevels = {spdlog::level::info, spdlog::level::warn, spdlog::level::err};
  return kLevels[static_cast<size_t>(level)];
}

/// A file that is opened again on demand: who rotates logs moves it away, and then says so.
class FileSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FileSink(const std::string& file) { file_.open(file); }
  void reopen() {
    const std::scoped_lock lock(mutex_);
    is_open_ = false;
    file_.reopen(/*truncate=*/false);
    is_open_ = true;
  }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    if (is_open_)
      file_.write(line);
    else
      std::fwrite(line.data(), 1, line.size(), stderr);
  }
  void flush_() override {
    if (is_open_) file_.flush();
  }

  spdlog::details::file_helper file_;
  bool is_open_ = true;  ///< where it could not be opened again, lines go to standard error
};

}  // namespace

struct ServiceLog::Sink {
  Sink(spdlog::sink_ptr sink, std::shared_ptr<FileSink> its_file)
      : logger("vigil", std::move(sink)), file(std::move(its_file)) {
    logger.set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})", spdlog::pattern_time_type::utc);
    logger.flush_on(spdlog::level::info);
  }
  spdlog::logger logger;
  std::shared_ptr<FileSink> file;  ///< null: standard error
};

void LogField::append_to(std::string& json) const {
  json += ',';
  append_string(json, name_);
  json += ':';
  if (is_number_)
    json += text_;
  else
    append_string(json, text_);
}

ServiceLog::ServiceLog(const LogOptions& options) : options_(options) {
  std::shared_ptr<FileSink> file;
  try {
    if (!options.file.empty()) file = std::make_shared<FileSink>(options.file);
  } catch (const spdlog::spdlog_ex& error) {
    throw std::runtime_error("the log cannot be written: " + std::string(error.what()));
  }
  spdlog::sink_ptr sink = file;
  if (sink == nullptr) sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  sink_ = std::make_unique<Sink>(std::move(sink), std::move(file));
  set_requests(options.requests);
}
ServiceLog::~ServiceLog() = default;

void ServiceLog::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  std::string json = "\"event\":";
  append_string(json, event);
  for (const auto& field : fields) field.append_to(json);
  sink_->logger.log(level_of(level), "{}", json);
}

bool ServiceLog::set_requests(std::string_view word) {
  static constexpr std::array<std::string_view, 3> kWords = {"none", "failed", "all"};
  for (size_t i = 0; i < kWords.size(); ++i) {
    if (word != kWords[i]) continue;
    requests_ = static_cast<LogRequests>(i);
    return true;
  }
  return false;
}

bool ServiceLog::reopen() {
  try {
    if (sink_->file != nullptr) sink_->file->reopen();
    return true;
  } catch (const spdlog::spdlog_ex&) {
    return false;
  }
}

void ServiceLog::flush() { sink_->logger.flush(); }

}  // namespace vigil::hooks
