// SPDX-License-Identifier: Apache-2.0
// Any bytes as the body of a call or of feedback: no crash, an answer that is 200, 400 or 412, and JSON. What is to be
// recorded of a call is JSON too, and what is left of each resource reads as the whole does.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include <vigil/primitives.h>

#include "cds-hooks/protocol/answer.h"
#include "decision-log/log_entry.h"
#include "fhir/passed_over.h"

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
    services.records = true;
    auto compilation = compile({{"fuzz.vigil", kRules}}, {});
    demand(compilation.rulebook != nullptr);
    hooks::RulePack pack;
    pack.id = pack.title = "fuzz";
    rulebook = std::shared_ptr<const Rulebook>(std::move(compilation.rulebook));
    pack.rulebook = rulebook;
    std::vector<hooks::RulePack> packs;
    packs.push_back(std::move(pack));
    services.set = std::make_shared<const hooks::ServiceSet>(std::move(packs), hooks::ProtocolOptions{});
  }
  std::shared_ptr<const Rulebook> rulebook;
  hooks::Services services;
  hooks::Workspace workspace{1};
};

/// One resource read: its facts, and how complete they are.
struct Reading {
  explicit Reading(const Rulebook& rulebook)
      : timeline(rulebook.read_plan(), rulebook.knowledge()), reader(rulebook.read_plan()) {}

  /// What is left of the resource without what was passed over.
  std::string read(const hooks::JsonNode& resource) {
    fhir::PassedOver passed_over;
    reader.begin("fuzz", timeline, sink);
    reader.add(resource.text(), resource.token(), fhir::FhirReader::kNoToken, &passed_over);
    reader.finish({});
    timeline.at(0, sink, snapshot);
    std::string rest;
    passed_over.append_rest(resource.raw(), resource.text().offset(resource.token()), rest);
    return rest;
  }

  DiagnosticSink sink;
  Timeline timeline;
  fhir::FhirReader reader;
  Snapshot snapshot;
};

void check_rest(const Rulebook& rulebook, const hooks::JsonNode& resource) {
  Reading whole(rulebook);
  const auto rest = whole.read(resource);
  Reading part(rulebook);
  if (rest.empty()) {
    part.timeline.at(0, part.sink, part.snapshot);
  } else {
    hooks::JsonDocument document;
    demand(document.read(rest).empty());
    demand(part.read(document.root()) == rest);
  }
  const auto a = whole.snapshot.all_facts();
  const auto b = part.snapshot.all_facts();
  demand(a.size() == b.size());
  for (size_t i = 0; i < a.size(); ++i)
    demand(same_content(*a[i].resource, *b[i].resource) && a[i].origin == b[i].origin);
  for (const auto& type : rulebook.read_plan().types())
    demand(whole.snapshot.completeness(type.fhir_type) == part.snapshot.completeness(type.fhir_type));
}

void check_resources(const Rulebook& rulebook, const std::string& body) {
  hooks::JsonDocument document;
  if (!document.read(body).empty()) return;
  const auto check = [&](const hooks::JsonNode& resource, const hooks::JsonNode*) { check_rest(rulebook, resource); };
  hooks::for_each_resource(document.root(), check);
  if (const auto prefetch = document.root().find("prefetch"))
    prefetch->for_each_member(
        [&](std::string_view, const hooks::JsonNode& value) { hooks::for_each_resource(value, check); });
}

void check_record(const decision_log::Entry& entry) {
  const auto parts = decision_log::split_secret(entry.secret);
  demand(parts.has_value());
  demand(nlohmann::json::accept(entry.open) && nlohmann::json::accept(parts->head));
  for (const auto text : {parts->record, parts->drafts}) demand(text.empty() || nlohmann::json::accept(text));
}

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
  check_resources(*service.rulebook, body);
  request.body = hooks::PatientText(std::move(body));
  const auto answer = hooks::answer(service.services, service.workspace, request);
  const int status = answer.response.status;
  demand(status == 200 || status == 400 || status == 404 || status == 412);
  const auto json = nlohmann::json::parse(answer.response.body, nullptr, false);
  demand(json.is_object());
  demand(status != 200 || answer.facts.route == "feedback" || json["cards"].is_array());
  if (answer.decision) check_record(*answer.decision);
  return 0;
}
