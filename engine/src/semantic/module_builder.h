// SPDX-License-Identifier: Apache-2.0
// Adds typed expressions to a module.
#pragma once

#include <map>
#include <span>
#include <string>

#include "semantic/typed_module.h"

namespace vigil::semantic {

using model::TypeId;
using model::TypeTable;
using typed::ExprId;
using typed::Op;

/// The one place that appends to a module's tables. Not thread-safe.
class ModuleBuilder {
 public:
  explicit ModuleBuilder(typed::Module& module) : module_(module) {}

  typed::Module& module() { return module_; }
  TypeTable& types() { return module_.types; }
  const typed::Expr& operator[](ExprId id) const { return module_.expressions[id.value]; }
  TypeId type(ExprId id) const { return module_.expressions[id.value].type; }
  Span span(ExprId id) const { return module_.expressions[id.value].span; }

  ExprId add(Op op, TypeId type, Span span, std::vector<ExprId> operands = {}, uint32_t a = 0, uint32_t b = 0) {
    module_.expressions.push_back({op, type, span, std::move(operands), a, b});
    return {static_cast<uint32_t>(module_.expressions.size() - 1)};
  }
  ExprId constant(typed::Constant constant, Span span) {
    const auto type = constant.type;
    module_.constants.push_back(std::move(constant));
    return add(Op::kConstant, type, span, {}, static_cast<uint32_t>(module_.constants.size() - 1));
  }
  ExprId null(TypeId type, Span span) {
    typed::Constant none;
    none.type = type;
    return constant(std::move(none), span);
  }
  ExprId string(std::string_view text, Span span) {
    typed::Constant c;
    c.type = model::kString;
    c.literal.kind = ast::LiteralKind::kString;
    c.literal.text = text;
    return constant(std::move(c), span);
  }
  ExprId boolean(bool value, Span span) {
    typed::Constant c;
    c.type = model::kBoolean;
    c.literal.kind = ast::LiteralKind::kBoolean;
    c.literal.text = value ? "true" : "false";
    return constant(std::move(c), span);
  }
  bool is_null_literal(ExprId id) const {
    const auto& e = (*this)[id];
    return e.op == Op::kConstant && e.type == model::kAny;
  }
  /// What an expression of Op::kConstant stands for.
  const typed::Constant& constant_of(const typed::Expr& e) const { return module_.constants[e.a]; }
  const std::string& element_name(uint32_t index) const { return module_.element_names[index]; }
  /// The index of an element name for Op::kProperty.
  uint32_t element(std::string_view name) {
    const auto next = static_cast<uint32_t>(module_.element_names.size());
    const auto [at, is_new] = elements_.try_emplace(std::string(name), next);
    if (is_new) module_.element_names.emplace_back(name);
    return at->second;
  }

 private:
  typed::Module& module_;
  std::map<std::string, uint32_t> elements_;
};

}  // namespace vigil::semantic
