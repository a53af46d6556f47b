// SPDX-License-Identifier: Apache-2.0
// Why an expression has its value, and which datum would decide it where it is open.
#pragma once

#include <vector>

#include "evaluation/run.h"

namespace vigil {

/// Whether what is missing is that nothing knows what drug an order or a statement is of.
bool is_unknown_drug(const MissingDatum& datum);

/// Explains evaluated expressions. Evaluates again (mostly from the memo), so locals must be bound as they were.
class Explainer {
 public:
  /// `lets`: what the slots of lets hold, so that a null local is traced to its expression.
  Explainer(Run& run, const SourceSet& sources, const std::vector<LetPlan>& lets)
      : run_(run), sources_(sources), lets_(lets) {}

  Explanation explain(InstructionId id, uint32_t depth = 0);
  /// Adds the data because of which `id` is null or undetermined; at most kMaxMissingData in all.
  void collect_missing(InstructionId id, std::vector<MissingDatum>& missing, uint32_t depth = 0);
  /// "MedicationRequest/1" of each resource in the value.
  std::vector<std::string> facts_of(const Value& value) const;
  /// Adds, each once, the facts that the operands of `id` are: what a condition read, without the texts of explain().
  void add_facts_read(InstructionId id, std::vector<std::string>& facts, uint32_t depth = 0);

 private:
  void add_facts(InstructionId id, std::vector<std::string>& facts, uint32_t depth);
  void missing_retrieve(InstructionId id, const Instruction& x, const Value& value, std::vector<MissingDatum>& missing);
  void missing_property(InstructionId id, const Instruction& x, std::vector<MissingDatum>& missing, uint32_t depth);
  void missing_query(const Instruction& x, std::vector<MissingDatum>& missing, uint32_t depth);
  void missing_definition(const Instruction& x, std::vector<MissingDatum>& missing, uint32_t depth);
  void missing_here(InstructionId id, const Instruction& x, std::vector<MissingDatum>& missing);
  std::string describe_code(const Fact& fact) const;
  std::string describe_status(const Fact& fact) const;
  std::string describe_retrieve(const RetrievePlan& plan) const;
  std::string retrieved(InstructionId list) const;
  void add(std::vector<MissingDatum>& missing, InstructionId id, std::string what, std::string reference = {}) const;
  std::string text(InstructionId id) const;

  static constexpr uint32_t kMaxDepth = 24;
  Run& run_;
  const SourceSet& sources_;
  const std::vector<LetPlan>& lets_;
};

}  // namespace vigil
