// SPDX-License-Identifier: Apache-2.0
// Rules, clause by clause.
#include "parser/rule_builder.h"

#include <algorithm>

#include "diagnostics/suggest.h"
#include "parser/primary_builder.h"

namespace vigil::parsing {
namespace {

constexpr std::string_view kTiers[] = {"hard-stop", "interruptive", "passive", "silent"};

ast::ExprId because(BuildContext& build, P::BecauseContext* context) {
  return context == nullptr ? ast::ExprId{} : build_template(build, context->STRING()->getSymbol());
}

/// `unexpected X, expected one of a few words`, with the nearest of them as hint.
void fail_word(BuildContext& build, const antlr4::Token* word, std::string_view expected,
               std::span<const std::string_view> candidates) {
  const auto written = build.utf8(word);
  build.fail(make_diagnostic<Code::VGL0101>(build.span(word), '`' + written + '`', expected)
                 .with_hint(did_you_mean(written, candidates)));
}

class RuleBuilder {
 public:
  RuleBuilder(BuildContext& build, P::Rule_Context* context) : build_(build), context_(context) {}

  ast::Rule run() {
    rule_.span = build_.span(context_);
    rule_.name = build_.name(context_->IDENTIFIER());
    for (auto* clause : context_->ruleClause()) add(clause);
    return std::move(rule_);
  }

 private:
  /// Clauses that stand once in a rule.
  void once(P::RuleClauseContext* clause) {
    const auto type = clause->getStart()->getType();
    if (std::find(seen_.begin(), seen_.end(), type) != seen_.end())
      build_.fail(make_diagnostic<Code::VGL0112>(build_.span(clause->getStart()), build_.utf8(clause->getStart())));
    seen_.push_back(type);
  }

  void add(P::RuleClauseContext* clause) {
    const auto span = build_.span(clause);
    switch (clause->getStart()->getType()) {
      case P::RULE_LET:
        for (auto* let : clause->letItem()) rule_.lets.push_back(build_let(build_, let));
        break;
      case P::UNLESS: {
        const auto condition = build_expression(build_, clause->expression(0));
        rule_.unless.push_back({span, condition, because(build_, clause->because())});
        break;
      }
      case P::TIER: add_tier(clause, span); break;
      case P::ALERT: rule_.alerts.push_back(build_text(clause->textVariant(), span)); break;
      case P::DETAIL: rule_.details.push_back(build_text(clause->textVariant(), span)); break;
      case P::SUGGEST:
      case P::PERFORM: add_suggestion(clause->suggestion()); break;
      case P::OVERRIDE: add_overrides(clause); break;
      case P::LINK:
      case P::LAUNCH: add_link(clause, span); break;
      case P::CITE: rule_.cites.push_back(build_expression(build_, clause->expression(0))); break;
      case P::EVIDENCE: add_evidence(clause); break;
      default:
        once(clause);
        add_single(clause, span);
        break;
    }
  }

  void add_single(P::RuleClauseContext* clause, Span span) {
    switch (clause->getStart()->getType()) {
      case P::CATEGORY: rule_.category = hook(clause->STRING(0)); break;
      case P::ON_HOOK:
        for (auto* name : clause->STRING()) rule_.hooks.push_back(hook(name));
        break;
      case P::FOR:
        for (auto* source : clause->ruleSource()) rule_.sources.push_back(build_source(source));
        break;
      case P::WHEN: rule_.when = build_expression(build_, clause->expression(0)); break;
      case P::SEVERITY: rule_.severity = build_expression(build_, clause->expression(0)); break;
      case P::ONCE: rule_.once_per = build_once(clause, span); break;
      case P::ONE: rule_.one_alert_per = build_all(build_, clause->expression()); break;
      case P::RECOMMEND: add_suggestion(clause->suggestion()); break;
      case P::IF: add_if_unknown(clause->ifUnknown()); break;
      case P::ACTIVE: add_active(clause->activePeriod()); break;
      default: rule_.shadow = true; break;
    }
  }

  ast::HookName hook(antlr4::tree::TerminalNode* string) {
    return {build_.string(string), build_.span(string->getSymbol())};
  }

  ast::AliasedSource build_source(P::RuleSourceContext* context) {
    auto source = build_aliased_source(build_, context->aliasedSource());
    if (context->ORDERED() == nullptr && context->CURRENT() == nullptr) return source;
    const auto scope = context->ORDERED() != nullptr ? ast::RetrieveScope::kOrdered : ast::RetrieveScope::kCurrent;
    if (!give_scope(source.source, scope))
      build_.fail(make_diagnostic<Code::VGL0101>(build_.span(context->aliasedSource()), "expression",
                                                 "a retrieve or a union of retrieves")
                      .with_hint("write retrieves behind the scope, `[MedicationRequest]`, and conditions in `when`"));
    source.scope = scope;
    auto& expression = build_.library.expressions[source.source.value];
    expression.span = cover(build_.span(context->getStart()), expression.span);
    return source;
  }

  /// To a retrieve, or to each retrieve of a union; false for anything else.
  bool give_scope(ast::ExprId id, ast::RetrieveScope scope) {
    auto& kind = build_.library.expressions[id.value].kind;
    if (auto* const retrieve = std::get_if<ast::RetrieveExpr>(&kind)) {
      retrieve->scope = scope;
      return true;
    }
    const auto* const operation = std::get_if<ast::OperationExpr>(&kind);
    return operation != nullptr && operation->op == ast::Operator::kUnion &&
           std::all_of(operation->operands.begin(), operation->operands.end(),
                       [&](ast::ExprId operand) { return give_scope(operand, scope); });
  }

  /// `passive` and `hard-stop` alone are tiers by name; all else is an expression.
  void add_tier(P::RuleClauseContext* clause, Span span) {
    ast::Tier tier;
    tier.span = span;
    auto* value = clause->expression(0);
    std::string written = build_.utf8(value->getStart());
    if (value->getStart() != value->getStop()) written += '-' + build_.utf8(value->getStop());
    const bool is_name = value->getStop()->getTokenIndex() - value->getStart()->getTokenIndex() ==
                         (written.find('-') == std::string::npos ? 0 : 2);
    if (is_name && std::find(std::begin(kTiers), std::end(kTiers), written) != std::end(kTiers))
      tier.literal = written;
    else
      tier.value = build_expression(build_, value);
    if (clause->WHEN() != nullptr) tier.when = build_expression(build_, clause->expression(1));
    tier.because = because(build_, clause->because());
    rule_.tiers.push_back(std::move(tier));
  }

  ast::OncePer build_once(P::RuleClauseContext* clause, Span span) {
    ast::OncePer once_per;
    once_per.span = span;
    auto* value = clause->expression(0);
    const auto word = value->getStart() == value->getStop() ? build_.utf8(value->getStart()) : std::string();
    if (word == "encounter") {
      once_per.unit = ast::OncePer::Unit::kEncounter;
    } else if (word != "patient") {
      once_per.unit = ast::OncePer::Unit::kPeriod;
      once_per.period = build_expression(build_, value);
    }
    return once_per;
  }

  ast::TextVariant build_text(P::TextVariantContext* context, Span span) {
    ast::TextVariant variant;
    variant.span = span;
    variant.text = build_template(build_, context->STRING(0)->getSymbol());
    if (context->audience != nullptr) variant.audience = build_.string(context->audience);
    if (context->language != nullptr) variant.language = build_.string(context->language);
    return variant;
  }

  void add_suggestion(P::SuggestionContext* context) {
    ast::Suggestion suggestion;
    suggestion.span = build_.span(context);
    suggestion.kind = context->SUGGEST() != nullptr     ? ast::Suggestion::Kind::kSuggest
                      : context->RECOMMEND() != nullptr ? ast::Suggestion::Kind::kRecommend
                                                        : ast::Suggestion::Kind::kPerform;
    suggestion.label = build_template(build_, context->STRING()->getSymbol());
    for (auto* action : context->suggestedAction()) add_action(action, suggestion);
    rule_.suggestions.push_back(std::move(suggestion));
  }

  void add_action(P::SuggestedActionContext* context, ast::Suggestion& suggestion) {
    static constexpr std::string_view kActions[] = {"delete", "create", "update"};
    const auto* word = context->IDENTIFIER()->getSymbol();
    const auto* kind = std::find(std::begin(kActions), std::end(kActions), build_.utf8(word));
    if (kind == std::end(kActions)) return fail_word(build_, word, "`delete`, `create` or `update`", kActions);
    ast::SuggestedAction action;
    action.span = build_.span(context);
    action.kind = static_cast<ast::SuggestedAction::Kind>(kind - std::begin(kActions));
    action.target = build_operand(build_, context->operand());
    if (context->fields() != nullptr) action.changes = build_fields(build_, context->fields());
    const bool is_update = action.kind == ast::SuggestedAction::Kind::kUpdate;
    if (is_update != (context->fields() != nullptr)) {
      const auto at = is_update ? build_.span(context->operand()) : build_.span(context->WITH()->getSymbol());
      build_.fail(make_diagnostic<Code::VGL0101>(at, is_update ? "end of `update`" : "`with`",
                                                 is_update ? "`with { element: value }`" : "a clause"));
    }
    suggestion.actions.push_back(std::move(action));
  }

  /// `link` gives a page, `launch` an app that gets a context, perhaps without being asked to.
  void add_link(P::RuleClauseContext* clause, Span span) {
    static constexpr std::string_view kManner[] = {"automatically"};
    ast::Link link;
    link.span = span;
    link.label = build_template(build_, clause->STRING(0)->getSymbol());
    link.url = build_.string(clause->STRING(1));
    link.launches_app = clause->LAUNCH() != nullptr;
    if (clause->IDENTIFIER() != nullptr) {
      const auto* word = clause->IDENTIFIER()->getSymbol();
      if (build_.utf8(word) != kManner[0]) return fail_word(build_, word, "`automatically` or the label", kManner);
      link.is_automatic = true;
    }
    if (clause->WITH() != nullptr) link.app_context = build_template(build_, clause->STRING(2)->getSymbol());
    rule_.links.push_back(std::move(link));
  }

  void add_overrides(P::RuleClauseContext* clause) {
    for (auto* reason : clause->expression())
      rule_.overrides.push_back({build_.span(reason), build_expression(build_, reason)});
  }

  void add_if_unknown(P::IfUnknownContext* context) {
    static constexpr std::string_view kActions[] = {"log", "note", "alert"};
    const auto* word = context->IDENTIFIER()->getSymbol();
    const auto* action = std::find(std::begin(kActions), std::end(kActions), build_.utf8(word));
    if (action == std::end(kActions)) return fail_word(build_, word, "`log`, `note` or `alert`", kActions);
    ast::IfUnknown unknown{
        build_.span(context), static_cast<ast::IfUnknown::Action>(action - std::begin(kActions)), {}};
    if (context->STRING() != nullptr) unknown.text = build_template(build_, context->STRING()->getSymbol());
    if (unknown.action == ast::IfUnknown::Action::kAlert && !unknown.text)
      build_.fail(make_diagnostic<Code::VGL0101>(build_.span(word), "end of `if unknown alert`", "the alert's text"));
    rule_.if_unknown = unknown;
  }

  void add_evidence(P::RuleClauseContext* clause) {
    for (auto* item : clause->evidenceItem()) {
      const auto* attribute = item->getStart();
      ast::Name name = attribute->getType() == P::IDENTIFIER
                           ? build_.name(attribute)
                           : ast::Name{build_.utf8(attribute), build_.span(attribute), false};
      rule_.evidence.push_back({std::move(name), build_evidence_value(item->evidenceValue())});
    }
  }

  ast::ExprId build_evidence_value(P::EvidenceValueContext* context) {
    bool negated = false;
    if (context->LBRACE() == nullptr) return build_constant(build_, context->getStart(), negated);
    ast::ListExpr list;
    for (auto* text : context->STRING()) list.elements.push_back(build_constant(build_, text->getSymbol(), negated));
    return build_.add(build_.span(context), std::move(list));
  }

  void add_active(P::ActivePeriodContext* context) {
    size_t next = 0;
    if (context->FROM() != nullptr) rule_.active_from = build_term(build_, context->term(next++));
    if (context->TO() != nullptr) rule_.active_to = build_term(build_, context->term(next));
  }

  BuildContext& build_;
  P::Rule_Context* context_;
  ast::Rule rule_;
  std::vector<size_t> seen_;
};

}  // namespace

ast::Rule build_rule(BuildContext& build, P::Rule_Context* context) { return RuleBuilder(build, context).run(); }

}  // namespace vigil::parsing
