// SPDX-License-Identifier: Apache-2.0
// What a Rulebook owns; private to this room.
#pragma once

#include <vigil/rulebook.h>

#include "program/program.h"

namespace vigil {

struct Rulebook::Content {
  std::unique_ptr<Program> program;
  std::shared_ptr<const SourceSet> sources;
  std::vector<RuleInfo> rules;
  std::vector<DefinitionInfo> definitions;
  uint64_t digest = 0;
};

/// Makes rulebooks; the friend that Rulebook names.
struct RulebookMaker {
  static std::unique_ptr<Rulebook> make(std::unique_ptr<Program> program, std::shared_ptr<const SourceSet> sources);
};

}  // namespace vigil
