// SPDX-License-Identifier: Apache-2.0
// Declarations of all libraries of a compilation: who is declared where, and each checked once, on first use.
#pragma once

#include <map>
#include <memory>

#include "semantic/expression_checker.h"

namespace vigil::semantic {

/// Holds the symbol tables and drives checking. One use: construct, run().
class ModuleChecker {
 public:
  ModuleChecker(std::span<const ast::Library> libraries, typed::Module& module, DiagnosticSink& sink);
  ~ModuleChecker();
  void run();

 private:
  friend class LibraryNames;
  enum class State : uint8_t { kUnchecked, kChecking, kDone };

  struct Entry {
    const ast::Declaration* declaration = nullptr;
    State state = State::kUnchecked;
    Symbol symbol;
    Span name_span;
    bool is_private = false;
  };
  struct FunctionEntry {
    explicit FunctionEntry(const ast::Declaration* declared) : declaration(declared) {}
    const ast::Declaration* declaration;
    State state = State::kUnchecked;
    uint32_t library = 0;
    std::optional<uint32_t> index;  ///< in the module, from when its signature is known
    bool is_repeated = false;       ///< the same signature stands before it
    bool sound = true;              ///< whether all types of its parameters are known
  };
  struct LibraryState {
    const ast::Library* ast = nullptr;
    std::string name;
    std::map<std::string, Entry, std::less<>> names;
    std::map<std::string, std::vector<FunctionEntry>, std::less<>> functions;
    bool uses_fhir = false;
    bool asked_for_fhir = false;  ///< VGL0405 is reported once a library
    std::unique_ptr<Names> view;
  };

  // declare_libraries.cpp: first pass, names only
  void declare(LibraryState& library);
  void declare_name(LibraryState& library, const ast::Name& name, const ast::Declaration& declaration, bool is_private);
  void declare_using(LibraryState& library, const ast::Using& model, Span span);
  void declare_include(uint32_t library, const ast::Include& include, const ast::Declaration& declaration);
  void check_include_cycles();
  void check_same_signatures(LibraryState& library);
  void report_empty_name(const ast::Name& name);
  void check_context(const ast::Context& context, Span span);

  // check_declarations.cpp: on demand
  Symbol use(uint32_t library, Entry& entry);
  Symbol check_entry(uint32_t library, const ast::Declaration& declaration);
  Symbol check_definition(uint32_t library, const ast::Definition& d, Span span);
  Symbol check_parameter(uint32_t library, const ast::Parameter& d);
  Symbol check_value_set(uint32_t library, const ast::ValueSet& d, Span span);
  Symbol check_code_system(const ast::CodeSystem& d);
  Symbol check_code(uint32_t library, const ast::CodeDefinition& d, Span span);
  Symbol check_concept(uint32_t library, const ast::ConceptDefinition& d, Span span);
  Symbol check_table(uint32_t library, const ast::Table& d, Span span);
  uint32_t declare_signature(uint32_t library, FunctionEntry& entry);
  void check_function(FunctionEntry& entry);
  void declare_function(LibraryState& library, const ast::Function& function, const ast::Declaration& declaration);
  void report_cycle(std::string_view name, Span span, bool function);
  void check_in_dependency_order(uint32_t library);
  Symbol constant_symbol(typed::Constant constant);
  const typed::Constant* code_constant(uint32_t library, const std::vector<ast::Name>& name);
  void report_unknown_code_system(uint32_t library, const std::vector<ast::Name>& name, Span otherwise);

  // check_rule.cpp, check_test.cpp
  void check_rule(uint32_t library, const ast::Rule& rule);
  void check_rule_texts(ExpressionChecker& checker, const ast::Rule& rule, typed::Rule& typed);
  void check_rule_alert_parts(ExpressionChecker& checker, const ast::Rule& rule, typed::Rule& typed);
  void check_hooks(const ast::Rule& rule, typed::Rule& typed);
  ast::Name mistaken_tier(const ast::Rule& rule, const ast::Tier& tier);
  void check_tiers(ExpressionChecker& checker, const ast::Rule& rule, typed::Rule& typed);
  void check_suggestions(ExpressionChecker& checker, const ast::Rule& rule, typed::Rule& typed);
  std::optional<typed::SuggestedAction> check_action(ExpressionChecker& checker, const ast::SuggestedAction& action);
  void check_acted_on_once(const typed::Suggestion& suggestion, const typed::SuggestedAction& action);
  void check_evidence(ExpressionChecker& checker, const ast::Rule& rule, typed::Rule& typed);
  void check_required_clauses(const ast::Rule& rule, typed::Rule& typed);
  void check_once_per(ExpressionChecker& checker, const ast::Rule& rule, typed::Rule& typed);
  void check_active_period(ExpressionChecker& checker, const ast::Rule& rule, typed::Rule& typed);
  void check_overrides(ExpressionChecker& checker, const ast::Rule& rule, typed::Rule& typed);
  void check_test(uint32_t library, const ast::Test& test);
  void check_expectation(uint32_t library, const ast::Test& test, const ast::TestExpectation& expectation,
                         ExpressionChecker& checker, typed::Test& typed);
  bool check_expected_definition(uint32_t library, const ast::TestExpectation& expectation, ExpressionChecker& checker,
                                 typed::Expectation& typed);
  bool check_expected_rule(uint32_t library, const ast::TestExpectation& expectation, typed::Expectation& typed);
  void check_test_hook(const ast::Test& test);
  void check_test_names(uint32_t library, const ast::Test& test);

  std::span<const ast::Library> asts_;
  ModuleBuilder module_;
  DiagnosticSink& sink_;
  std::vector<LibraryState> libraries_;
  std::vector<FunctionEntry*> function_entries_;  ///< by their index in the module
  std::vector<std::pair<std::string, Span>> in_progress_;
};

/// Index that stands for the built-in FHIRHelpers.
inline constexpr uint32_t kFhirHelpers = UINT32_MAX;

}  // namespace vigil::semantic
