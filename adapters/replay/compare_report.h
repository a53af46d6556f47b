// SPDX-License-Identifier: Apache-2.0
// The report of a comparison: what changed, for whom, and each difference with both explanations.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include <vigil/diagnostic.h>

#include "replay/write_report.h"

namespace vigil::replay {

/// One HTML file of a folder's compare.sqlite; none, with VGL1229, where there is none or it cannot be read. `cases`:
/// at most so many differences are shown of each rule; all where it is none.
std::optional<std::string> write_compare_report(const std::string& folder, const ReportOptions& options,
                                                std::optional<size_t> cases, DiagnosticSink& sink);

}  // namespace vigil::replay
