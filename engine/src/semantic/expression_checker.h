// SPDX-License-Identifier: Apache-2.0
// Types expressions: from ast::Expr to typed::Expr, one method a group of forms.
#pragma once

#include <functional>

#include "semantic/module_builder.h"
#include "semantic/type_wording.h"

namespace vigil::semantic {

/// A name at library level, resolved.
struct Symbol {
  enum class Kind : uint8_t { kNone, kExpression, kLibrary, kFailed };
  Kind kind = Kind::kNone;
  Op op = Op::kConstant;  ///< kDefinition, kParameter, kConstant, kTableRows
  uint32_t index = 0;     ///< of the definition, parameter, constant, table or library
  TypeId type;
};

/// An operation by its name in overloads.def and as the author wrote it, for messages.
struct Operation {
  std::string_view name;
  Span span;                    ///< the whole expression
  std::string_view written;     ///< `+`, `during`, `Count`
  Span sign;                    ///< where that stands
  bool is_function = false;     ///< a call: the hint shows what it takes
  std::vector<ExprId> shown{};  ///< the operands as written, where others are applied (the start of an interval)

  Operation as(std::string_view other) const {
    auto copy = *this;
    copy.name = other;
    return copy;
  }
};

/// What the checker of expressions asks of the libraries around it.
class Names {
 public:
  virtual ~Names() = default;
  /// A name of this library or, with `library`, of an included one (its index from a Symbol of kind kLibrary).
  virtual Symbol find(std::string_view name, std::optional<uint32_t> library, Span use) = 0;
  /// Functions of this name seen from here, by their signatures. With `fluent`, only fluent ones.
  virtual std::vector<uint32_t> find_functions(std::string_view name, std::optional<uint32_t> library, bool fluent) = 0;
  /// Checks the body of the function that is called; an overload that is only near by is left alone, so that one may
  /// call another of its name.
  virtual void check_function(uint32_t function) = 0;
  /// The URL of a code system declared here (or in a library), for code selectors.
  virtual std::optional<std::pair<std::string, std::string>> find_code_system(const std::vector<ast::Name>& name) = 0;
  /// "did you mean ...?" for a name that is unknown here or in `library`; `locals` are known besides.
  virtual std::string suggest_name(std::string_view name, std::optional<uint32_t> library,
                                   std::vector<std::string> locals) = 0;
  virtual std::string suggest_function(std::string_view name, std::optional<uint32_t> library) = 0;
  virtual std::string suggest_code_system(std::string_view name) = 0;
  /// A function of `library` that is private to it: reported as such.
  virtual bool report_private_function(const ast::Name& name, uint32_t library) = 0;
  /// Whether a declaration of this name was left out for a mistake, already reported.
  virtual bool is_broken(std::string_view name, std::optional<uint32_t> library = std::nullopt) = 0;
  /// Reports, once a library, that the model is not named.
  virtual void require_fhir(Span use, std::string_view what) = 0;
  virtual bool uses_fhir() const = 0;
};

/// Types the expressions of one library. Failed expressions are ExprId 0, already reported.
class ExpressionChecker {
 public:
  ExpressionChecker(ModuleBuilder& module, const ast::Library& library, Names& names, DiagnosticSink& sink)
      : module_(module), types_(module.types()), library_(library), names_(names), sink_(sink) {}

  /// The typed expression of `id`; of any type.
  ExprId check(ast::ExprId id);
  /// The same, converted to `wanted`, or VGL0303.
  ExprId check_as(ast::ExprId id, TypeId wanted);
  ExprId convert_or_report(ExprId value, TypeId wanted);
  /// The expression, where it is a lone name that means nothing here; null otherwise.
  const ast::Name* unknown_word(ast::ExprId id);
  /// A type specifier; none where it names no type, which is reported.
  std::optional<TypeId> resolve_type(ast::TypeSpecId id);
  std::optional<TypeId> resolve_named_type(const ast::NamedType& type, Span span);

  /// Local names: aliases, lets, function parameters. Slots are given anew for each definition.
  uint32_t add_local(const ast::Name& name, TypeId type);
  uint32_t add_hidden_local() { return next_slot_++; }
  size_t scope_mark() const { return locals_.size(); }
  void close_scope(size_t mark) { locals_.resize(mark); }
  uint32_t frame_size() const { return max_slot(); }
  /// A source of a query or rule: its value, and the alias as a local of the element's type.
  std::optional<typed::Source> check_source(const ast::AliasedSource& source);
  /// The value of an element of a resource that is changed: `status` of `update M with { status: 'on-hold' }`.
  ExprId check_element(TypeId resource, const ast::NamedValue& value);
  /// Warns where a code is written that an element of `owner` cannot have.
  void warn_of_code(model::FhirTypeId owner, std::string_view element, ExprId value);

 private:
  struct Local {
    std::string name;
    uint32_t slot;
    TypeId type;
    Span span;
  };

  // check_access.cpp
  bool is_known(const ast::Name& name);
  ExprId check_name(const ast::NameExpr& e, Span span);
  ExprId check_member(const ast::MemberExpr& e, Span span);
  ExprId member_of(ExprId source, const ast::Name& name, Span span);
  ExprId fhir_member(ExprId source, const ast::Name& name, Span span);
  ExprId companion_member(ExprId source, const ast::Name& name, Span span, TypeId result);
  ExprId system_member(ExprId source, const ast::Name& name, Span span);
  ExprId list_member(ExprId source, const ast::Name& name, Span span);
  std::optional<TypeId> element_type(TypeId source, std::string_view name);
  ExprId symbol_expression(const Symbol& symbol, Span span);
  std::optional<uint32_t> as_library(ast::ExprId id);
  std::vector<std::string_view> element_names(TypeId type) const;
  /// Whether an element is read, or named in a resource that is written or a retrieve's filter.
  enum class ElementUse : uint8_t { kRead, kNamed };
  void report_no_element(TypeId type, const ast::Name& name, std::string otherwise = {},
                         ElementUse use = ElementUse::kRead);

  ExprId check_index(const ast::IndexExpr& e, Span span);

  // check_call.cpp
  ExprId check_call(const ast::CallExpr& e, Span span);
  ExprId call_function(const ast::Name& name, std::vector<ExprId> operands, std::optional<uint32_t> library,
                       bool fluent, Span span);
  std::optional<ExprId> call_user_function(const std::vector<uint32_t>& candidates, const ast::Name& name,
                                           const std::vector<ExprId>& operands, Span span);
  std::optional<ExprId> call_special(const ast::Name& name, const std::vector<ExprId>& operands, Span span);
  ExprId call_converts(std::string_view name, ExprId operand, Span span);
  std::optional<int> written_digits(ExprId operand) const;
  ExprId integer(int value, Span span);
  ExprId call_age(const ast::Name& called, const std::vector<ExprId>& operands, Span span);
  ExprId fhir_helper(const ast::Name& name, ExprId operand, Span span);

  // check_operation.cpp
  ExprId check_operation(const ast::OperationExpr& e, Span span);
  std::optional<ExprId> apply_by_alternative(const Operation& operation, const std::vector<ExprId>& operands,
                                             uint32_t a, uint32_t b);
  ExprId apply(const Operation& operation, std::vector<ExprId> operands, uint32_t a = 0, uint32_t b = 0);
  void report_operation(const Operation& operation, const std::vector<ExprId>& operands);
  Operation written(const ast::OperationExpr& e, Span span, size_t sign = 0) const;
  ExprId negated(ExprId value, Span span);
  ExprId check_logical(const ast::OperationExpr& e, Span span);
  ExprId check_component(const ast::OperationExpr& e, Span span);
  ExprId check_between(const ast::BetweenExpr& e, Span span);
  ExprId check_duration(const ast::DurationExpr& e, Span span);
  ExprId check_if(const ast::IfExpr& e, Span span);
  ExprId case_item(ExprId comparand, const ast::CaseItem& item);
  ExprId check_case(const ast::CaseExpr& e, Span span);
  ExprId check_type_operation(const ast::TypeExpr& e, Span span);
  ExprId check_extreme(TypeId of, bool low, Span span);
  std::vector<ExprId> power_operands(std::vector<ExprId> operands);
  ExprId convert_explicitly(ExprId operand, const ast::TypeExpr& e, Span span);

  // warn_of_operation.cpp
  void warn_of_operation(const Operation& operation, const std::vector<ExprId>& operands);
  bool warn_of_null(const Operation& operation, const std::vector<ExprId>& operands);
  bool warn_of_time(const Operation& operation, const std::vector<ExprId>& operands);
  bool warn_of_units(const Operation& operation, const std::vector<ExprId>& operands);
  void warn_of_ends(ExprId low, ExprId high);
  void warn_of_missing_unit(const Operation& operation, const std::vector<ExprId>& operands);

  // warn_of_codes.cpp
  void warn_of_compared_codes(const Operation& operation, const std::vector<ExprId>& operands);

  // check_timing.cpp
  TypeId system_or_itself(TypeId type);
  bool may_be_period(TypeId type);
  ExprId choice_as_period(ExprId value);
  ExprId as_interval(ExprId point);
  ExprId check_timing(const ast::TimingExpr& e, Span span);
  ExprId timing_with_offset(ExprId left, ExprId right, const ast::TimingPhrase& phrase, const Operation& operation);
  ExprId timing_within(ExprId left, ExprId right, const ast::TimingPhrase& phrase, const Operation& operation);
  ExprId boundary(ExprId value, bool start, const Operation& operation);

  // check_query.cpp
  ExprId check_query(const ast::QueryExpr& e, Span span);
  bool check_relationships(const ast::QueryExpr& e, typed::Query& query);
  TypeId as_ordered_type(TypeId type);
  ExprId as_ordered(ExprId key);
  bool check_sort(const ast::QueryExpr& e, typed::Query& query, TypeId element);
  bool is_fraction(ExprId quantity) const;
  typed::Aggregate check_aggregate(const ast::QueryExpr& e, Span span);
  ExprId check_set_aggregate(const ast::SetAggregateExpr& e, Span span);

  // check_retrieve.cpp
  bool is_unfiltered(Span place) const;
  ExprId check_retrieve(const ast::RetrieveExpr& e, Span span);
  ExprId retrieve_terminology(const ast::RetrieveExpr& e, typed::Retrieve& retrieve, Span span);

  // check_selector.cpp
  ExprId check_literal(const ast::Literal& e, Span span);
  ExprId check_interval(const ast::IntervalExpr& e, Span span);
  ExprId check_list(const ast::ListExpr& e, Span span);
  ExprId check_tuple(const ast::TupleExpr& e, Span span);
  ExprId check_instance(const ast::InstanceExpr& e, Span span);
  ExprId check_part(ast::ExprId value, TypeId wanted);
  ExprId check_primitive_instance(const ast::NamedValue& value, TypeId of, Span span);
  ExprId check_system_instance(const ast::InstanceExpr& e, TypeId of, Span span);
  ExprId instance_element(model::FhirTypeId owner, const model::ElementInfo& element, const ast::NamedValue& value);
  ExprId to_fhir(ExprId value, const model::ElementInfo& element);
  ExprId check_code(const ast::CodeExpr& e, Span span);
  ExprId check_concept(const ast::ConceptExpr& e, Span span);
  ExprId check_template(const ast::TemplateExpr& e, Span span);

  uint32_t max_slot() const { return next_slot_; }
  TypeId type(ExprId id) const { return module_.type(id); }
  std::string type_name(ExprId id) const { return spoken_type(types_, module_.type(id)); }
  ExprId none() const { return {}; }

  ModuleBuilder& module_;
  TypeTable& types_;
  const ast::Library& library_;
  Names& names_;
  DiagnosticSink& sink_;
  std::vector<Local> locals_;
  uint32_t next_slot_ = 0;
  const Local* implicit_this_ = nullptr;  ///< while a sort key is checked
  uint32_t depth_ = 0;
};

/// Whether hole and text conversion knows how to show values of this type.
bool can_show(const TypeTable& types, TypeId type);

}  // namespace vigil::semantic
