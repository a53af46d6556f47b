// SPDX-License-Identifier: Apache-2.0
// Places of diagnostics about data.
#include "fhir/data_report.h"

#include <algorithm>

namespace vigil::fhir {

void DataReport::begin(DiagnosticSink& sink, std::string_view source_name) {
  sink_ = &sink;
  source_name_ = source_name;
  line_ = 0;
  steps_.clear();
  unknown_types_.clear();
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

void DataReport::add(std::string_view code, const std::string& path, std::initializer_list<std::string_view> arguments) {
  std::string place = source_name_;
  if (line_ != 0) place.append(": line ").append(std::to_string(line_));
  if (!path.empty()) place.append(place.empty() ? "" : ": ").append(path);
  sink_->add(data_diagnostic(code, std::move(place), arguments));
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
