// SPDX-License-Identifier: Apache-2.0
// Code systems and value sets as read, before value sets are expanded. Codes are already concepts of the builder.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <vigil/value.h>

#include "knowledge/provenance.h"

namespace vigil {

/// What a resource of terminology says of itself.
struct TerminologyHead {
  std::string url;
  std::string version;
  std::string name;
  Provenance provenance;
  std::string place;
};

/// One code system resource.
struct CodeSystemSource : TerminologyHead {
  bool complete = false;         ///< content = complete: it can be enumerated, and filters have all to choose from
  bool subsumes = true;          ///< nesting means is-a or classification; not part-of or mere grouping
  std::vector<ConceptId> codes;  ///< sorted
  std::vector<std::pair<ConceptId, ConceptId>> parents;  ///< (child, parent)
};

/// compose.include[].filter[]
struct ValueSetFilter {
  std::string property;
  std::string op;
  std::string value;
};

/// compose.include[] or compose.exclude[]: the codes of the system part that all value sets named hold too.
struct ValueSetClause {
  std::string system;
  std::string version;
  bool lists_concepts = false;
  std::vector<ConceptId> concepts;
  std::vector<ValueSetFilter> filters;
  std::vector<std::string> value_sets;  ///< canonical
};

/// One value set resource, or the rows of one in CSV.
struct ValueSetSource : TerminologyHead {
  std::string problem;    ///< why it cannot be expanded, as far as reading it tells
  bool expanded = false;  ///< `members` is all of it
  std::vector<ConceptId> members;
  std::vector<ValueSetClause> include;
  std::vector<ValueSetClause> exclude;
};

/// group[].element[].target[] of a concept map.
struct ConceptMapRow {
  ConceptId from = 0;
  ConceptId to = 0;
  std::string relationship;  ///< as written: R4's equivalence, read from target to source, or R5's relationship
  bool is_same = false;      ///< equal or equivalent, without conditions
};

/// One concept map resource.
struct ConceptMapSource : TerminologyHead {
  std::vector<ConceptMapRow> rows;
};

/// Everything read for one load.
struct TerminologySources {
  std::vector<CodeSystemSource> code_systems;
  std::vector<ValueSetSource> value_sets;
  std::vector<ConceptMapSource> concept_maps;
};

}  // namespace vigil
