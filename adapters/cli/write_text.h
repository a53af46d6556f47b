// SPDX-License-Identifier: Apache-2.0
// Results as text for people.
#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/evaluate.h>
#include <vigil/rulebook.h>

#include "cli/patient_report.h"

namespace vigil::cli {

struct TextStyle {
  bool colour = false;
  bool explain = false;
};

/// A patient's alerts with their reasons, what was silenced and what could not be checked.
void write_report(std::ostream& out, const PatientReport& report, const Rulebook& rulebook, TextStyle style);

/// Adds up reports for the line at the end.
struct ReportTotals {
  size_t patients = 0;
  size_t alerts = 0;
  size_t silenced = 0;
  size_t unknown = 0;
  size_t not_checked = 0;  ///< data not obtained or not recognised, and findings left out
  size_t failed = 0;
  void add(const PatientReport& report);
};
void write_totals(std::ostream& out, const ReportTotals& totals, TextStyle style);

/// A failed test: expected, got, and why.
void write_failed_test(std::ostream& out, const TestResult& test, const SourceSet& sources, TextStyle style);

/// `text = value`, a line each, children indented below.
void write_explanation(std::ostream& out, std::span<const Explanation> explanation, size_t indent, TextStyle style);

/// What a rule reads of the record, a paragraph a resource type.
void write_requirements(std::ostream& out, std::span<const Requirement> requirements);

/// In one line, shortened to `limit` code points.
std::string one_line(std::string_view text, size_t limit);
/// Joined by `separator`.
std::string join(std::span<const std::string> words, std::string_view separator);

}  // namespace vigil::cli
