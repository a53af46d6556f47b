// SPDX-License-Identifier: Apache-2.0
// The program: what the evaluator runs. Flat arrays of indexes, values of the knowledge base resolved; immutable,
// shared between threads.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <vigil/knowledge_base.h>
#include <vigil/outcome.h>
#include <vigil/snapshot.h>

#include "graph/rule_graph.h"
#include "semantic/typed_module.h"
#include "snapshot/code_filters.h"
#include "values/arena.h"

namespace vigil {

using typed::Op;

/// Index of an instruction; 0 is none.
struct InstructionId {
  uint32_t value = 0;
  explicit operator bool() const { return value != 0; }
  bool operator==(const InstructionId&) const = default;
};

/// One operation. Its operands are `operands[first_operand … + operand_count]`, each of a smaller index (checked by the
/// verifier), so that evaluation ends.
struct Instruction {
  Op op = Op::kConstant;
  uint16_t operand_count = 0;
  uint32_t first_operand = 0;
  uint32_t a = 0;
  uint32_t b = 0;
};

/// What a retrieve compares with.
struct RetrievePlan {
  model::FhirTypeId type = model::kNoType;
  ast::RetrieveScope scope = ast::RetrieveScope::kPlain;
  bool filtered = false;
  bool primary_path = true;
  uint32_t code_element = 0;                          ///< element id, where the path is not the primary one
  InstructionId terminology;                          ///< evaluated once a run
  uint32_t value_set = VocabularyValue::kUnresolved;  ///< known at compile time
  bool is_value_set = false;
  bool memoised = true;                  ///< false where the terminology depends on the row
  bool codes_matter = false;             ///< an unrecognised code leaves the result undetermined (drugs and allergies)
  uint32_t filter = CodeFilters::kNone;  ///< of the read plan's code filters, where the codes are known already
  uint32_t unsettled = CodeFilters::kNone;  ///< the list of facts whose codes leave it open
  std::string_view name;                    ///< of the value set or code, for explanations
};

/// `source.column in keys` or `source.column = key`, answered by a hash index.
struct TableProbe {
  uint32_t table = 0;
  uint32_t column_a = 0;
  InstructionId keys_a;   ///< a list (in) or one value (=)
  int32_t column_b = -1;  ///< second column of the same index, or -1
  InstructionId keys_b;
  uint32_t index = 0;  ///< of Program::table_indexes
};

struct SourcePlan {
  InstructionId value;
  uint32_t slot = 0;
  bool is_list = true;
  int32_t probe = -1;       ///< of QueryPlan::probes: instead of going through all of the table's rows
  bool is_order = false;    ///< `ordered`
  bool is_current = false;  ///< `current`: not the row's order itself, nor what it replaces
  bool is_fixed = false;    ///< reads nothing that its query binds: found once, whatever the number of rows
};
struct LetPlan {
  InstructionId value;
  uint32_t slot = 0;
};
struct RelationshipPlan {
  bool without = false;
  SourcePlan source;
  InstructionId such_that;
};
struct SortPlan {
  InstructionId key;
  bool descending = false;
};
struct QueryPlan {
  std::vector<SourcePlan> sources;
  std::vector<TableProbe> probes;
  std::vector<LetPlan> lets;
  std::vector<RelationshipPlan> relationships;
  InstructionId where;  ///< less what the probes answer
  InstructionId result;
  bool distinct = false;
  bool is_list = true;
  bool aggregates = false;
  bool aggregate_distinct = false;
  uint32_t aggregate_slot = 0;
  InstructionId aggregate_start;
  InstructionId aggregate_value;
  std::vector<SortPlan> sort;
  uint32_t sort_slot = 0;
};

struct DefinitionPlan {
  InstructionId body;
  uint32_t frame_size = 0;
  bool failed = false;
  std::vector<model::FhirTypeId> reads;  ///< resource types it depends on, whatever the facts' codes; sorted
  std::vector<uint32_t> filters;         ///< code filters whose passing facts it depends on, sorted
};
struct FunctionPlan {
  InstructionId body;
  uint32_t frame_size = 0;
};
struct ParameterPlan {
  InstructionId value;
  uint32_t frame_size = 0;
};

struct UnlessPlan {
  InstructionId condition;
  InstructionId because;
};
struct TierPlan {
  std::optional<Tier> tier;
  InstructionId value;
  InstructionId when;
  InstructionId because;
};
struct TextPlan {
  InstructionId text;
  std::string audience;
  std::string language;
};
struct ActionPlan {
  SuggestedAction::Kind kind;
  InstructionId target;
  InstructionId resource;
};
struct SuggestionPlan {
  Suggestion::Kind kind;
  InstructionId label;
  std::vector<ActionPlan> actions;
};
struct LinkPlan {
  InstructionId label;
  std::string url;
  bool launches_app = false;
  bool is_automatic = false;
  InstructionId app_context;
};
struct RulePlan {
  bool failed = false;
  QueryPlan rows;                    ///< sources, lets and `when` (as where)
  std::vector<std::string> aliases;  ///< of the sources
  uint32_t frame_size = 0;
  std::vector<UnlessPlan> unless;
  std::vector<TierPlan> tiers;
  InstructionId severity;
  std::vector<InstructionId> group_by;
  std::vector<TextPlan> alerts;
  std::vector<TextPlan> details;
  std::vector<SuggestionPlan> suggestions;
  std::vector<InstructionId> overrides;
  std::vector<LinkPlan> links;
  std::vector<InstructionId> cites;
  uint8_t unknown_action = 0;
  InstructionId unknown_text;
  std::vector<std::pair<std::string, InstructionId>> evidence;
  InstructionId active_from;
  InstructionId active_to;
  std::vector<model::FhirTypeId> reads;  ///< resource types it depends on, for data that is not obtained
};

struct ExpectationPlan {
  bool nothing = false;
  uint32_t rule = UINT32_MAX;
  uint32_t definition = UINT32_MAX;
  std::string outcome;
  std::optional<std::string> because, saying;
  InstructionId value;
  Span span;
};
struct TestPlan {
  std::string library, name, hook;
  Span span;
  std::vector<std::pair<std::string, InstructionId>> patient;
  std::vector<InstructionId> given, orders;
  std::vector<model::FhirTypeId> not_obtained;
  InstructionId at;
  std::vector<ExpectationPlan> expectations;
  uint32_t frame_size = 0;
};

/// Rows of a knowledge table by the values of one or two columns.
struct TableIndex {
  uint32_t table = 0;
  uint32_t column_a = 0;
  int32_t column_b = -1;
  std::unordered_map<uint64_t, std::pair<uint32_t, uint32_t>> ranges;  ///< key → [begin, end) of rows
  std::vector<uint32_t> rows;
};
/// A table as the program sees it: the declared columns of the knowledge base's rows, both directions where symmetric.
struct TablePlan {
  std::string name;
  bool resolved = false;
  std::vector<std::string> columns;
  std::vector<const TupleValue*> rows;
};

/// The key of a code or text in a table index; 0 where the value has none (null).
uint64_t index_key(const Value& value);
/// Whether two values that have the same key are the same code, text or number: a key may be that of another text.
bool same_key_value(const Value& a, const Value& b);
inline uint64_t combine_keys(uint64_t a, uint64_t b) {
  uint64_t mixed = a * 0x9E3779B97F4A7C15u;
  mixed ^= mixed >> 29;
  return (mixed + b) * 0xBF58476D1CE4E5B9u;
}

struct InstancePlan {
  model::FhirTypeId fhir_type = model::kNoType;
  const PlannedType* type = nullptr;
  std::vector<uint16_t> slots;  ///< PlannedType::kNoSlot: not kept
};

/// Ids of element names that the evaluator itself asks for.
struct WellKnownElements {
#define VIGIL_ELEMENT(member, name) uint32_t member = 0;
#include "program/well_known_elements.def"
#undef VIGIL_ELEMENT
};

class Program {
 public:
  Program() = default;
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  typed::Module module;  ///< types and names; its expressions explain the instructions
  RuleGraph graph;
  ReadPlan read_plan;
  std::shared_ptr<const KnowledgeBase> knowledge;

  std::vector<Instruction> instructions{1};
  std::vector<uint32_t> operands;
  std::vector<Span> spans{1};           ///< of each instruction
  std::vector<model::TypeId> types{1};  ///< of each instruction
  std::vector<Value> constants;
  ConceptId last_recognised = 0;  ///< ids up to this: held by the knowledge base, or named by a rule
  std::vector<RetrievePlan> retrieves;
  std::vector<QueryPlan> queries;
  std::vector<DefinitionPlan> definitions;
  std::vector<FunctionPlan> functions;
  std::vector<ParameterPlan> parameters;
  std::vector<TablePlan> tables;
  std::vector<TableIndex> table_indexes;
  std::vector<RulePlan> rules;
  std::vector<TestPlan> tests;
  std::vector<InstancePlan> instances;
  WellKnownElements elements{};

  /// The slot of an element in objects of a FHIR type; PlannedType::kNoSlot where it is not kept.
  uint16_t slot(uint16_t fhir_type, uint32_t element) const {
    return slots[slot_rows[fhir_type] * element_count + element];
  }
  std::vector<uint16_t> slot_rows;  ///< by FHIR type: row in `slots`; of row 0 nothing is kept
  std::vector<uint16_t> slots;
  uint32_t element_count = 0;

  const Instruction& operator[](InstructionId id) const { return instructions[id.value]; }
  InstructionId operand(const Instruction& instruction, uint32_t i) const {
    return {operands[instruction.first_operand + i]};
  }

  Arena arena;  ///< of the constants
};

}  // namespace vigil
