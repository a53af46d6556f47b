// SPDX-License-Identifier: Apache-2.0
// The way from a FHIR resource or Bundle to its reader, and what they all say of themselves.
#include "knowledge/read_terminology.h"

#include <string>

namespace vigil {

void read_head(const TextFile& file, const JsonNode& resource, TerminologyHead& head) {
  head.url = resource.string("url");
  head.version = resource.string("version");
  head.name = resource.string("title");
  if (head.name.empty()) head.name = resource.string("name");
  head.provenance = {std::string(resource.string("publisher")), head.version, std::string(resource.string("copyright")),
                     std::string(resource.string("date"))};
  head.place = file.place_of(resource.offset);
}

bool read_fhir_terminology(const TextFile& file, const JsonNode& resource, KnowledgeBaseBuilder& builder,
                           TerminologySources& sources, DiagnosticSink& sink) {
  const std::string_view type = resource.string("resourceType");
  if (type == "CodeSystem") {
    read_code_system(file, resource, builder, sources, sink);
  } else if (type == "ValueSet") {
    read_value_set(file, resource, builder, sources, sink);
  } else if (type == "ConceptMap") {
    read_concept_map(file, resource, builder, sources, sink);
  } else if (type == "Bundle") {
    for (const JsonNode& entry : list_of(resource, "entry", [](const JsonNode&) {}))
      if (const JsonNode* inner = entry.find("resource")) read_fhir_terminology(file, *inner, builder, sources, sink);
  } else {
    return false;
  }
  return true;
}

}  // namespace vigil
