// SPDX-License-Identifier: Apache-2.0
// Open and sealed columns to an AuditEvent.
#include "decision-log/audit_event.h"

#include "decision-log/log_entry.h"
#include "decision-log/row_json.h"
#include "decision-log/sealed_text.h"

namespace vigil::decision_log {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kProfile = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientQuery";
constexpr const char* kDicom = "http://dicom.nema.org/resources/ontology/DCM";
constexpr const char* kTerminology = "http://terminology.hl7.org/CodeSystem/";

Json coding(const std::string& system, const std::string& code, const std::string& display) {
  return {{"system", system}, {"code", code}, {"display", display}};
}

Json concept_of(Json coding) { return {{"coding", Json::array({std::move(coding)})}}; }

std::string base64(std::string_view bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t three = 0;
    for (size_t j = 0; j < 3; ++j)
      three = three << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    for (size_t j = 0; j < 4; ++j) text += i + j > bytes.size() ? '=' : kDigits[three >> (18 - 6 * j) & 63];
  }
  return text;
}

Json agent(const char* code, const char* display, const std::string& who) {
  return {{"type", concept_of(coding(kDicom, code, display))},
          {"who", {{"identifier", {{"value", who}}}, {"display", who}}},
          {"requestor", false},
          {"network", {{"address", who}, {"type", "5"}}}};  // 5: URI
}

Json agents_of(const Json& open, const Json& head, const std::string& server) {
  const auto client = text_of(open, "client");
  Json agents = Json::array();
  agents.push_back(
      agent("110153", "Source Role ID", client.empty() ? "urn:vigil:client-without-authentication" : client));
  agents.push_back(agent("110152", "Destination Role ID", server));
  if (const auto user = text_of(head, "user"); !user.empty()) {
    Json who;
    who[user.find('/') == std::string::npos ? "display" : "reference"] = user;
    agents.push_back({{"type", concept_of(coding(std::string(kTerminology) + "v3-ParticipationType", "IRCP",
                                                 "information recipient"))},
                      {"who", std::move(who)},
                      {"requestor", true}});
  }
  return agents;
}

Json entities_of(const Json& open, const Json& head) {
  const std::string types = std::string(kTerminology) + "audit-entity-type";
  const std::string roles = std::string(kTerminology) + "object-role";
  const auto query = "POST /cds-services/" + text_of(open, "service");
  Json entities = Json::array();
  entities.push_back({{"what", {{"reference", "Patient/" + text_of(head, "patient")}}},
                      {"type", coding(types, "1", "Person")},
                      {"role", coding(roles, "1", "Patient")}});
  entities.push_back({{"type", coding(types, "2", "System Object")},
                      {"role", coding(roles, "24", "Query")},
                      {"description", query},
                      {"query", base64(query)}});
  entities.push_back({{"what", {{"identifier", {{"value", text_of(open, "request")}}}}},
                      {"type", coding("https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType", "XrequestId",
                                      "X-Request-Id")}});
  return entities;
}

}  // namespace

std::optional<std::string> to_audit_event(const LogRow& row, const KeyRing& keys, const std::string& server) {
  if (row.kind != RowKind::kDecision || !row.sealed) return std::nullopt;
  const auto secret = open_text(row, keys);
  const auto parts = secret ? split_secret(*secret) : std::nullopt;
  const auto head = parts ? parse_row_text<Json>(parts->head) : Json();
  const auto open = parse_row_text<Json>(row.open);
  if (!head.is_object() || !open.is_object() || text_of(head, "patient").empty()) return std::nullopt;
  for (const auto* name : {"request", "service", "hook"})
    if (text_of(open, name).empty()) return std::nullopt;  // altered: evidence is never guessed
  const bool is_answered = number_of(open, "status") == 200;
  Json event{{"resourceType", "AuditEvent"}};
  if (is_answered) event["meta"] = {{"profile", Json::array({kProfile})}};
  event["type"] = coding(std::string(kTerminology) + "audit-event-type", "rest", "Restful Operation");
  event["subtype"] = Json::array({coding("http://cds-hooks.hl7.org", text_of(open, "hook"), text_of(open, "hook"))});
  event["action"] = "E";
  event["recorded"] = text_of(head, "now");
  event["outcome"] = is_answered ? "0" : "4";
  event["agent"] = agents_of(open, head, server);
  event["source"] = {
      {"observer", {{"identifier", {{"value", server}}}, {"display", server}}},
      {"type", Json::array({coding(std::string(kTerminology) + "security-source-type", "4", "Application Server")})}};
  event["entity"] = entities_of(open, head);
  return event.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace vigil::decision_log
