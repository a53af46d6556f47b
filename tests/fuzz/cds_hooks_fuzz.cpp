// SPDX-License-Identifier: Apache-2.0
// Any bytes as the body of a call or of feedback: no crash, an answer that is 200, 400 or 412, and JSON.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include <vigil/primitives.h>

#include "cds-hooks/protocol/answer.h"

namespace {

using namespace vigil;

constexpr const char* kRules = R"(
library Fuzz version '1.0.0'
using FHIR version '4.0.1'
context Patient
rule "Pair"
  on    'order-select', 'order-sign', 'order-dispatch', 'org.example.own'
  for   ordered [MedicationRequest] New, current [MedicationRequest] Old
  tier  interruptive
  alert '{New.medication} with {Old.medication}'
    suggest 'Cancel': delete New
    suggest 'Hold': update New with { status: 'on-hold' }
rule "Allergy"
  on    'allergyintolerance-create', 'patient-view'
  for   [AllergyIntolerance] A
  when  AgeInYears() > 10 and isActive(A)
  alert 'x'
)";

void demand(bool holds) {
  if (!holds) std::abort();
}

struct Service {
  Service() {
    auto compilation = compile({{"fuzz.vigil", kRules}}, {});
    demand(compilation.rulebook != nullptr);
    hooks::RulePack pack;
    pack.id = pack.title = "fuzz";
    pack.rulebook = std::shared_ptr<const Rulebook>(std::move(compilation.rulebook));
    std::vector<hooks::RulePack> packs;
    packs.push_back(std::move(pack));
    services.set = std::make_shared<const hooks::ServiceSet>(std::move(packs), hooks::ProtocolOptions{});
  }
  hooks::Services services;
  hooks::Workspace workspace{1};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static Service service;
  if (size == 0) return 0;
  const auto& all = service.services.set->services();
  hooks::Request request;
  request.method = "POST";
  request.path = "/cds-services/" + all[data[0] % all.size()].id + (data[0] >= 128 ? "/feedback" : "");
  request.content_type = "application/json";
  request.now = *parse_instant("2026-11-22T09:30:00Z");
  std::string body(reinterpret_cast<const char*>(data) + 1, size - 1);
  // Bodies that begin with a brace are of the first hook's; so a corpus of plain calls is of use.
  if (data[0] == '{') {
    body.insert(0, 1, '{');
    const auto json = nlohmann::json::parse(body, nullptr, false);
    if (json.is_object() && json.contains("hook") && json["hook"].is_string())
      request.path = "/cds-services/fuzz-" + json["hook"].get<std::string>();
  }
  request.body = hooks::PatientText(std::move(body));
  const auto answer = hooks::answer(service.services, service.workspace, request);
  const int status = answer.response.status;
  demand(status == 200 || status == 400 || status == 404 || status == 412);
  const auto json = nlohmann::json::parse(answer.response.body, nullptr, false);
  demand(json.is_object());
  demand(status != 200 || answer.facts.route == "feedback" || json["cards"].is_array());
  return 0;
}
