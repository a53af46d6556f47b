// SPDX-License-Identifier: Apache-2.0
// JSON and SARIF 2.1.0 (OASIS).
#include <nlohmann/json.hpp>
#include <set>

#include <vigil/diagnostic.h>

namespace vigil {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace); }

Json position(const SourceText& source, uint32_t offset) {
  const auto at = source.line_column(offset);
  return {{"line", at.line}, {"column", at.column}};
}

Json range(const SourceSet& sources, Span span) {
  const auto& source = sources[span.source];
  return {{"start", position(source, span.begin)}, {"end", position(source, span.end)}};
}

std::string_view severity_word(Severity severity) {
  return severity == Severity::kError ? "error" : severity == Severity::kWarning ? "warning" : "note";
}

Json sarif_location(const SourceSet& sources, Span span) {
  const auto& source = sources[span.source];
  const auto begin = source.line_column(span.begin);
  const auto end = source.line_column(span.end);
  return {{"physicalLocation",
           {{"artifactLocation", {{"uri", source.name()}}},
            {"region",
             {{"startLine", begin.line},
              {"startColumn", begin.column},
              {"endLine", end.line},
              {"endColumn", end.column}}}}}};
}

Json sarif_result(const Diagnostic& d, const SourceSet& sources) {
  auto text = d.hint.empty() ? d.message : d.message + " (hint: " + d.hint + ")";
  Json result = {{"ruleId", d.code}, {"level", severity_word(d.severity)}, {"message", {{"text", text}}}};
  if (d.span.source)
    result["locations"] = Json::array({sarif_location(sources, d.span)});
  else if (!d.place.empty())
    result["locations"] = Json::array({{{"physicalLocation", {{"artifactLocation", {{"uri", d.place}}}}}}});
  for (const auto& label : d.labels) {
    if (!label.span.source) continue;
    auto location = sarif_location(sources, label.span);
    location["message"] = {{"text", label.text}};
    result["relatedLocations"].push_back(location);
  }
  return result;
}

}  // namespace

std::string render_json(std::span<const Diagnostic> diagnostics, const SourceSet& sources) {
  Json all = Json::array();
  for (const auto& d : diagnostics) {
    Json one = {{"code", d.code}, {"severity", severity_word(d.severity)}, {"message", d.message}};
    if (d.span.source) {
      one["file"] = sources[d.span.source].name();
      one["range"] = range(sources, d.span);
    } else if (!d.place.empty()) {
      one["place"] = d.place;
    }
    for (const auto& label : d.labels)
      if (label.span.source)
        one["labels"].push_back(
            {{"file", sources[label.span.source].name()}, {"range", range(sources, label.span)}, {"text", label.text}});
    if (!d.hint.empty()) one["hint"] = d.hint;
    all.push_back(one);
  }
  return dump(all) + "\n";
}

std::string render_sarif(std::span<const Diagnostic> diagnostics, const SourceSet& sources) {
  Json results = Json::array();
  std::set<std::string_view> used;
  for (const auto& d : diagnostics) {
    used.insert(d.code);
    results.push_back(sarif_result(d, sources));
  }
  Json rules = Json::array();
  for (const auto code : used) rules.push_back({{"id", code}, {"helpUri", "docs/errors/" + std::string(code) + ".md"}});
  const Json run = {{"tool", {{"driver", {{"name", "vigil"}, {"rules", rules}}}}},
                    {"columnKind", "unicodeCodePoints"},
                    {"results", results}};
  return dump({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
               {"version", "2.1.0"},
               {"runs", Json::array({run})}}) +
         "\n";
}

}  // namespace vigil
