// SPDX-License-Identifier: Apache-2.0
// Reads a resource whose place in time the caller knows.
#include "fhir/version_reader.h"

#include <string>
#include <utility>

namespace vigil::fhir {

void VersionReader::begin(Timeline& timeline, DiagnosticSink& sink) {
  timeline_ = &timeline;
  sink_ = &sink;
  resources_.begin(timeline);
  references_.clear();
  resources_.values().collect_references(&references_);
}

/// A problem without a code: the JSON is broken.
void VersionReader::report_damage(const Problem& problem) {
  std::string place(resource_type_);
  place.append("/").append(id_);
  if (problem.code.empty()) {
    sink_->add(data_diagnostic("VGL1001", std::move(place), {"the stored resource is not one JSON object"}));
  } else {
    const auto path = path_to(text_, 0, problem.token);
    place.append(": ").append(path);
    sink_->add(problem.code == "VGL1013"
                   ? data_diagnostic(problem.code, std::move(place), {std::to_string(max_depth_)})
                   : data_diagnostic(problem.code, std::move(place), {path, problem.seen, problem.expected}));
  }
  is_damaged_ = true;
}

bool VersionReader::open(std::string_view json, std::string_view resource_type, std::string_view id) {
  resource_type_ = resource_type;
  id_ = id;
  is_damaged_ = false;
  if (index_.index(json.data(), json.size()) == JsonIndex::Status::kOk) {
    text_ = JsonText(json.data(), index_.tokens(), index_.count());
    if (text_.at(0) == '{' && text_.skip(0) == text_.count()) return true;
  }
  report_damage({});
  return false;
}

Object* VersionReader::read() {
  resources_.set_text(text_);
  pending_ = {};
  uint32_t type_name = JsonText::kBroken;
  resources_.find_type(0, type_name);
  if (type_name == JsonText::kBroken || text_.at(type_name) != '"') return nullptr;
  const ResourceShape* shape = resources_.find_shape(type_name);
  if (shape == nullptr || shape->type == nullptr) return nullptr;
  if (resources_.read(0, 1, *shape, pending_) != JsonText::kBroken) return pending_.object;
  const Problem problem = resources_.values().problem();
  resources_.values().clear_problem();
  report_damage(problem);
  pending_ = {};
  return nullptr;
}

std::span<const Object* const> VersionReader::contained() const {
  return std::span(resources_.contained()).subspan(pending_.contained_begin, pending_.contained_count);
}

}  // namespace vigil::fhir
