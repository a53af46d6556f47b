// SPDX-License-Identifier: Apache-2.0
// The digest of a knowledge base.
#pragma once

#include <cstdint>

#include "terminology/content.h"

namespace vigil {

/// Of the whole content by names, never by ids: concepts with displays, value sets, hierarchy, relations, tables. The
/// same content loaded in any order has the same digest; the order of rows in a table counts, as it is what a rule
/// sees.
uint64_t digest_content(const KnowledgeBase::Content& content);

}  // namespace vigil
