// SPDX-License-Identifier: Apache-2.0
// Serves the page's files, and tells what is active.
#include "cds-hooks/service/start_page.h"

#include <nlohmann/json.hpp>

namespace vigil::hooks {
namespace {

using Json = nlohmann::ordered_json;

Response file(std::string_view type, std::string body) {
  Response response;
  response.content_type = type;
  response.body = std::move(body);
  // Nothing but what this service itself sends is loaded or run.
  response.with("Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
                "form-action 'none'; frame-ancestors 'none'");
  response.with("X-Content-Type-Options", "nosniff").with("Cache-Control", "no-cache");
  return response;
}

Json describe(const RulePack& pack, uint32_t index) {
  const auto& rule = pack.rulebook->rules()[index];
  Json json{{"name", rule.name},         {"library", rule.library}, {"version", rule.library_version},
            {"category", rule.category}, {"hooks", rule.hooks},     {"cites", rule.cites},
            {"shadow", rule.shadow}};
  json["evidence"] = Json::array();
  for (const auto& one : rule.evidence)
    json["evidence"].push_back({{"attribute", one.attribute}, {"value", one.value}});
  json["counts"] = Json::object();
  for (size_t i = 0; i < RuleCounts::kOutcomes; ++i) {
    const auto outcome = static_cast<RuleOutcome>(i);
    if (const auto count = pack.counts->of(index, outcome)) json["counts"][std::string(name(outcome))] = count;
  }
  return json;
}

Json describe(const Candidate& candidate, const ShadowCounts& counts) {
  const auto& [pack, terms] = candidate;
  Json json{{"id", pack->id},
            {"title", pack->title},
            {"version", pack->version},
            {"rulesDigest", pack->rules_digest},
            {"stage", name(terms.stage)},
            {"sharePercent", terms.share / 100.0},
            {"clients", terms.clients}};
  uint64_t disagreements = 0;
  uint64_t not_comparable = 0;
  for (const auto& one : counts.disagreements)
    if (one.pack == pack->id && one.version == pack->version)
      (one.difference == Difference::kNotComparable ? not_comparable : disagreements) += one.count;
  json["disagreements"] = disagreements;
  json["notComparable"] = not_comparable;
  return json;
}

std::string status_of(const ServiceSet* set, bool is_ready, const ShadowSink* shadow) {
  Json status{{"ready", is_ready}, {"packs", Json::array()}, {"candidates", Json::array()}};
  const auto counts = shadow == nullptr ? ShadowCounts() : shadow->counts();
  if (set != nullptr)
    for (const auto& candidate : set->candidates()) status["candidates"].push_back(describe(candidate, counts));
  if (set != nullptr)
    for (const auto& pack : set->packs()) {
      Json json{{"id", pack->id},
                {"title", pack->title},
                {"version", pack->version},
                {"rulesDigest", pack->rules_digest},
                {"knowledgeDigest", pack->knowledge_digest},
                {"rules", Json::array()}};
      for (uint32_t i = 0; i < pack->rulebook->rules().size(); ++i) json["rules"].push_back(describe(*pack, i));
      status["packs"].push_back(std::move(json));
    }
  return status.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::optional<Response> answer_page(std::string_view path, const ServiceSet* set, bool is_ready,
                                    const ShadowSink* shadow) {
  if (path == "/") return file("text/html; charset=utf-8", std::string(kPageHtml));
  if (path == "/page.css") return file("text/css; charset=utf-8", std::string(kPageCss));
  if (path == "/page.js") return file("text/javascript; charset=utf-8", std::string(kPageScript));
  if (path == "/page-examples.json") return file("application/json", std::string(kPageExamples));
  if (path == "/page-status.json") return file("application/json", status_of(set, is_ready, shadow));
  return std::nullopt;
}

}  // namespace vigil::hooks
