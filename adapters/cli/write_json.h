// SPDX-License-Identifier: Apache-2.0
// Results as JSON for programs. Members keep their order; text that is not UTF-8 is replaced.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include <vigil/evaluate.h>
#include <vigil/rulebook.h>

#include "cli/patient_report.h"

namespace vigil::cli {

using Json = nlohmann::ordered_json;

Json report_to_json(const PatientReport& report, const Rulebook& rulebook, bool explain);
Json test_to_json(const TestResult& test, const SourceSet& sources);
Json requirements_to_json(std::span<const Requirement> requirements);

/// On one line, or indented.
std::string to_text(const Json& json, bool indented);

}  // namespace vigil::cli
