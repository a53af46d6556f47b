// SPDX-License-Identifier: Apache-2.0
// Choice, types and other phrases of words, and the phrases of timing.
#include "parser/operator_row.h"
#include "parser/primary_builder.h"

namespace vigil::parsing {
namespace {

using Relation = ast::TimingPhrase::Relation;
using Boundary = ast::TimingPhrase::Boundary;
using Offset = ast::TimingPhrase::Offset;

Boundary left_boundary(const antlr4::Token* word) {
  if (word == nullptr) return Boundary::kNone;
  return word->getType() == P::STARTS ? Boundary::kStart
         : word->getType() == P::ENDS ? Boundary::kEnd
                                      : Boundary::kOccurs;
}

Boundary right_boundary(const antlr4::Token* word) {
  if (word == nullptr) return Boundary::kNone;
  return word->getType() == P::START ? Boundary::kStart : Boundary::kEnd;
}

Relation relation(P::TimingContext* context) {
  const auto directed = [&](Relation none, Relation before, Relation after) {
    return context->relation == nullptr ? none : context->relation->getType() == P::BEFORE ? before : after;
  };
  if (context->SAME() != nullptr) return directed(Relation::kSameAs, Relation::kSameOrBefore, Relation::kSameOrAfter);
  if (context->INCLUDES() != nullptr) return Relation::kIncludes;
  if (context->INCLUDED() != nullptr) return Relation::kIncludedIn;
  if (context->DURING() != nullptr) return Relation::kDuring;
  if (context->WITHIN() != nullptr) return Relation::kWithin;
  if (context->MEETS() != nullptr) return directed(Relation::kMeets, Relation::kMeetsBefore, Relation::kMeetsAfter);
  if (context->OVERLAPS() != nullptr)
    return directed(Relation::kOverlaps, Relation::kOverlapsBefore, Relation::kOverlapsAfter);
  if (context->relation != nullptr) return directed(Relation::kBefore, Relation::kBefore, Relation::kAfter);
  return context->STARTS() != nullptr ? Relation::kStarts : Relation::kEnds;
}

void set_offset(BuildContext& build, P::OffsetContext* context, ast::TimingPhrase& phrase) {
  bool negated = false;
  phrase.quantity = build_quantity(build, context->quantity(), negated);
  const bool more = context->MORE() != nullptr;
  if (context->THAN() != nullptr)
    phrase.offset = more ? Offset::kMoreThan : Offset::kLessThan;
  else if (context->OR() != nullptr)
    phrase.offset = more ? Offset::kOrMore : Offset::kOrLess;
  else
    phrase.offset = Offset::kExactly;
}

}  // namespace

ast::ExprId build_phrase(BuildContext& build, P::PhraseContext* context) {
  const auto span = build.span(context);
  if (context->CAST() != nullptr) {
    const auto operand = build_term(build, context->term());
    return build.add(
        span, ast::TypeExpr{ast::TypeOperation::kCast, operand, build_type(build, context->typeSpecifier()), {}});
  }
  if (auto* type_name = context->qualifiedName()) {
    const auto type = build.add_type(build.span(type_name), build_named_type(build, type_name));
    return build.add(
        span,
        ast::TypeExpr{
            context->MINIMUM() != nullptr ? ast::TypeOperation::kMinimum : ast::TypeOperation::kMaximum, {}, type, {}});
  }
  ast::TypeExpr convert{ast::TypeOperation::kConvert, build_expression(build, context->expression()), {}, {}};
  if (context->typeSpecifier() != nullptr) convert.type = build_type(build, context->typeSpecifier());
  if (context->unit() != nullptr) convert.unit = build_unit(build, context->unit());
  return build.add(span, std::move(convert));
}

ast::ExprId build_case(BuildContext& build, P::CaseOfContext* context) {
  ast::CaseExpr choice;
  if (context->comparand != nullptr) choice.comparand = build_expression(build, context->comparand);
  for (auto* item : context->caseItem()) {
    const auto when = build_expression(build, item->expression(0));
    choice.items.push_back({when, build_expression(build, item->expression(1))});
  }
  choice.else_value = build_expression(build, context->otherwise);
  return build.add(build.span(context), std::move(choice));
}

ast::ExprId build_timing(BuildContext& build, P::TimingContext* context, ast::ExprId left, ast::ExprId right,
                         Span span) {
  ast::TimingPhrase phrase;
  phrase.relation = relation(context);
  phrase.left_boundary = left_boundary(context->left);
  phrase.right_boundary = right_boundary(context->right);
  phrase.properly = context->PROPERLY() != nullptr;
  phrase.on_or = context->ON() != nullptr;
  phrase.precision = build_precision(build, context->PRECISION());
  if (context->offset() != nullptr) set_offset(build, context->offset(), phrase);
  bool negated = false;
  if (context->quantity() != nullptr) phrase.quantity = build_quantity(build, context->quantity(), negated);
  return build.add(span, ast::TimingExpr{left, right, phrase, build.span(context)});
}

std::optional<Precision> build_precision(BuildContext& build, antlr4::tree::TerminalNode* word) {
  return word == nullptr ? std::nullopt : build_precision(build, word->getSymbol());
}

std::optional<Precision> build_precision(BuildContext& build, const antlr4::Token* word) {
  static constexpr std::pair<std::u32string_view, Precision> kPrecisions[] = {
      {U"year", Precision::kYear},
      {U"month", Precision::kMonth},
      {U"day", Precision::kDay},
      {U"hour", Precision::kHour},
      {U"minute", Precision::kMinute},
      {U"second", Precision::kSecond},
      {U"millisecond", Precision::kMillisecond}};
  for (const auto& [text, precision] : kPrecisions)
    if (build.words(word) == text) return precision;
  build.fail(make_diagnostic<Code::VGL0113>(build.span(word), build.utf8(word))
                 .with_hint("write `day`, or count `weeks between`"));
  return std::nullopt;
}

}  // namespace vigil::parsing
