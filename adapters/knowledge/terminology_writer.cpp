// SPDX-License-Identifier: Apache-2.0
// Sources to Bundles of FHIR resources.
#include "knowledge/terminology_writer.h"

#include <map>

namespace vigil {

namespace {

std::string member(std::string_view name, std::string_view value) {
  return value.empty() ? "" : ", " + json_string(name) + ": " + json_string(value);
}

/// The elements that both kinds of resource have.
std::string head(std::string_view type, const TerminologyHead& each) {
  return "{ \"resourceType\": " + json_string(type) + member("url", each.url) + member("version", each.version) +
         member("title", each.name) + member("publisher", each.provenance.source) +
         member("date", each.provenance.date) + member("copyright", each.provenance.licence) +
         ", \"status\": \"active\"";
}

std::string bundle(const std::string& entries) {
  if (entries.empty()) return {};
  return "{ \"resourceType\": \"Bundle\", \"type\": \"collection\", \"entry\": [" + entries + "\n] }\n";
}

void add_entry(std::string& entries, const std::string& resource) {
  entries += (entries.empty() ? "\n" : ",\n") + std::string("{ \"resource\": ") + resource + " }";
}

std::string to_json(const CodeSystemSource& each, const KnowledgeBase& knowledge) {
  std::multimap<ConceptId, ConceptId> parents(each.parents.begin(), each.parents.end());
  std::string json = head("CodeSystem", each);
  json += std::string(", \"content\": \"") + (each.complete ? "complete" : "fragment") + "\"";
  if (!each.subsumes) json += ", \"hierarchyMeaning\": \"grouped-by\"";
  json += ", \"concept\": [";
  const char* separator = "\n  ";
  for (const ConceptId id : each.codes) {
    json += separator + std::string("{ \"code\": ") + json_string(knowledge.concept_info(id).code) +
            member("display", knowledge.display(id));
    const auto [begin, end] = parents.equal_range(id);
    if (begin != end) json += ", \"property\": [";
    for (auto at = begin; at != end; ++at)
      json += std::string(at == begin ? "" : ", ") + R"({ "code": "parent", "valueCode": )" +
              json_string(knowledge.concept_info(at->second).code) + " }";
    json += begin != end ? "] }" : " }";
    separator = ",\n  ";
  }
  return json + "] }";
}

std::string to_json(const ValueSetSource& each, std::span<const ConceptId> members, const KnowledgeBase& knowledge) {
  std::string json = head("ValueSet", each);
  json += ", \"expansion\": { \"total\": " + std::to_string(members.size()) + ", \"contains\": [";
  const char* separator = "\n  ";
  for (const ConceptId id : members) {
    const auto info = knowledge.concept_info(id);
    json += separator + std::string("{ \"system\": ") + json_string(info.system) + member("code", info.code) +
            member("display", info.display) + " }";
    separator = ",\n  ";
  }
  return json + "] } }";
}

}  // namespace

TerminologyDraft terminology_to_json(const TerminologySources& sources, const KnowledgeBase& knowledge) {
  TerminologyDraft draft;
  std::string code_systems, value_sets;
  for (const CodeSystemSource& each : sources.code_systems) add_entry(code_systems, to_json(each, knowledge));
  for (const ValueSetSource& each : sources.value_sets)
    if (const auto held = knowledge.find_value_set(each.url, each.version))
      add_entry(value_sets, to_json(each, knowledge.members(*held), knowledge));
  draft.code_systems = bundle(code_systems);
  draft.value_sets = bundle(value_sets);
  return draft;
}

}  // namespace vigil
