// SPDX-License-Identifier: Apache-2.0
// Typed module and graph to program.
#pragma once

#include <memory>

#include <vigil/diagnostic.h>

#include "program/program.h"

namespace vigil {

struct LowerOptions {
  bool observe_definitions = false;  ///< read what showing every definition's value needs
};

/// Lowers everything without errors; a rule that reaches a value set or table that is not in the knowledge base is left
/// out (VGL0502, VGL0503).
std::unique_ptr<Program> lower(typed::Module module, RuleGraph graph, std::shared_ptr<const KnowledgeBase> knowledge,
                               const LowerOptions& options, DiagnosticSink& sink);

/// Checks every index of a program; the text names the first that is wrong, empty where all are right.
std::string verify(const Program& program);

/// The instructions as text, a definition or rule after another (`--dump=lower`).
std::string disassemble(const Program& program);

}  // namespace vigil
