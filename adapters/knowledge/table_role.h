// SPDX-License-Identifier: Apache-2.0
// The rows of tables with a role, to names and relations.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/knowledge_base.h>

#include "knowledge/table_source.h"

namespace vigil {

inline constexpr std::string_view kRouteSystem = "urn:vigil:codesystem:route";
inline constexpr std::string_view kCrossReactivitySystem = "urn:vigil:codesystem:cross-reactivity-group";

/// Takes the rows of one table. README.md lists the columns of each role.
class RoleWriter {
 public:
  /// Both must outlive it.
  RoleWriter(const TableSource& source, KnowledgeBaseBuilder& builder) : source_(source), builder_(builder) {}

  /// False, and VGL1104 at `place`, where the manifest gives the table no column that its role needs.
  bool check_columns(std::string_view place, DiagnosticSink& sink) const;
  /// `cells` are in the columns' order. What a row lacks is told with its place.
  void add_row(std::span<const Value> cells, const std::string& place, DiagnosticSink& sink);

 private:
  /// The cell of a column; null where there is no such column.
  Value cell(std::span<const Value> cells, std::string_view column) const;
  std::string_view text(std::span<const Value> cells, std::string_view column) const;
  /// A code column's concept, or that of a text as a code of `system`; 0 where the cell is null.
  ConceptId concept_of(std::span<const Value> cells, std::string_view column, std::string_view system) const;
  void relate(Relation relation, ConceptId from, ConceptId to) { builder_.add_relation(relation, from, to); }

  bool add_drug(std::span<const Value> cells);
  bool add_allergen(std::span<const Value> cells, const std::string& place, DiagnosticSink& sink);
  bool add_cross_reactivity(std::span<const Value> cells, const std::string& place, DiagnosticSink& sink);

  const TableSource& source_;
  KnowledgeBaseBuilder& builder_;
};

}  // namespace vigil
