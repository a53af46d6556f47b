// SPDX-License-Identifier: Apache-2.0
// A token's role follows from its type and the grammar rule it stands in.
#include "parser/token_roles.h"

#include "parser/token_sets.h"

namespace vigil::parsing {
namespace {

using P = VigilParser;
using R = TokenRole;

R role_in_prefix(size_t type, bool first) {
  switch (type) {
    case T::PLUS:
    case T::MINUS: return R::kSign;
    case T::FROM: return first ? R::kFrom : R::kPlain;  // not that of `singleton from`
    case T::IF: return R::kIf;
    case T::THEN: return R::kThen;
    case T::ELSE: return R::kElse;
    default: return R::kPlain;
  }
}

R role_in_type(size_t type) { return type == T::LT ? R::kTypeOpen : type == T::GT ? R::kTypeClose : R::kPlain; }

R role_in_case(size_t type) {
  switch (type) {
    case T::CASE: return R::kCase;
    case T::ELSE: return R::kCaseItem;
    case T::END: return R::kCaseEnd;
    default: return R::kPlain;
  }
}

R role_in_query(size_t type) {
  switch (type) {
    case T::LET:
    case T::WITH:
    case T::WITHOUT:
    case T::WHERE:
    case T::RETURN:
    case T::AGGREGATE:
    case T::SORT: return R::kQueryClause;
    case T::SUCH: return R::kSuch;
    case T::BY: return R::kSortBy;
    case T::COMMA:
    case T::SOURCE_COMMA: return R::kQueryComma;
    default: return R::kPlain;
  }
}

R role_in_clause(size_t type) {
  switch (type) {
    case T::BECAUSE:
    case T::SAYING:
    case T::WHEN: return R::kClauseTail;
    case T::AND: return R::kTestAnd;
    case T::MINUS: return R::kHyphen;
    default: return R::kPlain;
  }
}

R tight_open(size_t type) { return type == T::LPAREN || type == T::LBRACKET ? R::kTightOpen : R::kPlain; }

/// The role of a token of this type as a child of this rule; `first` among its children.
R role_of(size_t rule, size_t type, bool first) {
  switch (rule) {
    case P::RulePrefix: return role_in_prefix(type, first);
    case P::RuleStartingValue: return type == T::PLUS || type == T::MINUS ? R::kSign : R::kPlain;
    case P::RuleTypeSpecifier:
    case P::RuleListOrTuple: return role_in_type(type);
    case P::RuleCaseOf: return role_in_case(type);
    case P::RuleCaseItem: return type == T::WHEN ? R::kCaseItem : R::kPlain;
    case P::RuleQuerySuffix:
    case P::RuleInclusion:
    case P::RuleReturnClause:
    case P::RuleAggregateClause:
    case P::RuleSortClause: return role_in_query(type);
    case P::RuleRuleClause:
    case P::RuleBecause:
    case P::RuleTestPart:
    case P::RuleExpectation:
    case P::RuleOutcome: return role_in_clause(type);
    case P::RuleNamedExpression: return type == T::COLON ? R::kBodyColon : R::kPlain;
    case P::RuleFunctionDefinition: return type == T::COLON ? R::kBodyColon : tight_open(type);
    case P::RuleArguments:
    case P::RuleSelector:
    case P::RuleCodePath:
    case P::RuleIntervalSelector: return tight_open(type);
    case P::RuleLiteral: return type == T::COLON ? R::kRatioColon : R::kPlain;
    case P::RuleTail:
      return type == T::UNION || type == T::INTERSECT || type == T::EXCEPT || type == T::PIPE ? R::kSetOperator
                                                                                              : R::kPlain;
    default: return R::kPlain;
  }
}

class RoleWalk {
 public:
  RoleWalk(const CodePoints& text, std::vector<TokenRole>& roles) : text_(text), roles_(roles) {}

  void walk(antlr4::ParserRuleContext* context) {
    const size_t rule = context->getRuleIndex();
    bool first = true;
    for (auto* child : context->children) {
      if (auto* leaf = dynamic_cast<antlr4::tree::TerminalNode*>(child); leaf != nullptr)
        set(leaf->getSymbol(), role_of(rule, leaf->getSymbol()->getType(), first));
      else
        walk(static_cast<antlr4::ParserRuleContext*>(child));
      first = false;
    }
    mark_first(context, rule);
  }

 private:
  void set(antlr4::Token* token, TokenRole role) {
    if (role != R::kPlain) roles_[token->getTokenIndex()] = role;
  }

  void mark_first(antlr4::ParserRuleContext* context, size_t rule) {
    auto* start = context->getStart();
    if (rule == P::RuleDeclaration) {
      roles_[start->getTokenIndex()] = R::kDeclaration;
    } else if (rule == P::RuleEvidenceItem) {
      roles_[start->getTokenIndex()] = R::kEvidenceItem;
    } else if (rule == P::RuleTestPart) {
      roles_[start->getTokenIndex()] = R::kClause;
    } else if (rule == P::RuleRuleClause) {
      static constexpr size_t kOfTheAlert[] = {T::DETAIL,   T::SUGGEST, T::RECOMMEND, T::PERFORM,
                                               T::OVERRIDE, T::LINK,    T::LAUNCH,    T::CITE};
      const auto type = start->getType();
      const bool is_sub = std::find(std::begin(kOfTheAlert), std::end(kOfTheAlert), type) != std::end(kOfTheAlert);
      roles_[start->getTokenIndex()] = is_sub ? R::kSubClause : R::kClause;
      if (type == T::TIER) mark_tier_name(static_cast<P::RuleClauseContext*>(context)->expression(0));
    }
  }

  /// `tier hard-stop` reads as a subtraction to the grammar.
  void mark_tier_name(antlr4::ParserRuleContext* value) {
    const auto first = value->getStart()->getTokenIndex();
    if (value->getStop()->getTokenIndex() != first + 2 || written(value->getStart()) != U"hard" ||
        written(value->getStop()) != U"stop")
      return;
    roles_[first + 1] = R::kHyphen;
  }

  std::u32string_view written(const antlr4::Token* token) const {
    return text_.view(token->getStartIndex(), token->getStopIndex() + 1);
  }

  const CodePoints& text_;
  std::vector<TokenRole>& roles_;
};

}  // namespace

void assign_token_roles(P::DeclarationContext* declaration, const CodePoints& text, std::vector<TokenRole>& roles) {
  RoleWalk(text, roles).walk(declaration);
}

}  // namespace vigil::parsing
