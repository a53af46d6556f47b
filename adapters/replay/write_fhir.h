// SPDX-License-Identifier: Apache-2.0
// The result of a replay as FHIR R4 resources.
#pragma once

#include <string>

#include <vigil/diagnostic.h>

namespace vigil::replay {

/// Writes, from replay.sqlite of a folder, into its folder fhir, a resource a line:
///   * MeasureReport.ndjson: one summary; a group a rule with how often it was asked and fired, score the share
///   * DetectedIssue.ndjson: one a decision that fired
///   * GuidanceResponse.ndjson: one a decision: success, data-required where it could not tell, failure where it failed
/// Patients, orders and evidence are references by identifier, of pseudonyms. False, with VGL1229 or VGL1226.
bool write_fhir(const std::string& folder, DiagnosticSink& sink);

}  // namespace vigil::replay
