// SPDX-License-Identifier: Apache-2.0
// Codes of other systems take on what the concepts they mean are.
#pragma once

#include "terminology/content.h"

namespace vigil {

/// Before relations are packed and value sets sealed: follows kSameAs to its end, keeps the closed relation, and gives
/// each code the ingredients, routes, allergens, value sets and, where it has none, the name of what it means. Cycles
/// do no harm: codes that mean each other are equal.
void apply_crosswalks(KnowledgeBase::Content& content);

}  // namespace vigil
