// SPDX-License-Identifier: Apache-2.0
// From files to a rulebook: rule texts, the knowledge they are compiled against, and what is wrong with either.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <vigil/rulebook.h>

#include "cli/console.h"
#include "cli/options.h"
#include "packs/site_overlay.h"

namespace vigil::cli {

/// Rule texts: those asked for, and further ones they may include.
struct RuleTexts {
  std::vector<RuleText> texts;
  size_t main_count = 0;  ///< the first of them were asked for

  /// The file names of those.
  std::set<std::string> main_names() const;
};

/// Reads files and folders (*.vigil, *.cql). None where a path is wrong or a file cannot be read; that is reported.
std::optional<RuleTexts> read_rule_texts(const Console& console, const std::vector<std::string>& paths,
                                         const std::vector<std::string>& include_folders = {});

/// Where the knowledge is, in the order of who says so: the option, $VIGIL_KNOWLEDGE, beside the program.
std::vector<std::string> knowledge_paths(const KnowledgeOptions& options);

/// The knowledge base: as given, else from $VIGIL_KNOWLEDGE, else beside the program, else empty; with value sets and
/// tables on top. None where it is wrong; that is reported. A value set that cannot be expanded is reported but does no
/// harm: compiling tells which rules miss it.
std::shared_ptr<const KnowledgeBase> load_knowledge(const Console& console, const KnowledgeOptions& options,
                                                    const std::vector<RuleText>& texts);

/// A note, where the options name no knowledge base and none stands beside the program: drugs are not recognised then.
void note_missing_knowledge(const Console& console, const KnowledgeOptions& options);

/// Compiles texts against the knowledge of the options. None where texts or knowledge cannot be loaded.
std::optional<Compilation> compile_rules(const Console& console, const RuleTexts& texts,
                                         const KnowledgeOptions& knowledge, CompileOptions options);

/// The same for commands that run rules: reports diagnostics, and gives nothing where there are errors.
std::optional<Compilation> load_rulebook(const Console& console, const RuleTexts& texts,
                                         const KnowledgeOptions& knowledge, CompileOptions options);

/// The same of files and folders, and of what they may include.
std::optional<Compilation> load_rulebook(const Console& console, const std::vector<std::string>& paths,
                                         const std::vector<std::string>& include_folders,
                                         const KnowledgeOptions& knowledge, CompileOptions options = {});

/// What a site changes of these rules: nothing where no file is named. False where it cannot be used; that is reported.
bool load_overlay(const Console& console, const std::string& file, const Rulebook& rulebook,
                  std::optional<SiteOverlay>& overlay);

}  // namespace vigil::cli
