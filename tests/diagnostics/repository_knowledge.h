// SPDX-License-Identifier: Apache-2.0
// The repository's knowledge base, loaded once for all tests of this program.
#pragma once

#include <memory>

#include <vigil/knowledge_base.h>

namespace vigil::test {

const std::shared_ptr<const KnowledgeBase>& repository_knowledge();

}  // namespace vigil::test
