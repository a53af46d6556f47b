// SPDX-License-Identifier: Apache-2.0
// Literals, their ranges checked.
#include "parser/literal_checks.h"
#include "parser/primary_builder.h"

namespace vigil::parsing {
namespace {

using Kind = ast::LiteralKind;

/// An integer or long. The smallest one has no positive counterpart: it takes the minus before it.
ast::ExprId build_whole(BuildContext& build, const antlr4::Token* token, Kind kind, bool& negated) {
  auto digits = build.utf8(token);
  if (kind == Kind::kLong) digits.pop_back();
  const auto in_range = kind == Kind::kLong ? is_long : is_integer;
  if (!in_range(digits, negated)) {
    auto mistake = make_diagnostic<Code::VGL0107>(build.span(token), build.utf8(token));
    if (kind == Kind::kInteger && is_long(digits, negated))
      mistake.with_hint("write `" + digits + "L` for a Long, or `" + digits + ".0`");
    build.fail(std::move(mistake));
  } else if (negated && !in_range(digits, false)) {
    digits.insert(digits.begin(), '-');
    negated = false;
  }
  return build.add(build.span(token), ast::Literal{kind, std::move(digits), {}, {}, {}});
}

/// The number of a quantity may be measured finer than a Decimal can say; it is rounded, and the author told.
std::string checked_quantity(BuildContext& build, const antlr4::Token* token) {
  auto number = build.utf8(token);
  const auto point = number.find('.');
  if (is_decimal(number)) return number;
  if (point == std::string::npos || !is_decimal(number.substr(0, point)))
    build.fail(make_diagnostic<Code::VGL0108>(build.span(token), number));
  else
    build.sink.add(make_diagnostic<Code::VGL0114>(build.span(token), number));
  return number;
}

std::string checked_decimal(BuildContext& build, const antlr4::Token* token) {
  auto number = build.utf8(token);
  if (!is_decimal(number)) build.fail(make_diagnostic<Code::VGL0108>(build.span(token), number));
  return number;
}

ast::ExprId build_temporal(BuildContext& build, const antlr4::Token* token, Kind kind) {
  auto text = build.utf8(token).substr(1);
  if (const auto mistake = calendar_mistake(text); !mistake.empty())
    build.fail(make_diagnostic<Code::VGL0109>(build.span(token), '@' + text, mistake));
  return build.add(build.span(token), ast::Literal{kind, std::move(text), {}, {}, {}});
}

}  // namespace

ast::ExprId build_constant(BuildContext& build, const antlr4::Token* token, bool& negated) {
  const auto span = build.span(token);
  switch (token->getType()) {
    case P::NIL: return build.add(span, ast::Literal{});
    case P::TRUE: return build.add(span, ast::Literal{Kind::kBoolean, "true", {}, {}, {}});
    case P::FALSE: return build.add(span, ast::Literal{Kind::kBoolean, "false", {}, {}, {}});
    case P::STRING: return build.add(span, ast::Literal{Kind::kString, build.string(token), {}, {}, {}});
    case P::LONG: return build_whole(build, token, Kind::kLong, negated);
    case P::DATE: return build_temporal(build, token, Kind::kDate);
    case P::DATETIME: return build_temporal(build, token, Kind::kDateTime);
    default: return build_temporal(build, token, Kind::kTime);
  }
}

ast::ExprId build_quantity(BuildContext& build, P::QuantityContext* context, bool& negated) {
  const auto* number = context->NUMBER()->getSymbol();
  if (context->unit() != nullptr)
    return build.add(
        build.span(context),
        ast::Literal{Kind::kQuantity, checked_quantity(build, number), build_unit(build, context->unit()), {}, {}});
  if (build.words(number).find(U'.') == std::u32string_view::npos)
    return build_whole(build, number, Kind::kInteger, negated);
  return build.add(build.span(number), ast::Literal{Kind::kDecimal, checked_decimal(build, number), {}, {}, {}});
}

std::string build_unit(BuildContext& build, P::UnitContext* context) {
  const auto* token = context->getStart();
  return token->getType() == P::STRING ? build.string(token) : build.utf8(token);
}

ast::ExprId build_literal(BuildContext& build, P::LiteralContext* context, bool& negated) {
  auto* quantity = context->quantity(0);
  if (quantity == nullptr) return build_constant(build, context->getStart(), negated);
  auto* second = context->quantity(1);
  if (second == nullptr) return build_quantity(build, quantity, negated);
  ast::Literal ratio{Kind::kRatio,
                     checked_decimal(build, quantity->NUMBER()->getSymbol()),
                     {},
                     checked_decimal(build, second->NUMBER()->getSymbol()),
                     {}};
  if (quantity->unit() != nullptr) ratio.unit = build_unit(build, quantity->unit());
  if (second->unit() != nullptr) ratio.unit2 = build_unit(build, second->unit());
  return build.add(build.span(context), std::move(ratio));
}

}  // namespace vigil::parsing
