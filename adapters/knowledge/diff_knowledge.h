// SPDX-License-Identifier: Apache-2.0
// What changed between two knowledge bases, in the words of those who answer for it.
#pragma once

#include <string>
#include <vector>

#include "knowledge/knowledge_sources.h"

namespace vigil {

/// One change: what it concerns, and how that stood before and stands now; empty where it did not or does not.
struct KnowledgeChange {
  std::string area;     ///< "Interactions", "value set Warfarin", "ingredients" ...
  std::string subject;  ///< "Warfarin (11289) with Ibuprofen (5640)"
  std::string before;
  std::string after;
};

/// Changes of drugs and what is known of them, of value sets, of pairs and of other tables, in this order; each area by
/// subject. Codes are compared by system and code, so that other numbering or order is no change. A table or
/// value set that only one of them has is one change.
std::vector<KnowledgeChange> diff_knowledge(const KnowledgeInventory& before, const KnowledgeInventory& after);

}  // namespace vigil
