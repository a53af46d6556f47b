// SPDX-License-Identifier: Apache-2.0
// Loaded code systems, asked for all codes and for the codes below one.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <vigil/knowledge_base.h>

#include "knowledge/terminology_source.h"

namespace vigil {

/// Views the sources, which must outlive it.
class CodeSystemIndex {
 public:
  explicit CodeSystemIndex(std::span<const CodeSystemSource> code_systems);

  /// The code system with this URL, of this version where one is given, else of the greatest; complete ones first.
  const CodeSystemSource* find(std::string_view url, std::string_view version) const;
  /// What is below `ancestor` in `code_system` (of this index), sorted, itself excluded. Cycles do no harm.
  std::vector<ConceptId> descendants(const CodeSystemSource& code_system, ConceptId ancestor);

  /// Gives the builder the hierarchies; of several versions of one code system only the greatest's.
  void add_parents(KnowledgeBaseBuilder& builder) const;

 private:
  using Children = std::unordered_map<ConceptId, std::vector<ConceptId>>;

  std::vector<const CodeSystemSource*> systems_;          ///< by URL, version from greatest, complete before not
  std::map<const CodeSystemSource*, Children> children_;  ///< of those asked for
};

}  // namespace vigil
