// SPDX-License-Identifier: Apache-2.0
// Reads knowledge-base/.
#include "repository_knowledge.h"

#include <filesystem>

#include "knowledge/knowledge_reader.h"

namespace vigil::test {

const std::shared_ptr<const KnowledgeBase>& repository_knowledge() {
  static const auto knowledge = [] {
    KnowledgeBaseBuilder builder;
    DiagnosticSink sink;
    read_knowledge(std::filesystem::path(VIGIL_SOURCE_DIR) / "knowledge-base", builder, sink);
    return builder.build(sink);
  }();
  return knowledge;
}

}  // namespace vigil::test
