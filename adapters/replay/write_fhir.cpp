// SPDX-License-Identifier: Apache-2.0
// Rows of a replay to FHIR resources.
#include "replay/write_fhir.h"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "replay/run_folder.h"
#include "replay/sqlite_query.h"
#include "replay/table_sink.h"

namespace vigil::replay {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kKeySystem = "urn:vigil:pseudonym";
constexpr const char* kRuleUri = "urn:vigil:rule:";

/// A reference to what only a pseudonym names (FHIR R4, 2.3.0.2: logical references).
Json logical_reference(const std::string& type, const std::string& key) {
  return {{"type", type}, {"identifier", {{"system", kKeySystem}, {"value", key}}}};
}

/// "urn:vigil:rule:" and the name, with what a URI may not hold as %XX.
std::string rule_uri(const std::string& rule) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string uri = kRuleUri;
  for (const char c : rule) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || c == '-')
      uri += c;
    else
      uri.append("%").append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
  }
  return uri;
}

/// Of GuidanceResponse.status (FHIR R4, guidance-response-status).
const char* status_of(const std::string& outcome) {
  return outcome == "unknown" ? "data-required" : outcome == "error" ? "failure" : "success";
}

/// DetectedIssue.severity has three codes; a rule's own scale is taken where it uses their words.
const char* severity_of(const std::string& severity) {
  for (const char* code : {"high", "moderate", "low"})
    if (severity == code) return code;
  return nullptr;
}

Json population(const char* code, int64_t count) {
  return {{"code",
           {{"coding", {{{"system", "http://terminology.hl7.org/CodeSystem/measure-population"}, {"code", code}}}}}},
          {"count", count}};
}

class FhirWriter {
 public:
  FhirWriter(ReadDatabase& database, const std::string& folder) : database_(database), folder_(folder) {}

  bool write() {
    write_measure();
    write_decisions();
    return database_.error().empty() && measure_ && issues_ && responses_;
  }

 private:
  void write_measure() {
    Json report = {{"resourceType", "MeasureReport"},
                   {"id", "replay"},
                   {"status", "complete"},
                   {"type", "summary"},
                   {"measure", "urn:vigil:measure:burden"}};
    database_.each(
        "SELECT coalesce(substr(min(t0), 1, 10), '1970-01-01'), coalesce(substr(max(t0), 1, 10), '1970-01-01') "
        "FROM triggers",
        {}, [&](const QueryRow& row) {
          report["period"] = {{"start", row.text(0)}, {"end", row.text(1)}};
        });
    database_.each(
        "SELECT s.rule, s.asked, s.fired FROM rule_summary s JOIN run ON name = 'mode' AND value = s.mode "
        "ORDER BY s.rule_id",
        {}, [&](const QueryRow& row) {
          const int64_t asked = row.number(1);
          const int64_t fired = row.number(2);
          Json group = {{"code", {{"text", row.text(0)}}},
                        {"population", {population("denominator", asked), population("numerator", fired)}}};
          if (asked > 0) group["measureScore"] = {{"value", static_cast<double>(fired) / static_cast<double>(asked)}};
          report["group"].push_back(std::move(group));
        });
    measure_ << report.dump() << '\n';
  }

  void write_decisions() {
    database_.each(
        R"(SELECT d.decision_id, t.patient_key, t.t0, r.rule, d.outcome, coalesce(f.summary, ''), coalesce(f.severity, ''),
             coalesce((SELECT group_concat(m.what, '; ') FROM missing m WHERE m.decision_id = d.decision_id), ''),
             coalesce(d.silenced, '')
           FROM decisions d JOIN triggers t USING (trigger_id) JOIN rules r USING (rule_id)
           LEFT JOIN findings f ON f.decision_id = d.decision_id AND f.number = 1 ORDER BY d.rowid)",
        {}, [&](const QueryRow& row) {
          const auto id = row.text(0);
          const bool fired = row.text(4) == "fired";
          Json response = {{"resourceType", "GuidanceResponse"},
                           {"id", id},
                           {"moduleUri", rule_uri(row.text(3))},
                           {"status", status_of(row.text(4))},
                           {"subject", logical_reference("Patient", row.text(1))},
                           {"occurrenceDateTime", row.text(2)}};
          for (const int column : {7, 8})
            if (!row.text(column).empty()) response["note"].push_back({{"text", row.text(column)}});
          if (fired) response["note"].push_back({{"text", "DetectedIssue/" + id}});
          responses_ << response.dump() << '\n';
          if (fired) write_issue(row);
        });
  }

  void write_issue(const QueryRow& row) {
    Json issue = {{"resourceType", "DetectedIssue"},
                  {"id", row.text(0)},
                  {"status", "final"},
                  {"code", {{"text", row.text(3)}}},
                  {"patient", logical_reference("Patient", row.text(1))},
                  {"identifiedDateTime", row.text(2)},
                  {"detail", row.text(5)}};
    if (const char* severity = severity_of(row.text(6))) issue["severity"] = severity;
    database_.each("SELECT resource_type, fact_key FROM evidence WHERE decision_id = ?1 AND number = 1 ORDER BY rowid",
                   {row.text(0)}, [&](const QueryRow& fact) {
                     issue["implicated"].push_back(logical_reference(fact.text(0), fact.text(1)));
                   });
    if (row.text(5).empty()) issue.erase("detail");
    issues_ << issue.dump() << '\n';
  }

  ReadDatabase& database_;
  std::string folder_;
  std::ofstream measure_{folder_ + "/MeasureReport.ndjson"};
  std::ofstream issues_{folder_ + "/DetectedIssue.ndjson"};
  std::ofstream responses_{folder_ + "/GuidanceResponse.ndjson"};
};

}  // namespace

bool write_fhir(const std::string& folder, DiagnosticSink& sink) {
  std::error_code error;
  if (!std::filesystem::exists(folder + "/replay.sqlite", error)) {
    sink.add(data_diagnostic("VGL1229", folder, {folder, "it holds no replay.sqlite"}));
    return false;
  }
  const std::string to = folder + "/fhir";
  std::filesystem::create_directories(to, error);
  ReadDatabase database(folder + "/replay.sqlite");
  if (error || !FhirWriter(database, to).write())
    return report_unwritable(to, database.error().empty() ? "writing failed" : database.error(), sink);
  return true;
}

}  // namespace vigil::replay
