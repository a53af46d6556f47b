// SPDX-License-Identifier: Apache-2.0
// Operators between, before and behind operands.
#include "parser/operator_row.h"

#include "parser/primary_builder.h"

namespace vigil::parsing {
namespace {

using O = ast::Operator;

struct PrefixOperator {
  O op;
  Binding binding;
};

PrefixOperator component(std::u32string_view word) {
  if (word == U"date") return {O::kDateFrom, Binding::kExtractor};
  if (word == U"time") return {O::kTimeFrom, Binding::kExtractor};
  if (word == U"timezone") return {O::kTimezoneFrom, Binding::kExtractor};
  return {O::kTimezoneOffsetFrom, Binding::kExtractor};
}

PrefixOperator prefix_operator(const BuildContext& build, const antlr4::Token* word) {
  switch (word->getType()) {
    case P::NOT: return {O::kNot, Binding::kNot};
    case P::EXISTS: return {O::kExists, Binding::kNot};
    case P::EXPAND:
    case P::COLLAPSE:
    case P::FROM:
    case P::IF: return {O::kNot, Binding::kRest};  // told apart by their word
    case P::DISTINCT: return {O::kDistinct, Binding::kRest};
    case P::FLATTEN: return {O::kFlatten, Binding::kRest};
    case P::PLUS: return {O::kPositive, Binding::kSign};
    case P::MINUS: return {O::kNegate, Binding::kSign};
    case P::START: return {O::kStartOf, Binding::kExtractor};
    case P::END: return {O::kEndOf, Binding::kExtractor};
    case P::WIDTH: return {O::kWidthOf, Binding::kExtractor};
    case P::SUCCESSOR: return {O::kSuccessorOf, Binding::kExtractor};
    case P::PREDECESSOR: return {O::kPredecessorOf, Binding::kExtractor};
    case P::SINGLETON: return {O::kSingletonFrom, Binding::kExtractor};
    case P::POINT: return {O::kPointFrom, Binding::kExtractor};
    case P::COMPONENT: return component(build.words(word));
    default: return {O::kComponentFrom, Binding::kExtractor};  // PRECISION
  }
}

/// The precision of `days` and the like; weeks are days, told apart by the node's flag.
Precision plural_precision(std::u32string_view word) {
  switch (word.front()) {
    case U'y': return Precision::kYear;
    case U'd':
    case U'w': return Precision::kDay;
    case U'h': return Precision::kHour;
    case U's': return Precision::kSecond;
    default:
      return word == U"months" ? Precision::kMonth : word == U"minutes" ? Precision::kMinute : Precision::kMillisecond;
  }
}

bool is_duration(P::PrefixContext* prefix) { return prefix->PRECISIONS() != nullptr; }

bool is_set_aggregate(const antlr4::Token* word) {
  return word->getType() == P::EXPAND || word->getType() == P::COLLAPSE;
}

/// `5 mg`: a number with what looks like an alias.
std::string unit_hint(const ast::Expr& expression, const std::string& word) {
  const auto* literal = std::get_if<ast::Literal>(&expression.kind);
  if (literal == nullptr) return {};
  const bool number = literal->kind == ast::LiteralKind::kInteger || literal->kind == ast::LiteralKind::kDecimal;
  return number ? "a unit stands in single quotes: `" + literal->text + " '" + word + "'`" : std::string();
}

}  // namespace

void OperatorRow::operand(P::OperandContext* context) {
  size_t prefixes = 0;
  P::PrefixContext* last = nullptr;
  for (; child_rule(context, prefixes) == P::RulePrefix; ++prefixes) {
    last = static_cast<P::PrefixContext*>(context->children[prefixes]);
    push_prefix(last);
  }
  const bool after_minus = last != nullptr && waiting_.back().op == O::kNegate && last->children.size() == 1;
  bool negated = after_minus;
  auto core = build_core(build_, context, prefixes, negated);
  if (after_minus && !negated) {
    core.extent = cover(build_.span(last), core.extent);
    build_.library.expressions[core.id.value].span = core.extent;
    waiting_.pop_back();
  }
  operands_.push_back({core.id, core.extent, false, core.is_literal, {}});
}

void OperatorRow::push_prefix(P::PrefixContext* context) {
  if (is_duration(context)) {
    const auto binding = context->OF() != nullptr ? Binding::kExtractor : Binding::kTerm;
    waiting_.push_back({binding, O::kNot, std::nullopt, nullptr, context, build_.span(context)});
    return;
  }
  const auto [op, binding] = prefix_operator(build_, context->getStart());
  std::optional<Precision> precision;
  if (op == O::kComponentFrom) precision = build_precision(build_, context->getStart());
  waiting_.push_back({binding, op, precision, nullptr, context, build_.span(context)});
}

void OperatorRow::infix(const antlr4::Token* sign, std::optional<Precision> precision) {
  const auto [op, binding] = infix_operator(sign->getType());
  reduce(binding);
  waiting_.push_back({binding, op, precision, nullptr, nullptr, build_.span(sign)});
}

void OperatorRow::tail(P::TailContext* context) {
  if (context->alias != nullptr) alias(context->alias);
  if (context->time != nullptr) {
    reduce(Binding::kTiming);
    waiting_.push_back({Binding::kTiming, O::kNot, std::nullopt, context, nullptr, {}});
    return operand(context->right);
  }
  switch (context->op->getType()) {
    case P::IN:
    case P::CONTAINS:
      infix(context->op, context->precision == nullptr ? std::nullopt : build_precision(build_, context->precision));
      break;
    case P::BETWEEN:
      reduce(Binding::kBetween);
      waiting_.push_back({Binding::kTerm, O::kNot, std::nullopt, context, nullptr, {}});
      break;
    case P::PER: return per(context);
    case P::IS:
    case P::AS: return apply_is_or_as(context);
    default: infix(context->op); break;
  }
  operand(context->right);
}

/// Whether `from` stands just before the last operand.
bool OperatorRow::takes_sources() const {
  return !waiting_.empty() && waiting_.back().prefix != nullptr && waiting_.back().prefix->children.size() == 1 &&
         waiting_.back().prefix->FROM() != nullptr;
}

ast::AliasedSource OperatorRow::take_source(const antlr4::Token* alias) {
  if (operands_.back().is_literal)
    build_.fail(make_diagnostic<Code::VGL0101>(build_.span(alias), '`' + build_.utf8(alias) + '`', "an operator")
                    .with_hint(unit_hint(build_.library[operands_.back().id], build_.utf8(alias))));
  return {operands_.back().id, build_.name(alias)};
}

ast::QueryExpr OperatorRow::begin_query(const antlr4::Token* alias, Span& extent) {
  ast::QueryExpr query;
  query.sources.push_back(take_source(alias));
  if (takes_sources()) {
    query.with_from = true;
    extent = cover(build_.span(waiting_.back().prefix), extent);
    waiting_.pop_back();
  }
  return query;
}

void OperatorRow::alias(const antlr4::Token* identifier) {
  auto extent = cover(operands_.back().extent, build_.span(identifier));
  auto query = begin_query(identifier, extent);
  replace_top(extent, std::move(query));
}

void OperatorRow::query(P::QuerySuffixContext* context) {
  auto extent = cover(operands_.back().extent, build_.span(context));
  auto query = begin_query(context->IDENTIFIER()->getSymbol(), extent);
  operands_.back() = {build_query(build_, std::move(query), context, extent), extent, false, false, {}};
}

/// `expand X per 2 days`: ends the operand of the nearest `expand` or `collapse`. After a mere word (`per day`) that is
/// done.
void OperatorRow::per(P::TailContext* context) {
  reduce(Binding::kPer);
  while (!waiting_.empty() &&
         !(waiting_.back().prefix != nullptr && is_set_aggregate(waiting_.back().prefix->getStart()))) {
    const auto waiting = waiting_.back();
    waiting_.pop_back();
    apply(waiting);
  }
  const auto* word = context->op;
  if (waiting_.empty())
    build_.fail(make_diagnostic<Code::VGL0101>(build_.span(word), "`per`", "an operator")
                    .with_hint("`per` belongs to `expand` and `collapse`"));
  if (context->right != nullptr) {
    waiting_.push_back({Binding::kPer, O::kNot, std::nullopt, context, nullptr, {}});
    return operand(context->right);
  }
  const auto* unit = context->step;
  auto& top = operands_.back();
  top.per = build_.add(build_.span(unit), ast::Literal{ast::LiteralKind::kQuantity, "1", build_.utf8(unit), {}, {}});
  top.extent = cover(top.extent, build_.span(unit));
  if (waiting_.empty()) return;
  const auto aggregate = waiting_.back();
  waiting_.pop_back();
  apply(aggregate);
}

ast::ExprId OperatorRow::finish() {
  reduce(Binding::kRest);
  return operands_.back().id;
}

void OperatorRow::reduce(Binding binding) {
  // An operator that takes the rest is applied by finish() alone: there is no infix that binds as loosely.
  while (!waiting_.empty() && waiting_.back().binding >= binding) {
    const auto waiting = waiting_.back();
    waiting_.pop_back();
    apply(waiting);
  }
}

void OperatorRow::apply(const Waiting& waiting) {
  if (waiting.prefix != nullptr) return apply_prefix(waiting);
  if (waiting.tail != nullptr) return apply_tail(waiting);
  apply_infix(waiting);
}

void OperatorRow::apply_tail(const Waiting& waiting) {
  auto* tail = waiting.tail;
  const auto right = operands_.back();
  operands_.pop_back();
  auto& left = operands_.back();
  const auto extent = cover(left.extent, right.extent);
  if (tail->time != nullptr) {
    left = {build_timing(build_, tail->time, left.id, right.id, extent), extent, false, false, {}};
  } else if (tail->op->getType() == P::PER) {
    left.per = right.id;
    left.extent = extent;
  } else {
    const auto low = build_term(build_, tail->low);
    replace_top(extent, ast::BetweenExpr{left.id, low, right.id, tail->PROPERLY() != nullptr, build_.span(tail->op)});
  }
}

void OperatorRow::apply_prefix(const Waiting& waiting) {
  auto* prefix = waiting.prefix;
  const auto* word = prefix->getStart();
  const auto operand = operands_.back();
  const auto extent = cover(build_.span(word), operand.extent);
  if (is_duration(prefix)) return apply_duration(prefix);
  if (word->getType() == P::IF) {
    const auto condition = build_expression(build_, prefix->expression(0));
    const auto then_value = build_expression(build_, prefix->expression(1));
    return replace_top(extent, ast::IfExpr{condition, then_value, operand.id});
  }
  if (is_set_aggregate(word))
    return replace_top(extent, ast::SetAggregateExpr{word->getType() == P::EXPAND, operand.id, operand.per});
  if (word->getType() == P::FROM)
    build_.fail(make_diagnostic<Code::VGL0101>(build_.span(word), "`from`", "an alias behind its source")
                    .with_hint("write `from X A, Y B where ...`"));
  replace_top(extent, ast::OperationExpr{waiting.op, {operand.id}, waiting.precision, {waiting.sign}});
}

void OperatorRow::apply_duration(P::PrefixContext* prefix) {
  const auto operand = operands_.back();
  const auto word = build_.words(prefix->PRECISIONS()->getSymbol());
  ast::DurationExpr duration;
  duration.difference = prefix->DIFFERENCE() != nullptr;
  duration.of_interval = prefix->OF() != nullptr;
  duration.weeks = word == U"weeks";
  duration.precision = plural_precision(word);
  duration.low = duration.of_interval ? operand.id : build_term(build_, prefix->term());
  if (!duration.of_interval) duration.high = operand.id;
  duration.sign = build_.span(prefix->getStart(),
                              (prefix->BETWEEN() != nullptr ? prefix->BETWEEN() : prefix->PRECISIONS())->getSymbol());
  replace_top(cover(build_.span(prefix->getStart()), operand.extent), duration);
}

void OperatorRow::apply_infix(const Waiting& waiting) {
  const auto right = operands_.back();
  operands_.pop_back();
  auto& left = operands_.back();
  const auto extent = cover(left.extent, right.extent);
  const bool chains = makes_chains(waiting.op);
  if (chains && left.is_chain && std::get<ast::OperationExpr>(build_.library[left.id].kind).op == waiting.op) {
    build_.extend_chain(left.id, right.id, extent, waiting.sign);
    left.extent = extent;
  } else {
    left = {build_.add(extent, ast::OperationExpr{waiting.op, {left.id, right.id}, waiting.precision, {waiting.sign}}),
            extent,
            chains,
            false,
            {}};
  }
}

void OperatorRow::apply_is_or_as(P::TailContext* context) {
  if (context->type != nullptr) {
    reduce(Binding::kType);
    const auto operation = context->op->getType() == P::IS ? ast::TypeOperation::kIs : ast::TypeOperation::kAs;
    const auto operand = operands_.back();
    const auto type = build_type(build_, context->type);
    return replace_top(cover(operand.extent, build_.span(context)), ast::TypeExpr{operation, operand.id, type, {}});
  }
  reduce(Binding::kTest);
  const bool is_not = context->NOT() != nullptr;
  const auto value = context->value->getType();
  const auto op = value == P::NIL    ? (is_not ? O::kIsNotNull : O::kIsNull)
                  : value == P::TRUE ? (is_not ? O::kIsNotTrue : O::kIsTrue)
                                     : (is_not ? O::kIsNotFalse : O::kIsFalse);
  const auto operand = operands_.back();
  replace_top(cover(operand.extent, build_.span(context)),
              ast::OperationExpr{op, {operand.id}, std::nullopt, {build_.span(context)}});
}

void OperatorRow::replace_top(Span extent, decltype(ast::Expr::kind) kind) {
  operands_.back() = {build_.add(extent, std::move(kind)), extent, false, false, {}};
}

ast::ExprId build_expression(BuildContext& build, P::ExpressionContext* context) {
  OperatorRow row(build);
  row.operand(static_cast<P::OperandContext*>(context->children.front()));
  for (size_t i = 1; i < context->children.size(); ++i) {
    auto* part = static_cast<antlr4::ParserRuleContext*>(context->children[i]);
    if (part->getRuleIndex() == P::RuleTail)
      row.tail(static_cast<P::TailContext*>(part));
    else
      row.query(static_cast<P::QuerySuffixContext*>(part));
  }
  return row.finish();
}

ast::ExprId build_term(BuildContext& build, P::TermContext* context) {
  OperatorRow row(build);
  row.operand(static_cast<P::OperandContext*>(context->children.front()));
  for (size_t i = 1; i + 1 < context->children.size(); i += 2) {
    row.infix(static_cast<antlr4::tree::TerminalNode*>(context->children[i])->getSymbol());
    row.operand(static_cast<P::OperandContext*>(context->children[i + 1]));
  }
  return row.finish();
}

ast::ExprId build_operand(BuildContext& build, P::OperandContext* context) {
  OperatorRow row(build);
  row.operand(context);
  return row.finish();
}

}  // namespace vigil::parsing
