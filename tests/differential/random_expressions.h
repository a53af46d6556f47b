// SPDX-License-Identifier: Apache-2.0
// Random well-typed CQL expressions, from the table productions.inc; and smaller ones of the same type.
#pragma once

#include <string>
#include <vector>

#include "differential/random_source.h"

namespace vigil::test {

/// An expression as text with its operands in between: text[0] operands[0] text[1] … The type is CQL's name of it.
struct Expression {
  std::string type;
  std::vector<std::string> text;
  std::vector<Expression> operands;

  std::string to_text() const;
  size_t size() const;
};

/// Draws expressions. The same seed gives the same ones.
class ExpressionGenerator {
 public:
  explicit ExpressionGenerator(uint64_t seed) : random_(seed) {}

  /// Of any type, of at most `depth` operators one inside another.
  Expression make(size_t depth);

 private:
  struct Variable {
    std::string name;
    std::string type;
  };
  using Bindings = std::vector<std::pair<char, std::string>>;

  Expression of_type(const std::string& type, size_t depth);
  Expression leaf(const std::string& type);
  Expression expand(const std::string& type, std::string_view production, Bindings bound, size_t depth);
  std::string random_type(char variable);
  std::string substitute(std::string_view pattern, Bindings& bound);
  std::string literal(const std::string& type);
  std::string interval_literal(const std::string& point);
  std::string pick(std::string_view alternatives);

  RandomSource random_;
  std::vector<Variable> variables_;
  size_t names_ = 0;
};

/// What stands before the definitions: code systems, functions.
std::string_view expression_library_head();

/// Expressions of the same type that are a little smaller, the smallest first: an operand instead of the whole, a
/// literal instead of an operand. Some may not compile (a name without its query).
std::vector<Expression> smaller(const Expression& expression);

}  // namespace vigil::test
