// SPDX-License-Identifier: Apache-2.0
// Expressions and type specifiers as written. They live in the library's arena and are named by ExprId and TypeSpecId.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <vigil/source.h>
#include <vigil/value.h>

namespace vigil::ast {

/// Index of an expression in Library::expressions; 0 is none.
struct ExprId {
  uint32_t value = 0;
  explicit operator bool() const { return value != 0; }
  bool operator==(const ExprId&) const = default;
};

/// Index of a type specifier in Library::types; 0 is none.
struct TypeSpecId {
  uint32_t value = 0;
  explicit operator bool() const { return value != 0; }
};

/// An identifier as meant: quotes and escapes removed. `quoted` keeps how it was written, for the formatter.
struct Name {
  std::string text;
  Span span;
  bool quoted = false;
};

// --- types -----------------------------------------------------------------------------------------------------

/// `Integer`, `FHIR.Observation`, `"My Type"`: the parts in order.
struct NamedType {
  std::vector<Name> parts;
};
struct ListType {
  TypeSpecId element;
};
struct IntervalType {
  TypeSpecId point;
};
struct TupleTypeElement {
  Name name;
  TypeSpecId type;
};
struct TupleType {
  std::vector<TupleTypeElement> elements;
};
struct ChoiceType {
  std::vector<TypeSpecId> choices;
};
struct TypeSpec {
  Span span;
  std::variant<NamedType, ListType, IntervalType, TupleType, ChoiceType> kind;
};

// --- expressions -----------------------------------------------------------------------------------------------

enum class Operator : uint8_t {
#define VIGIL_OPERATOR(name, spelling) k##name,
#include "ast/operators.def"
#undef VIGIL_OPERATOR
};
std::string_view spelling(Operator op);
std::string_view elm_name(Operator op);

enum class LiteralKind : uint8_t {
  kNull,
  kBoolean,
  kInteger,
  kLong,
  kDecimal,
  kString,
  kDate,
  kDateTime,
  kTime,
  kQuantity,
  kRatio
};

/// `text` is the value: of a string decoded, of a number its digits (no suffix L), of a date what follows `@` (a time
/// with its T), of a boolean "true" or "false". A quantity has its number in `text` and its unit, without quotes, in
/// `unit`. A ratio has also the second quantity.
struct Literal {
  LiteralKind kind = LiteralKind::kNull;
  std::string text;
  std::string unit;
  std::string text2;
  std::string unit2;
};
/// An identifier in an expression; also `$this`, `$index`, `$total`.
struct NameExpr {
  Name name;
};
/// `source.name`
struct MemberExpr {
  ExprId source;
  Name name;
};
/// `source[index]`
struct IndexExpr {
  ExprId source;
  ExprId index;
};
/// `f(a, b)` (no target) or `target.f(a, b)`: a fluent call, or a call qualified by a library.
struct CallExpr {
  ExprId target;
  Name function;
  std::vector<ExprId> arguments;
};
/// A symbol or keyword operator. `and`, `or`, `+`, `&`, `union` hold a whole chain of three or more as one node, in
/// order. `precision` is that of `in day of`, `contains month of`, `hour from X`. `signs` says where the operator is
/// written: once, or between each two operands of a chain.
struct OperationExpr {
  Operator op;
  std::vector<ExprId> operands;
  std::optional<Precision> precision;
  std::vector<Span> signs;
};
/// `operand [properly] between low and high`
struct BetweenExpr {
  ExprId operand;
  ExprId low;
  ExprId high;
  bool properly = false;
  Span sign;  ///< of the word `between`
};

/// The phrase between the two operands of a timing expression.
struct TimingPhrase {
  enum class Relation : uint8_t {
    kSameAs,
    kSameOrBefore,
    kSameOrAfter,
    kIncludes,
    kIncludedIn,
    kDuring,
    kBefore,
    kAfter,
    kWithin,
    kMeets,
    kMeetsBefore,
    kMeetsAfter,
    kOverlaps,
    kOverlapsBefore,
    kOverlapsAfter,
    kStarts,
    kEnds
  };
  enum class Boundary : uint8_t { kNone, kStart, kEnd, kOccurs };
  enum class Offset : uint8_t { kNone, kExactly, kOrMore, kOrLess, kMoreThan, kLessThan };
  Relation relation = Relation::kSameAs;
  Boundary left_boundary = Boundary::kNone;   ///< `starts`, `ends`, `occurs` before the relation
  Boundary right_boundary = Boundary::kNone;  ///< `start`, `end` after it (kOccurs does not occur here)
  bool properly = false;
  bool on_or = false;  ///< `on or before`, `before or on` and the like
  std::optional<Precision> precision;
  Offset offset = Offset::kNone;
  ExprId quantity;  ///< of the offset, or of `within`
};
struct TimingExpr {
  ExprId left;
  ExprId right;
  TimingPhrase phrase;
  Span sign;  ///< of the phrase
};

/// `days between a and b`, `difference in days between a and b`; with `of_interval`: `duration in days of x` (high
/// absent). `weeks` tells weeks, which have no Precision of their own (precision is then kDay).
struct DurationExpr {
  bool difference = false;
  bool of_interval = false;
  bool weeks = false;
  Precision precision;
  ExprId low;
  ExprId high;
  Span sign{};  ///< of its words: `days between`
};

struct IfExpr {
  ExprId condition;
  ExprId then_value;
  ExprId else_value;
};
struct CaseItem {
  ExprId when;
  ExprId then_value;
};
struct CaseExpr {
  ExprId comparand;
  std::vector<CaseItem> items;
  ExprId else_value;
};

enum class TypeOperation : uint8_t { kIs, kAs, kCast, kConvert, kMinimum, kMaximum };
/// `x is T`, `x as T`, `cast x as T`, `convert x to T` (or to a unit), `minimum T`, `maximum T`.
struct TypeExpr {
  TypeOperation operation;
  ExprId operand;
  TypeSpecId type;
  std::string unit;
};

struct IntervalExpr {
  ExprId low;
  ExprId high;
  bool low_closed = true;
  bool high_closed = true;
};
struct ListExpr {
  TypeSpecId element_type;
  std::vector<ExprId> elements;
};
struct NamedValue {
  Name name;
  ExprId value;
};
/// `Tuple { a: 1 }` or `{ a: 1 }`
struct TupleExpr {
  std::vector<NamedValue> elements;
};
/// `FHIR.Quantity { value: 1 }`, `MedicationRequest { status: 'active' }`
struct InstanceExpr {
  NamedType type;
  std::vector<NamedValue> elements;
};
/// `Code '123' from "LOINC" display 'x'`; with `sugar`, written `LOINC '123'`.
struct CodeExpr {
  std::string code;
  std::vector<Name> system;
  std::string display;
  bool sugar = false;
};
/// `Concept { Code 'x' from y, ... } display 'x'`; the codes are CodeExpr.
struct ConceptExpr {
  std::vector<ExprId> codes;
  std::string display;
};

enum class RetrieveScope : uint8_t { kPlain, kOrdered, kCurrent };
/// `[Type: path comparator terminology]`, with `ordered` or `current` before it in a rule's `for`; `context` of
/// `[context -> Type]`.
struct RetrieveExpr {
  RetrieveScope scope = RetrieveScope::kPlain;
  ExprId context;
  NamedType type;
  std::vector<Name> code_path;            ///< empty: the type's primary code path
  std::optional<std::string> comparator;  ///< "in", "=" or "~", where written
  ExprId terminology;
};

struct AliasedSource {
  ExprId source;
  Name alias;
  RetrieveScope scope = RetrieveScope::kPlain;  ///< of a rule's `for`; each retrieve of `source` has it too
};
struct LetItem {
  Name name;
  ExprId value;
};
struct Relationship {
  bool without = false;
  AliasedSource source;
  ExprId such_that;
};
struct ReturnClause {
  bool all = false;
  bool distinct = false;
  ExprId value;
};
struct AggregateClause {
  bool all = false;
  bool distinct = false;
  Name name;
  ExprId starting;
  ExprId value;
};
struct SortItem {
  ExprId value;
  bool descending = false;
};  ///< no value: the element itself
struct QueryExpr {
  std::vector<AliasedSource> sources;
  bool with_from = false;  ///< written with `from`
  std::vector<LetItem> lets;
  std::vector<Relationship> relationships;
  ExprId where;
  std::optional<ReturnClause> returns;
  std::optional<AggregateClause> aggregate;
  std::vector<SortItem> sort;
};
/// `expand x per day`, `collapse x per 2 days`; `per` is a quantity expression or absent.
struct SetAggregateExpr {
  bool expand = false;
  ExprId operand;
  ExprId per;
};
/// A text with holes: texts.size() == holes.size() + 1.
struct TemplateExpr {
  std::vector<std::string> texts;
  std::vector<ExprId> holes;
};

struct Expr {
  Span span;
  std::variant<std::monostate, Literal, NameExpr, MemberExpr, IndexExpr, CallExpr, OperationExpr, BetweenExpr,
               TimingExpr, DurationExpr, IfExpr, CaseExpr, TypeExpr, IntervalExpr, ListExpr, TupleExpr, InstanceExpr,
               CodeExpr, ConceptExpr, RetrieveExpr, QueryExpr, SetAggregateExpr, TemplateExpr>
      kind;
};

}  // namespace vigil::ast
