// SPDX-License-Identifier: Apache-2.0
// Whether a pack can be used here: its needs are met, it compiles against this knowledge base, and its own tests pass.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/evaluate.h>
#include <vigil/rulebook.h>

#include "packs/pack_file.h"

namespace vigil {

/// What this program offers packs, as their `requires` ask for it.
std::string_view engine_version();
std::string_view rule_language();
/// Names for `requires.features`, each with the version of the engine that brought it.
std::vector<std::string> engine_features();

/// What a pack is compiled against. Paths as read_knowledge() takes them.
struct PackSurroundings {
  std::vector<std::string> knowledge;
  std::vector<std::string> value_sets;  ///< the site's, on top
  bool wants_exact_knowledge = false;   ///< other content than the pack was made with is an error, not a warning
};

/// A pack that was tried. `compilation` is there, with its diagnostics, as soon as compiling began.
struct TriedPack {
  std::optional<Compilation> compilation;
  std::vector<TestResult> tests;
  KnowledgeNeed knowledge;  ///< what is here: name and version of the one that is asked for, and its digest

  size_t failed_tests() const;
};

/// The rules of a pack, as compile() takes them: those of `include/` last.
std::vector<RuleText> rule_texts(const PackFile& pack);

/// Compiles and tests. VGL1245 where a need is not met, VGL1246 where a test fails or there is none; VGL1249. Whether
/// the pack is of use: has_errors() of the sink and of the compilation. Does not throw.
TriedPack try_pack(const PackFile& pack, const PackSurroundings& surroundings, DiagnosticSink& sink);

/// The rulebook of a tried pack; null where it may not be used.
std::shared_ptr<const Rulebook> usable_rulebook(TriedPack& tried, const DiagnosticSink& sink);

}  // namespace vigil
