// SPDX-License-Identifier: Apache-2.0
// Places of diagnostics about data.
#include "fhir/data_report.h"

#include <algorithm>

#include "fhir/text_recovery.h"

namespace vigil::fhir {

void DataReport::begin(DiagnosticSink& sink, std::string_view source_name) {
  sink_ = &sink;
  source_name_ = source_name;
  set_text({});
  line_ = 0;
  steps_.clear();
  unknown_types_.clear();
}

void DataReport::set_text(std::string_view text) {
  text_ = text;
  value_ = 0;
  counted_ = 0;
  counted_line_ = 0;
}

/// 0 where the text is not NDJSON. Asked for when there is something to report, so neither is found out before.
uint32_t DataReport::line_of_value() {
  if (counted_line_ == 0) {
    is_line_delimited_ = is_line_delimited(text_);
    counted_line_ = 1;
  }
  if (!is_line_delimited_) return 0;
  if (value_ < counted_) {
    counted_ = 0;
    counted_line_ = 1;
  }
  for (; counted_ < value_; ++counted_) counted_line_ += text_[counted_] == '\n';
  return counted_line_;
}

std::string DataReport::path(std::string_view inner) const {
  std::string text;
  for (const auto& step : steps_) {
    if (!text.empty() && !step.name.empty()) text += '.';
    text += step.name;
    if (step.index != kNoIndex) text.append("[").append(std::to_string(step.index)).append("]");
  }
  if (!text.empty() && !inner.empty() && inner[0] != '[') text += '.';
  return text.append(inner);
}

void DataReport::add(std::string_view code, const std::string& path,
                     std::initializer_list<std::string_view> arguments) {
  std::string place = source_name_;
  const uint32_t line = line_ != 0 ? line_ : line_of_value();
  if (line != 0) place.append(": line ").append(std::to_string(line));
  if (!path.empty()) place.append(place.empty() ? "" : ": ").append(path);
  sink_->add(data_diagnostic(code, std::move(place), arguments));
}

void DataReport::add_note(std::string_view code, std::initializer_list<std::string_view> arguments) {
  auto note = data_diagnostic(code, source_name_, arguments);
  note.severity = Severity::kNote;
  sink_->add(std::move(note));
}

void DataReport::add_unknown_type(std::string_view resource_type) {
  constexpr size_t kMostTypes = 100;  // more are noise
  constexpr size_t kLongestName = 64;
  const auto name = resource_type.substr(0, kLongestName);
  if (unknown_types_.size() >= kMostTypes) return;
  if (std::find(unknown_types_.begin(), unknown_types_.end(), name) != unknown_types_.end()) return;
  unknown_types_.emplace_back(name);
  add("VGL1006", path(), {name});
}

}  // namespace vigil::fhir
