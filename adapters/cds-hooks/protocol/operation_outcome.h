// SPDX-License-Identifier: Apache-2.0
// What is wrong with a request, as a FHIR OperationOutcome.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cds-hooks/protocol/message.h"

namespace vigil::hooks {

/// One thing wrong with a request. Nothing of the request's values stands in it: paths and what to change.
struct Problem {
  std::string path;              ///< "context.patientId"; empty for the request as a whole
  std::string message;           ///< lower case, without period
  std::string remedy;            ///< may be empty
  std::string type = "invalid";  ///< code of FHIR's value set issue-type: required, structure, value, not-found …
  std::string severity = "error";
};

/// A response with this status and an OperationOutcome that names each problem.
Response problem_response(int status, const std::vector<Problem>& problems);
Response problem_response(int status, std::string message, std::string remedy, std::string type);

}  // namespace vigil::hooks
