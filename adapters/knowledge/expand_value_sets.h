// SPDX-License-Identifier: Apache-2.0
// Value set definitions to their members.
#pragma once

#include <vigil/diagnostic.h>
#include <vigil/knowledge_base.h>

#include "knowledge/terminology_source.h"

namespace vigil {

/// Adds the hierarchies of the code systems and every value set that can be expanded to `builder`; tells why of the
/// others (VGL1102). Value sets may refer to each other in any order; one that contains itself cannot be expanded.
void expand_value_sets(const TerminologySources& sources, KnowledgeBaseBuilder& builder, DiagnosticSink& sink);

}  // namespace vigil
