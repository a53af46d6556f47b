// SPDX-License-Identifier: Apache-2.0
// A call of the CDS Hooks service, from body to response without sockets, against simdjson's parse of the same bytes;
// and its stages. The 20 rules of bench20 at order-sign, a call of about 20 KB. `scripts/bench service` measures the
// whole with sockets.
#include <benchmark/benchmark.h>
#include <simdjson.h>
#include <unistd.h>

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
#include "decision-log/log_writer.h"
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
    const auto cards = make_cards({*call->service, read.read, outcome, read.data.keys(), read.data.unread()}, alerts,
                                  {}, call->set->options().cards, ids);
    benchmark::DoNotOptimize(to_response_body(cards));
  }
}

hooks::Request request_of(const Call& call) {
  hooks::Request request;
  request.method = "POST";
  request.path = "/cds-services/" + call.service->id;
  request.content_type = "application/json";
  request.request_id = "0af7651916cd43dd8448eb211c80319c";
  request.body = hooks::PatientText(call.body);
  request.now = kNow;
  return request;
}

void answer_call(benchmark::State& state) {
  const auto* call = Call::get(state);
  if (call == nullptr) return;
  hooks::Services services;
  services.set = call->set;
  services.records = state.range(0) != 0;
  hooks::Workspace workspace(1);
  const auto request = request_of(*call);
  size_t bytes = 0;
  for (auto _ : state) {
    const auto answer = hooks::answer(services, workspace, request);
    if (answer.response.status != 200) return state.SkipWithError("not answered with 200");
    bytes = answer.response.body.size();
  }
  state.counters["request_bytes"] = static_cast<double>(call->body.size());
  state.counters["response_bytes"] = static_cast<double>(bytes);
}

/// The call's decision, as answer() gives it to the log.
decision_log::Entry make_entry(const Call& call) {
  hooks::Services services;
  services.set = call.set;
  services.records = true;
  hooks::Workspace workspace(1);
  return std::move(*hooks::answer(services, workspace, request_of(call)).decision);
}

decision_log::KeyRing make_keys() {
  decision_log::KeyRing keys;
  keys.add("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
  return keys;
}

/// A memory that knows this decision's record, or none.
void remember_record(decision_log::RecordMemory& records, const decision_log::Entry& entry, bool is_known) {
  const auto id = records.id(decision_log::split_secret(entry.secret)->record);
  if (is_known && id) records.remember(*id, 1, entry.at);
}

void seal_decision(benchmark::State& state) {
  const auto* call = Call::get(state);
  if (call == nullptr) return;
  const auto entry = make_entry(*call);
  const auto keys = make_keys();
  decision_log::RecordMemory records;
  remember_record(records, entry, state.range(0) != 0);
  size_t bytes = 0;
  for (auto _ : state) bytes = decision_log::seal(entry, keys, &records)->row.sealed->size();
  state.counters["open_bytes"] = static_cast<double>(entry.open.size());
  state.counters["secret_bytes"] = static_cast<double>(entry.secret.size());
  state.counters["sealed_bytes"] = static_cast<double>(bytes);
}

/// A row in a SQLite file that does not wait for the disk, in groups as given.
void write_decisions(benchmark::State& state) {
  const auto* call = Call::get(state);
  if (call == nullptr) return;
  const auto folder = std::filesystem::temp_directory_path() / ("vigil-log-" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  const auto keys = make_keys();
  std::string problem;
  auto store =
      decision_log::open_sqlite({.file = (folder / "decisions.db").string(), .survives_power_loss = false}, problem);
  if (store == nullptr) return state.SkipWithError(problem.c_str());
  decision_log::LogWriter writer(*store, keys);
  writer.start();
  const auto made = make_entry(*call);
  decision_log::RecordMemory records;
  remember_record(records, made, state.range(1) != 0);
  auto entry = *decision_log::seal(made, keys, &records);
  hooks::CardIds ids(1);
  auto now = to_instant(kNow);
  for (auto _ : state) {
    store->begin();
    for (int64_t i = 0; i < state.range(0); ++i) {
      ids.set_time(now += 1);
      for (auto& card : entry.cards) card = ids.next();
      writer.add(entry);
    }
    if (problem = store->commit(); !problem.empty()) return state.SkipWithError(problem.c_str());
    writer.keep();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  store = nullptr;
  state.counters["file_bytes_a_row"] = static_cast<double>(std::filesystem::file_size(folder / "decisions.db")) /
                                       static_cast<double>(writer.end().number);
  std::filesystem::remove_all(folder);
}

BENCHMARK(parse)->Name("simdjson_dom");
BENCHMARK(check_json)->Name("check_json");
BENCHMARK(read_call)->Name("read_call");
BENCHMARK(read_patient)->Name("read_patient");
BENCHMARK(evaluate)->Name("evaluate");
BENCHMARK(make_alerts)->Name("make_alerts");
BENCHMARK(make_response)->Name("make_response");
BENCHMARK(answer_call)->Name("answer")->ArgName("recorded")->Arg(0)->Arg(1);
BENCHMARK(seal_decision)->Name("seal")->ArgName("record_known")->Arg(0)->Arg(1);
BENCHMARK(write_decisions)
    ->Name("write_rows")
    ->ArgNames({"a_group", "record_known"})
    ->ArgsProduct({{1, 8, 16}, {0, 1}});

}  // namespace

BENCHMARK_MAIN();
