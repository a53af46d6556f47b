// SPDX-License-Identifier: Apache-2.0
// The state of one lowering, private to this room.
#pragma once

#include <set>

#include "program/lower.h"

namespace vigil::lowering {

using typed::ExprId;

/// Emits instructions for typed expressions. One use.
class Lowering {
 public:
  Lowering(Program& program, const LowerOptions& options, DiagnosticSink& sink)
      : program_(program), module_(program.module), options_(options), sink_(sink) {}
  void run();

 private:
  // make_read_plan.cpp
  void make_read_plan();
  graph::ElementAccess collect_access() const;
  void plan_slots(const graph::ElementAccess& access);

  // lower_expressions.cpp
  InstructionId lower(ExprId id);
  InstructionId emit(const typed::Expr& expr, std::span<const InstructionId> operands, uint32_t a, uint32_t b);
  static bool codes_matter(model::FhirTypeId type);
  bool is_main_code(model::TypeId type, std::string_view element) const;
  bool is_drug_code(ExprId id) const;
  uint32_t constant_list(std::span<const InstructionId> elements);
  uint32_t lower_retrieve(uint32_t index);
  uint32_t lower_query(const typed::Query& query);
  QueryPlan query_plan(const typed::Query& query);
  SourcePlan source_plan(const typed::Source& source);
  void mark_fixed(const typed::Query& query, QueryPlan& plan) const;
  uint32_t lower_instance(uint32_t index);

  // plan_joins.cpp
  void plan_joins(QueryPlan& plan);
  std::vector<InstructionId> conjuncts(InstructionId condition) const;
  bool depends_on(InstructionId expression, const std::set<uint32_t>& slots) const;
  bool has_local(InstructionId expression) const;
  uint32_t table_index(uint32_t table, uint32_t column_a, int32_t column_b);
  InstructionId conjunction(std::span<const InstructionId> parts);

  // lower_constants.cpp
  void lower_constants();
  CodeFilters number_named_codes();
  Value constant_value(const typed::Constant& constant);
  Value literal_value(const typed::Constant& constant);
  Value code_value(const typed::Constant& constant);
  Value vocabulary_value(const typed::Constant& constant);

  // plan_code_filters.cpp
  void plan_code_filters(CodeFilters filters);
  bool filter_members(const RetrievePlan& plan, std::vector<ConceptId>& members) const;

  // plan_reuse.cpp
  struct FactUse {
    std::vector<model::FhirTypeId> types;
    std::vector<uint32_t> filters;
  };
  FactUse fact_use_of(const GraphNode& node) const;
  void plan_reuse();

  // lower_declarations.cpp
  void lower_tables();
  void lower_declarations();
  void lower_rule(const typed::Rule& rule, uint32_t index);
  void lower_rule_texts(const typed::Rule& rule, RulePlan& plan);
  void lower_tests();
  bool reaches_missing_knowledge(uint32_t index);
  void report_missing_value_sets();

  Program& program_;
  typed::Module& module_;
  const LowerOptions& options_;
  DiagnosticSink& sink_;
  std::vector<uint32_t> lowered_;           ///< by typed expression
  std::vector<CodeValue*> codes_not_held_;  ///< constants that the knowledge base has no id for
};

}  // namespace vigil::lowering
