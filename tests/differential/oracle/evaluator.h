// SPDX-License-Identifier: Apache-2.0
// A second evaluator of CQL, for tests only: it walks the typed tree, looks at one value at a time, and is written for
// being right rather than fast. It shares nothing with engine/src/program, evaluation and values.
#pragma once

#include "differential/oracle/operations.h"

namespace vigil::oracle {

/// Evaluates the definitions of one module. The module must outlive it. Not for several threads.
class Evaluator {
 public:
  /// `now` is a DateTime with offset.
  Evaluator(const typed::Module& module, Value now) : module_(module), now_(std::move(now)) {}

  /// Throws EvaluationError where CQL defines a run-time error, NotCovered where the oracle has no answer.
  Value evaluate(const typed::Definition& definition);

 private:
  using Frame = std::vector<Value>;

  Value evaluate(typed::ExprId id, Frame& frame);
  std::optional<Value> evaluate_special(const typed::Expr& expr, Frame& frame);
  std::vector<Value> operands(const typed::Expr& expr, Frame& frame);
  Value constant(const typed::Constant& constant) const;
  Value tuple(const typed::Expr& expr, Frame& frame);
  Value make_interval(const typed::Expr& expr, Frame& frame);
  Value system_element(const typed::Expr& expr, Frame& frame);
  Value convert_elements(const typed::Expr& expr, Frame& frame);
  Value call_function(const typed::Expr& expr, Frame& frame);

  Value with_points(Value value, model::TypeId type) const;
  bool is_of_type(const Value& value, model::TypeId type) const;

  // Queries, in query.cpp.
  Value query(const typed::Query& query, Frame& frame);
  void rows(const typed::Query& query, size_t source, Frame& frame, std::vector<Frame>& found);
  bool keeps(const typed::Query& query, Frame& frame);
  void sort(const typed::Query& query, Frame& frame, std::vector<Value>& elements);
  Value aggregate(const typed::Query& query, Frame& frame, const std::vector<Frame>& rows);

  const typed::Module& module_;
  Value now_;
};

}  // namespace vigil::oracle
