// SPDX-License-Identifier: Apache-2.0
// Code systems and value sets as FHIR JSON again: normal in form, value sets expanded.
#pragma once

#include "knowledge/knowledge_writer.h"
#include "knowledge/terminology_source.h"

namespace vigil {

/// Bundles of the code systems and of the value sets that `knowledge` holds; codes' names are those it has. The same
/// sources give the same bytes.
TerminologyDraft terminology_to_json(const TerminologySources& sources, const KnowledgeBase& knowledge);

}  // namespace vigil
