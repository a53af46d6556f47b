// SPDX-License-Identifier: Apache-2.0
// What a packed knowledge base holds behind its checksum: concepts, relations, code systems, value sets, tables. What
// one of the two sources writes the other reads, in the same order: a change of one is a change of both, and a new
// version.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "knowledge/knowledge_sources.h"

namespace vigil {

std::string pack_content(const KnowledgeInventory& inventory);
/// None where its parts do not fit together. Places are rows of `file_name`.
std::optional<KnowledgeSources> unpack_content(std::string_view content, std::string_view file_name,
                                               KnowledgeBaseBuilder& builder, DiagnosticSink& sink);

}  // namespace vigil
