// SPDX-License-Identifier: Apache-2.0
// Reports, tests and requirements as JSON.
#include "cli/write_json.h"

namespace vigil::cli {
namespace {

Json explanation_to_json(std::span<const Explanation> explanation) {
  Json nodes = Json::array();
  for (const auto& node : explanation) {
    Json json{{"text", node.text}, {"value", node.value}};
    if (node.undetermined) json["undetermined"] = true;
    if (!node.facts.empty()) json["facts"] = node.facts;
    if (!node.children.empty()) json["children"] = explanation_to_json(node.children);
    nodes.push_back(std::move(json));
  }
  return nodes;
}

Json variants_to_json(const std::vector<TextVariant>& variants) {
  Json json = Json::array();
  for (const auto& variant : variants) {
    Json one{{"text", variant.text}};
    if (!variant.audience.empty()) one["audience"] = variant.audience;
    if (!variant.language.empty()) one["language"] = variant.language;
    json.push_back(std::move(one));
  }
  return json;
}

std::string_view kind_name(SuggestedAction::Kind kind) {
  switch (kind) {
    case SuggestedAction::Kind::kCreate: return "create";
    case SuggestedAction::Kind::kUpdate: return "update";
    case SuggestedAction::Kind::kDelete: return "delete";
  }
  return "";
}

Json action_to_json(const SuggestedAction& action) {
  Json json{{"kind", kind_name(action.kind)}};
  if (!action.resource.empty()) json["resource"] = action.resource;
  if (action.resource_json.empty()) return json;
  auto content = Json::parse(action.resource_json, nullptr, /*allow_exceptions=*/false);
  if (content.is_discarded()) content = action.resource_json;
  json["content"] = std::move(content);
  return json;
}

Json suggestion_to_json(const Suggestion& suggestion) {
  Json json{{"label", suggestion.label}};
  if (suggestion.kind == Suggestion::Kind::kRecommended) json["recommended"] = true;
  if (suggestion.kind == Suggestion::Kind::kPerformed) json["performed"] = true;
  for (const auto& action : suggestion.actions) json["actions"].push_back(action_to_json(action));
  return json;
}

Json link_to_json(const LinkOut& link) {
  Json json{{"label", link.label}, {"url", link.url}};
  if (link.launches_app) json["app"] = true;
  if (link.is_automatic) json["automatic"] = true;
  if (!link.app_context.empty()) json["context"] = link.app_context;
  return json;
}

Json rules_to_json(const std::vector<uint32_t>& rules, const Rulebook& rulebook) {
  Json names = Json::array();
  for (const uint32_t rule : rules) names.push_back(rulebook.rules()[rule].name);
  return names;
}

Json alert_to_json(const Alert& alert, const Rulebook& rulebook, bool explain) {
  Json json{{"tier", name(alert.tier)},
            {"note", alert.is_note},
            {"severity", alert.severity},
            {"category", alert.category},
            {"rules", rules_to_json(alert.rules, rulebook)},
            {"key", alert.key},
            {"summary", alert.summary},
            {"detail", alert.detail},
            {"tier_reason", alert.tier_reason},
            {"orders", alert.orders},
            {"facts", alert.facts},
            {"cites", alert.cites}};
  if (alert.sources.size() > 1)
    for (const auto& source : alert.sources)
      json["sources"].push_back({{"rule", rulebook.rules()[source.rule].name},
                                 {"tier", name(source.tier)},
                                 {"severity", source.severity},
                                 {"cites", source.cites}});
  if (alert.summaries.size() > 1) json["summaries"] = variants_to_json(alert.summaries);
  if (alert.details.size() > 1) json["details"] = variants_to_json(alert.details);
  for (const auto& one : alert.suggestions) json["suggestions"].push_back(suggestion_to_json(one));
  for (const auto& reason : alert.overrides) {
    Json one{{"text", reason.text}};
    if (!reason.code.empty()) one.update({{"system", reason.system}, {"code", reason.code}});
    json["overrides"].push_back(std::move(one));
  }
  for (const auto& link : alert.links) json["links"].push_back(link_to_json(link));
  if (explain) json["explanation"] = explanation_to_json(alert.explanation);
  return json;
}

Json silenced_to_json(const SilencedReport& silenced, const Rulebook& rulebook, bool explain) {
  const auto& finding = silenced.finding;
  Json json{{"rule", rulebook.rules()[finding.rule].name},
            {"summary", finding.summary},
            {"reason", finding.reason},
            {"orders", finding.orders}};
  if (explain) json["explanation"] = explanation_to_json(silenced.explanation);
  return json;
}

Json unknown_to_json(const UnknownRule& unknown, const Rulebook& rulebook, bool explain) {
  Json missing = Json::array();
  for (const auto& datum : unknown.missing) {
    Json one{{"what", datum.what}};
    if (!datum.reference.empty()) one["reference"] = datum.reference;
    if (auto place = rulebook.sources().place(datum.span); !place.empty()) one["place"] = std::move(place);
    missing.push_back(std::move(one));
  }
  Json json{{"rule", rulebook.rules()[unknown.rule].name}, {"missing", std::move(missing)}};
  if (!unknown.text.empty()) json["text"] = unknown.text;
  if (explain) json["explanation"] = explanation_to_json(unknown.explanation);
  return json;
}

template <class T, class Convert>
Json array_of(const std::vector<T>& items, Convert convert) {
  Json json = Json::array();
  for (const auto& item : items) json.push_back(convert(item));
  return json;
}

}  // namespace

Json report_to_json(const PatientReport& report, const Rulebook& rulebook, bool explain) {
  Json json{{"patient", report.patient()}, {"hook", report.hook()}};
  json["alerts"] =
      array_of(report.alerts(), [&](const auto& alert) { return alert_to_json(alert, rulebook, explain); });
  json["silenced"] = array_of(report.silenced(), [&](const auto& s) { return silenced_to_json(s, rulebook, explain); });
  json["unknown"] =
      array_of(report.unknown(), [&](const auto& unknown) { return unknown_to_json(unknown, rulebook, explain); });
  json["not_checked"] = report.not_checked();
  json["errors"] = array_of(report.failed(), [&](const FailedRule& failed) {
    return Json{{"rule", rulebook.rules()[failed.rule].name},
                {"code", failed.error.code},
                {"message", failed.error.message},
                {"place", rulebook.sources().place(failed.error.span)}};
  });
  if (explain)
    json["not_met"] = array_of(report.unmet(), [&](const UnmetRule& unmet) {
      return Json{{"rule", rulebook.rules()[unmet.rule].name}, {"explanation", explanation_to_json(unmet.explanation)}};
    });
  Json outcomes;
  for (const auto outcome : PatientReport::kOutcomes) outcomes[std::string(name(outcome))] = report.count(outcome);
  json["outcomes"] = std::move(outcomes);
  return json;
}

Json test_to_json(const TestResult& test, const SourceSet& sources) {
  Json json{
      {"library", test.library}, {"name", test.name}, {"place", sources.place(test.span)}, {"passed", test.passed}};
  if (!test.passed) json.update({{"failures", test.failures}, {"explanation", explanation_to_json(test.explanation)}});
  return json;
}

Json requirements_to_json(std::span<const Requirement> requirements) {
  Json json = Json::array();
  for (const auto& requirement : requirements)
    json.push_back({{"resource_type", requirement.resource_type},
                    {"code_path", requirement.code_path},
                    {"value_sets", requirement.value_sets},
                    {"codes", requirement.codes},
                    {"paths", requirement.paths},
                    {"only_ordered", requirement.only_ordered}});
  return json;
}

std::string to_text(const Json& json, bool indented) {
  return json.dump(indented ? 2 : -1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace vigil::cli
