// SPDX-License-Identifier: Apache-2.0
// Problems to an OperationOutcome (FHIR R4, OperationOutcome).
#include "cds-hooks/protocol/operation_outcome.h"

#include <nlohmann/json.hpp>

namespace vigil::hooks {

Response problem_response(int status, const std::vector<Problem>& problems) {
  nlohmann::ordered_json outcome{{"resourceType", "OperationOutcome"}, {"issue", nlohmann::ordered_json::array()}};
  for (const auto& problem : problems) {
    std::string text = problem.path.empty() ? problem.message : problem.path + ": " + problem.message;
    if (!problem.remedy.empty()) text += "; " + problem.remedy;
    nlohmann::ordered_json issue{
        {"severity", problem.severity}, {"code", problem.type}, {"diagnostics", std::move(text)}};
    if (!problem.path.empty()) issue["expression"] = {problem.path};
    outcome["issue"].push_back(std::move(issue));
  }
  Response response;
  response.status = status;
  response.content_type = "application/fhir+json";
  response.body = outcome.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  return response;
}

Response problem_response(int status, std::string message, std::string remedy, std::string type) {
  return problem_response(status, {{{}, std::move(message), std::move(remedy), std::move(type)}});
}

}  // namespace vigil::hooks
