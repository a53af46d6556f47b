// SPDX-License-Identifier: Apache-2.0
// The libraries of one compilation, resolved and typed: every name is an index, every conversion an expression.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/value.h>

#include "ast/ast.h"
#include "model/type_table.h"

namespace vigil::typed {

using model::TypeId;

/// The operations; see operations.def.
enum class Op : uint16_t {
#define VIGIL_OPERATION(name, policy) k##name,
#include "semantic/operations.def"
#undef VIGIL_OPERATION
};
/// How an operation treats nulls and determinacy; see operations.def.
enum class Policy : uint8_t { kSpecial, kStrict, kNulls, kDetermined };
std::string_view name(Op op);
Policy policy(Op op);
inline constexpr size_t kOpCount = 0
#define VIGIL_OPERATION(name, policy) +1
#include "semantic/operations.def"
#undef VIGIL_OPERATION
    ;

/// Elements of System types that are classes to an author.
enum class SystemElement : uint32_t {
  kQuantityValue,
  kQuantityUnit,
  kCode,
  kSystem,
  kVersion,
  kDisplay,
  kConceptCodes,
  kConceptDisplay,
  kLow,
  kHigh,
  kLowClosed,
  kHighClosed,
  kNumerator,
  kDenominator
};

/// Index in Module::expressions; 0 is none.
struct ExprId {
  uint32_t value = 0;
  explicit operator bool() const { return value != 0; }
  bool operator==(const ExprId&) const = default;
};

/// One typed expression. What `a` and `b` mean, operations.def says.
struct Expr {
  Op op = Op::kConstant;
  TypeId type = model::kAny;
  Span span;
  std::vector<ExprId> operands;
  uint32_t a = 0;
  uint32_t b = 0;
};

/// A constant as written; becomes a Value when the program is made.
struct Constant {
  TypeId type = model::kAny;
  ast::Literal literal;                        ///< for System literals
  std::string code, system, version, display;  ///< for a Code, ValueSet or CodeSystem: `code` is the id
  std::vector<Constant> codes;                 ///< for a Concept
  Span declared{};                             ///< of a value set or code system: its declaration
};

/// One retrieve: what it reads and by what it is filtered.
struct Retrieve {
  model::FhirTypeId type = model::kNoType;
  ast::RetrieveScope scope = ast::RetrieveScope::kPlain;
  std::string code_path;  ///< element compared; empty: no code filter
  bool primary_path = true;
  ExprId terminology;        ///< ValueSet, Code, Concept or a list of codes; none: no filter
  bool equivalence = false;  ///< `~`: a code, rather than membership
  Span span;
};

struct Source {
  ExprId value;
  uint32_t slot = 0;
  bool is_list = true;
  TypeId element;
  std::string alias;
  Span span;
  ast::RetrieveScope scope = ast::RetrieveScope::kPlain;  ///< as written before it in a rule's `for`
};
struct Let {
  ExprId value;
  uint32_t slot = 0;
  std::string name;
};
struct Relationship {
  bool without = false;
  Source source;
  ExprId such_that;
};
struct SortItem {
  ExprId value;
  bool descending = false;
};
struct Aggregate {
  bool distinct = false;
  uint32_t slot = 0;
  ExprId starting;
  ExprId value;
};
/// A query. Slots are of the frame of the definition it stands in.
struct Query {
  std::vector<Source> sources;
  std::vector<Let> lets;
  std::vector<Relationship> relationships;
  ExprId where;
  ExprId result;  ///< a row's value; none: the source's element
  bool distinct = false;
  bool is_list = true;  ///< false: all sources are single values
  std::optional<Aggregate> aggregate;
  std::vector<SortItem> sort;  ///< item without value: the element itself
  uint32_t sort_slot = 0;      ///< holds the element while a sort key is evaluated
};

/// `define`, also of the context ("Patient").
struct Definition {
  std::string library;
  std::string name;
  Span span;
  TypeId type = model::kAny;
  ExprId body;
  uint32_t frame_size = 0;
  bool is_private = false;
  bool failed = false;  ///< has an error: nothing may depend on it
};

struct Function {
  std::string library;
  std::string name;
  Span span;
  std::vector<TypeId> parameters;  ///< in slots 0 …
  TypeId result = model::kAny;
  ExprId body;
  uint32_t frame_size = 0;
  bool fluent = false;
  bool is_private = false;
};

struct Parameter {
  std::string library;
  std::string name;
  Span span;
  TypeId type;
  ExprId default_value;
  uint32_t frame_size = 0;
};

struct Table {
  std::string name;
  Span span;
  std::vector<std::string> columns;  ///< in the order declared
  std::vector<Span> column_spans;
  std::vector<TypeId> column_types;
  int32_t symmetric_a = -1;  ///< indexes of columns, or -1
  int32_t symmetric_b = -1;
  TypeId row;  ///< the tuple type
};

enum class TierKind : uint8_t { kSilent, kPassive, kInterruptive, kHardStop };
struct Unless {
  ExprId condition;
  ExprId because;
  Span span;
};
struct TierClause {
  std::optional<TierKind> tier;
  ExprId value;
  ExprId when;
  ExprId because;
  Span span;
};
struct Text {
  ExprId text;
  std::string audience;
  std::string language;
};
struct SuggestedAction {
  ast::SuggestedAction::Kind kind;
  ExprId target;    ///< to delete or update
  ExprId resource;  ///< for create: the resource; for update: what changes, as a resource of these elements alone
};
struct Suggestion {
  ast::Suggestion::Kind kind;
  ExprId label;
  std::vector<SuggestedAction> actions;
};
struct Link {
  ExprId label;
  std::string url;
  bool launches_app = false;
  bool is_automatic = false;
  ExprId app_context;
};
struct Evidence {
  std::string attribute;
  ExprId value;
};

/// A rule: a multi-source query whose rows are findings, and what is computed of each finding.
struct Rule {
  std::string library;
  std::string library_version;
  std::string name;
  Span span;
  std::string category;
  std::vector<std::string> hooks;
  std::vector<Source> sources;  ///< empty: one row without sources
  std::vector<Let> lets;
  ExprId when;
  std::vector<Unless> unless;
  std::vector<TierClause> tiers;
  ExprId severity;
  std::vector<ExprId> group_by;  ///< `one alert per`
  std::vector<Text> alerts;
  std::vector<Text> details;
  std::vector<Suggestion> suggestions;
  std::vector<ExprId> overrides;
  std::vector<Link> links;
  std::vector<ExprId> cites;
  ast::IfUnknown::Action if_unknown = ast::IfUnknown::Action::kLog;
  ExprId unknown_text;
  std::vector<Evidence> evidence;
  ExprId active_from;
  ExprId active_to;
  std::optional<ast::OncePer> once_per;
  ExprId once_period;
  bool shadow = false;
  uint32_t frame_size = 0;
  bool failed = false;
};

struct Expectation {
  bool nothing = false;
  uint32_t rule = UINT32_MAX;
  uint32_t definition = UINT32_MAX;
  std::string outcome;
  std::optional<std::string> because;
  std::optional<std::string> saying;
  ExprId value;
  Span span;
};
struct Test {
  std::string library;
  std::string name;
  Span span;
  std::vector<std::pair<std::string, ExprId>> patient;
  std::vector<ExprId> given;
  std::vector<std::string> not_obtained;
  std::string hook;
  std::vector<ExprId> orders;
  ExprId at;
  std::vector<Expectation> expectations;
  uint32_t frame_size = 0;
};

/// An object written in rule text: its elements by name.
struct InstanceLayout {
  model::FhirTypeId type;
  std::vector<std::string> elements;
};

/// All libraries of a compilation. Immutable once checked.
struct Module {
  model::TypeTable types;
  std::vector<Expr> expressions{1};  ///< [0] is none
  std::vector<Constant> constants;
  std::vector<std::string> element_names;  ///< Property's `a`
  std::vector<Retrieve> retrieves;
  std::vector<Query> queries;
  std::vector<Definition> definitions;
  std::vector<Function> functions;
  std::vector<Parameter> parameters;
  std::vector<Table> tables;
  std::vector<Rule> rules;
  std::vector<Test> tests;
  std::vector<InstanceLayout> instances;

  const Expr& operator[](ExprId id) const { return expressions[id.value]; }
};

}  // namespace vigil::typed
