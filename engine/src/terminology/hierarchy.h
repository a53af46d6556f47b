// SPDX-License-Identifier: Apache-2.0
// The is-a hierarchy, from rows (child, parent) to all ancestors of each concept.
#pragma once

#include <cstddef>
#include <vector>

#include <vigil/diagnostic.h>

#include "terminology/concept_table.h"
#include "terminology/relation_index.h"

namespace vigil {

/// A closed hierarchy. Parents inside a cycle are left out, so that it has none.
struct Hierarchy {
  RelationIndex parents;                       ///< the rows that were kept
  RelationIndex ancestors;                     ///< transitive, without the concept itself
  std::vector<std::vector<ConceptId>> cycles;  ///< the concepts of each, sorted; in order of their first
  bool too_large = false;                      ///< more pairs than the limit: then the hierarchy is empty

  /// Reflexive.
  bool subsumes(ConceptId ancestor, ConceptId descendant) const;
};

/// Pairs of concept and ancestor; SNOMED CT has about 7 million. Bounds what a wrong, chain-like hierarchy can take.
inline constexpr size_t kAncestorLimit = 50'000'000;

Hierarchy close_hierarchy(std::vector<RelationIndex::Pair> child_to_parent, size_t ancestor_limit = kAncestorLimit);

/// Tells each cycle by its least code (VGL1107), and a hierarchy that is too large (VGL1109).
void report_problems(const Hierarchy& hierarchy, const ConceptTable& concepts, DiagnosticSink& sink);

}  // namespace vigil
