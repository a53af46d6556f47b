// SPDX-License-Identifier: Apache-2.0
// Finds what is wrong in a knowledge base that could be read: what no rule would notice, and no patient should meet.
#pragma once

#include <vigil/diagnostic.h>

#include "knowledge/knowledge_sources.h"

namespace vigil {

/// Adds a finding for each: concept that nothing defines (VGL1111), value set without members (VGL1112), pair of which
/// one side is no drug's ingredient (VGL1113), pair with two tiers (VGL1114), table, value set or code system without
/// source or licence (VGL1115), row given twice (VGL1116), ingredient that is its own class (VGL1117) and class of
/// cross-reactivity with one member (VGL1118). Each names file and line. What reading told already is not told again.
void check_knowledge(const KnowledgeInventory& inventory, DiagnosticSink& sink);

/// The parts, for check_knowledge: concepts that nothing defines; rows, groups and pairs of one table.
void check_references(const KnowledgeInventory& inventory, DiagnosticSink& sink);
void check_rows(const LoadedTable& loaded, const KnowledgeTable& table, DiagnosticSink& sink);
void check_groups(const LoadedTable& loaded, const KnowledgeTable& table, DiagnosticSink& sink);
void check_pairs(const LoadedTable& loaded, const KnowledgeTable& table, const KnowledgeBase& knowledge,
                 DiagnosticSink& sink);

}  // namespace vigil
