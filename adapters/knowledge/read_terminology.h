// SPDX-License-Identifier: Apache-2.0
// Terminology files to sources: FHIR JSON and value-set CSV.
#pragma once

#include <vigil/diagnostic.h>
#include <vigil/knowledge_base.h>

#include "knowledge/json_tree.h"
#include "knowledge/terminology_source.h"
#include "knowledge/text_file.h"

namespace vigil {

/// Reads a ValueSet, a CodeSystem, a ConceptMap or a Bundle of them. Other resources hold no terminology: false, and
/// nothing is told.
bool read_fhir_terminology(const TextFile& file, const JsonNode& resource, KnowledgeBaseBuilder& builder,
                           TerminologySources& sources, DiagnosticSink& sink);

/// What a FHIR resource says of itself; its name is the title if there is one. Of its origin: publisher, version,
/// copyright and date.
void read_head(const TextFile& file, const JsonNode& resource, TerminologyHead& head);

/// One CodeSystem and one ValueSet; the node is an object.
void read_code_system(const TextFile& file, const JsonNode& resource, KnowledgeBaseBuilder& builder,
                      TerminologySources& sources, DiagnosticSink& sink);
void read_value_set(const TextFile& file, const JsonNode& resource, KnowledgeBaseBuilder& builder,
                    TerminologySources& sources, DiagnosticSink& sink);

/// One ConceptMap; its codes that are the same become crosswalks of the builder.
void read_concept_map(const TextFile& file, const JsonNode& resource, KnowledgeBaseBuilder& builder,
                      TerminologySources& sources, DiagnosticSink& sink);

/// Rows url,system,code[,display][,version][,name]; those of one URL and version are one value set.
void read_value_set_csv(const TextFile& file, KnowledgeBaseBuilder& builder, TerminologySources& sources,
                        DiagnosticSink& sink);

}  // namespace vigil
