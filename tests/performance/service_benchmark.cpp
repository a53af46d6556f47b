// SPDX-License-Identifier: Apache-2.0
// A call of the CDS Hooks service, from body to response without sockets, against simdjson's parse of the same bytes;
// and its stages. The 20 rules of bench20 at order-sign, a call of about 20 KB. `scripts/bench service` measures the
// whole with sockets.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <vigil/primitives.h>

#include "cds-hooks/protocol/answer.h"
#include "cds-hooks/protocol/cards.h"
#include "fhir/fhir_reader.h"
#include "knowledge/knowledge_reader.h"

namespace {

using namespace vigil;
using Json = nlohmann::ordered_json;

std::filesystem::path data_folder() {
  const char* shared = std::getenv("VIGIL_SHARED_DATA");
  return std::filesystem::path(shared != nullptr ? shared : VIGIL_SOURCE_DIR "/../shared/data") / "bench20";
}

/// Each of the 20 definitions as a rule.
std::string make_rules(const std::string& text) {
  static const std::regex definition("define \"(R[0-9]{2})\"");
  std::set<std::string> names;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), definition); at != std::sregex_iterator(); ++at)
    names.insert((*at)[1]);
  std::string rules = text;
  for (const auto& name : names)
    rules += "\nrule \"Rule " + name + "\"\n  on 'order-sign'\n  when \"" + name + "\"\n  tier passive\n  alert '" +
             name + "'\n";
  return rules;
}

std::shared_ptr<const hooks::ServiceSet> make_services(const std::filesystem::path& data) {
  DiagnosticSink sink;
  const auto text = fhir::read_file((data / "CdsRules.cql").string(), {}, sink);
  if (!text) return nullptr;
  KnowledgeBaseBuilder builder;
  read_knowledge(VIGIL_SOURCE_DIR "/knowledge-base", builder, sink);
  read_value_sets(data / "valuesets", builder, sink);
  CompileOptions options;
  options.knowledge = builder.build(sink);
  auto compiled = compile({{"rules.vigil", make_rules(*text)}}, options);
  if (compiled.has_errors()) return nullptr;
  hooks::RulePack pack;
  pack.id = "bench";
  pack.rulebook = std::shared_ptr<const Rulebook>(std::move(compiled.rulebook));
  std::vector<hooks::RulePack> packs;
  packs.push_back(std::move(pack));
  return std::make_shared<const hooks::ServiceSet>(std::move(packs), hooks::ProtocolOptions());
}

/// A patient's Bundle as the prefetch of a service, with a draft order.
std::string make_call(const Json& record, const hooks::Service& service) {
  Json prefetch = Json::object();
  Json patient;
  for (const auto& one : service.prefetch.templates) {
    auto& value = prefetch[one.key] = Json{{"resourceType", "Bundle"}, {"type", "searchset"}, {"entry", Json::array()}};
    for (const auto& entry : record["entry"]) {
      const auto& resource = entry["resource"];
      if (resource["resourceType"] == "Patient") patient = resource;
      if (resource["resourceType"] == one.resource_type) value["entry"].push_back({{"resource", resource}});
    }
    if (one.resource_type == "Patient") value = patient;
  }
  const Json draft{{"resourceType", "MedicationRequest"},
                   {"id", "o1"},
                   {"status", "draft"},
                   {"intent", "order"},
                   {"subject", {{"reference", "Patient/" + patient["id"].get<std::string>()}}},
                   {"medicationCodeableConcept",
                    {{"coding", {{{"system", "http://www.nlm.nih.gov/research/umls/rxnorm"}, {"code", "310965"}}}}}}};
  return Json{{"hook", "order-sign"},
              {"hookInstance", "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"},
              {"context",
               {{"userId", "Practitioner/1"},
                {"patientId", patient["id"]},
                {"draftOrders", {{"resourceType", "Bundle"}, {"entry", {{{"resource", draft}}}}}}}},
              {"prefetch", prefetch}}
      .dump();
}

struct Call {
  std::shared_ptr<const hooks::ServiceSet> set = make_services(data_folder());
  const hooks::Service* service = nullptr;
  std::string body;

  Call() {
    if (set == nullptr) return;
    service = &set->services().front();
    for (const auto& file : std::filesystem::directory_iterator(data_folder() / "prefetch")) {
      DiagnosticSink sink;
      auto call = make_call(Json::parse(*fhir::read_file(file.path().string(), {}, sink)), *service);
      const auto from_wanted = [](const std::string& text) {
        return std::abs(static_cast<int64_t>(text.size()) - int64_t{20'000});
      };
      if (body.empty() || from_wanted(call) < from_wanted(body)) body = std::move(call);
    }
  }
  static const Call* get(benchmark::State& state) {
    static const Call call;
    if (call.set == nullptr) state.SkipWithError("no shared data");
    return call.set == nullptr ? nullptr : &call;
  }
};

const Temporal kNow = *parse_instant("2020-07-25T00:00:00Z");

void parse(benchmark::State& state) {
  const auto* call = Call::get(state);
  if (call == nullptr) return;
  const simdjson::padded_string text(call->body);
  simdjson::dom::parser parser;
  for (auto _ : state) benchmark::DoNotOptimize(parser.parse(text).error());
}

void check_json(benchmark::State& state) {
  const auto* call = Call::get(state);
  if (call == nullptr) return;
  hooks::JsonDocument document;
  for (auto _ : state) benchmark::DoNotOptimize(document.read(call->body).empty());
}

void read_call(benchmark::State& state) {
  const auto* call = Call::get(state);
  if (call == nullptr) return;
  hooks::JsonDocument document;
  for (auto _ : state) {
    hooks::HookCall read;
    benchmark::DoNotOptimize(hooks::read_hook_call(call->body, "order-sign", {}, document, read).empty());
  }
}

void read_patient(benchmark::State& state) {
  const auto* call = Call::get(state);
  if (call == nullptr) return;
  hooks::JsonDocument document;
  hooks::HookCall read;
  hooks::read_hook_call(call->body, "order-sign", {}, document, read);
  hooks::PatientData data(call->service->pack);
  const auto& options = call->set->options();
  for (auto _ : state)
    data.read(*call->service, read, hooks::PatientData::judge_keys(*call->service, read, options), {}, options,
              to_instant(kNow));
}

/// A call read, for the stages behind that.
struct Read {
  explicit Read(const Call& call) : data(call.service->pack) {
    hooks::read_hook_call(call.body, "order-sign", {}, document, read);
    const auto& options = call.set->options();
    data.read(*call.service, read, hooks::PatientData::judge_keys(*call.service, read, options), {}, options,
              to_instant(kNow));
  }
  hooks::JsonDocument document;
  hooks::HookCall read;
  hooks::PatientData data;
};

void evaluate(benchmark::State& state) {
  const auto* call = Call::get(state);
  if (call == nullptr) return;
  const Read read(*call);
  Evaluator evaluator(*call->service->pack->rulebook);
  for (auto _ : state)
    benchmark::DoNotOptimize(evaluator.evaluate(read.data.snapshot(), read.data.trigger(), {}, kNow));
}

void make_alerts(benchmark::State& state) {
  const auto* call = Call::get(state);
  if (call == nullptr) return;
  const Read read(*call);
  const auto& rulebook = *call->service->pack->rulebook;
  const auto outcome = Evaluator(rulebook).evaluate(read.data.snapshot(), read.data.trigger(), {}, kNow);
  for (auto _ : state) benchmark::DoNotOptimize(raise(rulebook, outcome, read.data.trigger(), {}, kNow));
}

void make_response(benchmark::State& state) {
  const auto* call = Call::get(state);
  if (call == nullptr) return;
  const Read read(*call);
  const auto& rulebook = *call->service->pack->rulebook;
  const auto outcome = Evaluator(rulebook).evaluate(read.data.snapshot(), read.data.trigger(), {}, kNow);
  const auto alerts = raise(rulebook, outcome, read.data.trigger(), {}, kNow);
  hooks::CardIds ids(1);
  for (auto _ : state) {
    const auto cards =
        make_cards({*call->service, read.read, outcome, read.data.keys()}, alerts, {}, call->set->options().cards, ids);
    benchmark::DoNotOptimize(to_response_body(cards));
  }
}

void answer_call(benchmark::State& state) {
  const auto* call = Call::get(state);
  if (call == nullptr) return;
  hooks::Services services;
  services.set = call->set;
  hooks::Workspace workspace(1);
  hooks::Request request;
  request.method = "POST";
  request.path = "/cds-services/" + call->service->id;
  request.content_type = "application/json";
  request.body = hooks::PatientText(call->body);
  request.now = kNow;
  size_t bytes = 0;
  for (auto _ : state) {
    const auto answer = hooks::answer(services, workspace, request);
    if (answer.response.status != 200) return state.SkipWithError("not answered with 200");
    bytes = answer.response.body.size();
  }
  state.counters["request_bytes"] = static_cast<double>(call->body.size());
  state.counters["response_bytes"] = static_cast<double>(bytes);
}

BENCHMARK(parse)->Name("simdjson_dom");
BENCHMARK(check_json)->Name("check_json");
BENCHMARK(read_call)->Name("read_call");
BENCHMARK(read_patient)->Name("read_patient");
BENCHMARK(evaluate)->Name("evaluate");
BENCHMARK(make_alerts)->Name("make_alerts");
BENCHMARK(make_response)->Name("make_response");
BENCHMARK(answer_call)->Name("answer");

}  // namespace

BENCHMARK_MAIN();
