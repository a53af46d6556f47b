// SPDX-License-Identifier: Apache-2.0
// A knowledge base as one file: value sets expanded, codes numbered, nothing left to parse. Versioned and checksummed;
// the same knowledge base gives the same bytes.
#pragma once

#include <string>
#include <string_view>

#include <vigil/diagnostic.h>
#include <vigil/knowledge_base.h>

#include "knowledge/knowledge_sources.h"

namespace vigil {

/// What a packed file begins with.
inline constexpr std::string_view kPackedMagic = "VIGILKB\n";

/// The bytes of the file. Both parts of the inventory must be of one load.
std::string pack_knowledge(const KnowledgeInventory& inventory);

/// Fills `builder` and gives what the file says of its sources; places are rows of its tables.
/// VGL1101, and nothing to rely on in the builder, where the bytes are no such file, of another version, or damaged.
KnowledgeSources unpack_knowledge(std::string_view bytes, std::string_view file_name, KnowledgeBaseBuilder& builder,
                                  DiagnosticSink& sink);

}  // namespace vigil
