// SPDX-License-Identifier: Apache-2.0
// Rule text compiled: immutable, made against one knowledge base, shared by any number of threads.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/knowledge_base.h>
#include <vigil/snapshot.h>

namespace vigil {

class Program;    // engine/src/program
class RuleGraph;  // engine/src/graph

/// One text to compile; `name` is its file name, as diagnostics show it.
struct RuleText {
  std::string name;
  std::string text;
};

/// Options of compile().
struct CompileOptions {
  std::shared_ptr<const KnowledgeBase> knowledge;  ///< none: an empty one
  /// The values of all definitions will be looked at (`vigil eval`): read what their results show, not only what rules
  /// need.
  bool observe_definitions = false;
  /// Values of parameters by name ("Measurement Period"), as CQL expressions; they replace defaults.
  std::vector<std::pair<std::string, std::string>> parameters;
  /// Name of the stage to stop after (see stages()); empty: all. The rulebook is absent unless it is the last one.
  std::string stop_after;
  /// Stages whose product is wanted as text, in Compilation::dumps.
  std::vector<std::string> dump;
};

/// A stage of compiling, in order.
struct StageInfo {
  std::string_view name;         ///< "parse", "check", "graph", "lower", "verify"
  std::string_view description;  ///< what it reads and adds
};
std::span<const StageInfo> stages();

/// The 13 source attributes and citations of a rule, as written in `evidence`.
struct EvidenceItem {
  std::string attribute;
  std::string value;
};

/// What is known of a rule without a patient.
struct RuleInfo {
  std::string library;
  std::string library_version;
  std::string name;
  std::string category;
  std::vector<std::string> hooks;
  Span span;
  bool shadow = false;
  std::vector<EvidenceItem> evidence;
  std::vector<std::string> cites;
};

/// A `define`, without a patient.
struct DefinitionInfo {
  std::string library;
  std::string name;
  std::string type;  ///< "List<FHIR.Observation>"
  Span span;
  bool is_private = false;
};

/// One thing a rule or definition reads of the record.
struct Requirement {
  std::string resource_type;
  std::string code_path;                ///< empty: no code filter
  std::vector<std::string> value_sets;  ///< URLs
  std::vector<std::string> codes;       ///< "system|code"
  std::vector<std::string> paths;       ///< elements read, such as "medication.coding.code"; sorted
  /// Read as `ordered [T]` alone: of the record nothing, where a trigger brings its orders along as drafts.
  bool only_ordered = false;
};

/// Immutable; all members may be called from any thread.
class Rulebook {
 public:
  ~Rulebook();
  Rulebook(Rulebook&&) noexcept;

  const ReadPlan& read_plan() const;
  const KnowledgeBase& knowledge() const;
  std::shared_ptr<const KnowledgeBase> shared_knowledge() const;
  std::span<const RuleInfo> rules() const;
  std::span<const DefinitionInfo> definitions() const;
  size_t test_count() const;
  /// What all rules and definitions together read of the record.
  std::vector<Requirement> requirements() const;
  /// Digest of the rules and of the schemas of the tables they use.
  uint64_t digest() const;

  /// The dependency graph. `format`: "dot" or "json".
  std::string graph(std::string_view format) const;
  /// The names (rules, definitions) that depend on `name` (a definition, value set, table, resource type or rule),
  /// nearest first; none if there is no such node.
  std::optional<std::vector<std::string>> impact(std::string_view name) const;
  /// What the rule or definition reads; none if there is none of this name.
  std::optional<std::vector<Requirement>> requirements_of(std::string_view name) const;
  /// All node names of the graph, for suggestions.
  std::vector<std::string> node_names() const;

  const Program& program() const;  ///< for the engine's own rooms
  const SourceSet& sources() const;

 private:
  friend struct RulebookMaker;
  struct Content;
  explicit Rulebook(std::unique_ptr<Content> content);
  std::unique_ptr<Content> content_;
};

/// What compile() gives. The rulebook holds every rule and definition without an error; it is absent where a text could
/// not be read at all or `stop_after` was given. Callers that must not run with errors look at has_errors().
struct Compilation {
  std::unique_ptr<Rulebook> rulebook;
  std::vector<Diagnostic> diagnostics;  ///< sorted
  std::shared_ptr<const SourceSet> sources;
  std::vector<std::pair<std::string, std::string>> dumps;  ///< stage name, text

  bool has_errors() const;
};

/// Compiles texts together: they may include each other. Never throws; thread-safe.
///   auto compiled = vigil::compile({{"warfarin.vigil", text}}, {.knowledge = knowledge});
///   if (compiled.has_errors()) std::cerr << vigil::render_text(compiled.diagnostics, *compiled.sources);
Compilation compile(std::vector<RuleText> texts, const CompileOptions& options = {});

/// The `table` declarations of the texts, with their columns: what a table given as a file must hold.
std::vector<std::pair<std::string, std::vector<TableColumn>>> declared_tables(const std::vector<RuleText>& texts);

/// The page of docs/errors for a code: its message and severity as the catalogue has them; none if there is no such
/// code.
struct CodeDescription {
  std::string_view code;
  Severity severity;
  std::string_view message;
};
std::optional<CodeDescription> describe_code(std::string_view code);
std::vector<std::string_view> all_codes();

}  // namespace vigil
