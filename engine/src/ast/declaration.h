// SPDX-License-Identifier: Apache-2.0
// Declarations as written: those of CQL 1.5, and rule, test and table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ast/expression.h"

namespace vigil::ast {

enum class Access : uint8_t { kPublic, kPrivate };
struct Tag {
  std::string name;
  std::string value;
};

struct Using {
  std::vector<Name> model;
  std::string version;
  Name alias;
};
struct Include {
  std::vector<Name> library;
  std::string version;
  Name alias;
};
struct CodeSystem {
  Access access = Access::kPublic;
  Name name;
  std::string id;
  std::string version;
};
struct ValueSet {
  Access access = Access::kPublic;
  Name name;
  std::string id;
  std::string version;
  std::vector<std::vector<Name>> code_systems;
};
struct CodeDefinition {
  Access access = Access::kPublic;
  Name name;
  CodeExpr code;
};
struct ConceptDefinition {
  Access access = Access::kPublic;
  Name name;
  std::vector<std::vector<Name>> codes;
  std::string display;
};
struct Parameter {
  Access access = Access::kPublic;
  Name name;
  TypeSpecId type;
  ExprId default_value;
};
/// `context Patient`: holds for the definitions after it.
struct Context {
  std::vector<Name> name;
};
struct Definition {
  Access access = Access::kPublic;
  Name name;
  ExprId value;
};
struct FunctionParameter {
  Name name;
  TypeSpecId type;
};
struct Function {
  Access access = Access::kPublic;
  bool fluent = false;
  Name name;
  std::vector<FunctionParameter> parameters;
  TypeSpecId returns;
  bool external = false;
  ExprId body;
};

/// `table "Interactions" { a Code, b Code, tier String } symmetric (a, b)`
struct TableColumn {
  Name name;
  TypeSpecId type;
};
struct Table {
  Name name;
  std::vector<TableColumn> columns;
  std::vector<Name> symmetric;
};

// A rule: a query in sentence form.
struct HookName {
  std::string text;
  Span span;
};
struct Unless {
  Span span;
  ExprId condition;
  ExprId because;
};
/// `tier passive when X because 'text'`: the tier is `literal` or, if that is empty, computed by `value`.
struct Tier {
  Span span;
  std::string literal;
  ExprId value;
  ExprId when;
  ExprId because;
};
struct OncePer {
  enum class Unit : uint8_t { kPatient, kEncounter, kPeriod };
  Span span;
  Unit unit = Unit::kPatient;
  ExprId period;
};
/// `delete X`, `create Resource { ... }`, `update X with { ... }`
struct SuggestedAction {
  enum class Kind : uint8_t { kDelete, kCreate, kUpdate };
  Span span;
  Kind kind = Kind::kDelete;
  ExprId target;
  std::vector<NamedValue> changes;
};
/// `suggest 'label': delete X, create Y { ... }`; `recommend` for the best of them, `perform` for what needs no asking.
struct Suggestion {
  enum class Kind : uint8_t { kSuggest, kRecommend, kPerform };
  Span span;
  Kind kind = Kind::kSuggest;
  ExprId label;
  std::vector<SuggestedAction> actions;
};
/// `link 'label': 'url'`, or `launch automatically 'label': 'url' with 'context'`
struct Link {
  Span span;
  ExprId label;
  std::string url;
  bool launches_app = false;
  bool is_automatic = false;
  ExprId app_context;
};
/// `override 'text'` or `override Code 'x' from y display 'z'`
struct OverrideReason {
  Span span;
  ExprId value;
};
/// `detail 'text' for 'patient' in 'de'`: a text for an audience or a language; both may be empty.
struct TextVariant {
  Span span;
  ExprId text;
  std::string audience;
  std::string language;
};
struct IfUnknown {
  enum class Action : uint8_t { kLog, kNote, kAlert };
  Span span;
  Action action = Action::kLog;
  ExprId text;
};
struct EvidenceItem {
  Name attribute;
  ExprId value;
};  ///< attribute such as `cite`, `developer`, `released`, `funding`
struct Rule {
  Span span;
  Name name;
  std::optional<HookName> category;
  std::vector<HookName> hooks;
  std::vector<AliasedSource> sources;
  std::vector<LetItem> lets;
  ExprId when;
  std::vector<Unless> unless;
  std::vector<Tier> tiers;
  ExprId severity;
  std::optional<OncePer> once_per;
  std::vector<ExprId> one_alert_per;
  std::vector<TextVariant> alerts;  ///< the first without audience and language is the default
  std::vector<TextVariant> details;
  std::vector<Suggestion> suggestions;
  std::vector<OverrideReason> overrides;
  std::vector<Link> links;
  std::vector<ExprId> cites;
  std::optional<IfUnknown> if_unknown;
  std::vector<EvidenceItem> evidence;
  ExprId active_from;  ///< `active from @2026-01-01 to @2027-01-01`
  ExprId active_to;
  bool shadow = false;  ///< `shadow`: evaluated and logged, never shown
};

/// A test: facts about one patient, the trigger, and what is expected.
struct PatientFact {
  Name attribute;
  ExprId value;
};  ///< `born @1950-03-01`, `sex 'female'`
struct TestExpectation {
  Span span;
  bool nothing = false;  ///< `expect nothing`: no alert at all
  Name rule;             ///< `expect "Rule"` or, with `definition`, `expect define "X" = value`
  bool definition = false;
  std::string outcome;  ///< "interruptive", "fired", "suppressed", "not-met", "unknown", "error"; empty: fired
  Span outcome_span;    ///< of the outcome's word
  std::optional<std::string> because;  ///< `because 'text'`: the reason contains this
  std::optional<std::string> saying;   ///< `saying 'text'`: the alert contains this
  ExprId value;                        ///< of a definition
};
struct Test {
  Span span;
  Name name;
  std::vector<PatientFact> patient;
  std::vector<ExprId> given;                    ///< InstanceExpr of resources on record
  std::vector<std::vector<Name>> not_obtained;  ///< `and Observation not obtained`
  std::optional<HookName> hook;                 ///< `when 'order-sign' with ...`
  std::vector<ExprId> orders;                   ///< InstanceExpr of drafts
  ExprId at;                                    ///< `at @2026-01-01`: now
  std::vector<TestExpectation> expectations;
};

struct Declaration {
  Span span;
  std::vector<Tag> tags;  ///< from the comment before it (CQL 1.5, Annotations)
  std::variant<Using, Include, CodeSystem, ValueSet, CodeDefinition, ConceptDefinition, Parameter, Context, Definition,
               Function, Table, Rule, Test>
      kind;
};

}  // namespace vigil::ast
