// SPDX-License-Identifier: Apache-2.0
// JSON lines by spdlog.
#include "cds-hooks/service/service_log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>

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

}  // namespace

struct ServiceLog::Sink {
  explicit Sink(spdlog::sink_ptr sink) : logger("vigil", std::move(sink)) {
    logger.set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})", spdlog::pattern_time_type::utc);
    logger.flush_on(spdlog::level::info);
  }
  spdlog::logger logger;
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
  spdlog::sink_ptr sink;
  if (options.file.empty())
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  else
    sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.file);
  sink_ = std::make_unique<Sink>(std::move(sink));
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

void ServiceLog::flush() { sink_->logger.flush(); }

}  // namespace vigil::hooks
