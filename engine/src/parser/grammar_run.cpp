// SPDX-License-Identifier: Apache-2.0
// The ANTLR machinery: prediction modes, stopping at the first error, the nesting limit. Exceptions end here.
#include "parser/grammar_run.h"

#include "parser/token_sets.h"

namespace vigil::parsing {
namespace {

/// Ends a run at its first error; never leaves this file.
struct Stop {};

/// A slice longer than this is not parsed again with full prediction, which may take quadratic time.
constexpr size_t kThoroughTokens = 5000;

}  // namespace

/// The generated parser with a limit on nested expressions and types.
class GrammarRun::LimitedParser final : public VigilParser {
 public:
  LimitedParser(uint32_t max_nesting, SyntaxError& error)
      : VigilParser(nullptr), max_nesting_(max_nesting), error_(error) {}

  void enterRule(antlr4::ParserRuleContext* context, size_t state, size_t rule) override {
    VigilParser::enterRule(context, state, rule);
    if (nests(rule)) check_depth(context);
  }

 private:
  /// The rules that every recursion of the grammar goes through.
  static bool nests(size_t rule) { return rule == RuleExpression || rule == RuleTerm || rule == RuleTypeSpecifier; }

  void check_depth(const antlr4::ParserRuleContext* context) {
    uint32_t depth = 0;
    for (const antlr4::tree::ParseTree* above = context->parent; above != nullptr; above = above->parent) {
      const auto rule = static_cast<const antlr4::RuleContext*>(above)->getRuleIndex();
      if (nests(rule) && ++depth > max_nesting_) {
        error_ = {getCurrentToken(), {}, true};
        throw Stop{};
      }
    }
  }

  uint32_t max_nesting_;
  SyntaxError& error_;
};

/// Notes the first error and stops. In thorough mode it notes at each decision what could come, since the parser itself
/// knows only what the last one wanted.
class GrammarRun::FirstErrorStrategy final : public antlr4::DefaultErrorStrategy {
 public:
  explicit FirstErrorStrategy(SyntaxError& error) : error_(error) {}
  void set_thorough(bool thorough) {
    thorough_ = thorough;
    decisions_.clear();
  }

  void reportError(antlr4::Parser*, const antlr4::RecognitionException&) override {}
  void sync(antlr4::Parser* parser) override {
    if (!thorough_) return;
    if (const auto at = parser->getTokenStream()->index(); at != decisions_at_) {
      decisions_.clear();
      decisions_at_ = at;
    }
    decisions_.push_back(parser->getExpectedTokensWithinCurrentRule());
  }

  void recover(antlr4::Parser* parser, std::exception_ptr error) override {
    try {
      std::rethrow_exception(error);
    } catch (const antlr4::NoViableAltException& e) {
      note(parser, e.getOffendingToken(), e.getDeadEndConfigs());
    } catch (const antlr4::RecognitionException& e) {
      note(parser, e.getOffendingToken(), nullptr);
    }
    throw Stop{};
  }

  antlr4::Token* recoverInline(antlr4::Parser* parser) override {
    note(parser, parser->getCurrentToken(), nullptr);
    throw Stop{};
  }

 private:
  void note(antlr4::Parser* parser, antlr4::Token* offending, const antlr4::atn::ATNConfigSet* dead_ends) {
    error_ = {offending, {}, false};
    if (!thorough_) return;
    if (dead_ends != nullptr && offending->getTokenIndex() != parser->getCurrentToken()->getTokenIndex()) {
      for (const auto& config : dead_ends->configs) error_.expected.addAll(parser->getATN().nextTokens(config->state));
    } else {
      error_.expected = parser->getExpectedTokens();
      if (decisions_at_ == parser->getTokenStream()->index())
        for (const auto& decision : decisions_) error_.expected.addAll(decision);
    }
  }

  SyntaxError& error_;
  bool thorough_ = false;
  size_t decisions_at_ = SIZE_MAX;
  std::vector<antlr4::misc::IntervalSet> decisions_;
};

GrammarRun::GrammarRun(uint32_t max_nesting)
    : parser_(std::make_unique<LimitedParser>(max_nesting, error_)),
      strategy_(std::make_shared<FirstErrorStrategy>(error_)) {
  parser_->removeErrorListeners();
  parser_->setErrorHandler(strategy_);
}

GrammarRun::~GrammarRun() = default;

antlr4::ParserRuleContext* GrammarRun::parse(TokenSlice& tokens, Entry entry) {
  strategy_->set_thorough(false);
  parser_->getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(antlr4::atn::PredictionMode::SLL);
  return run(tokens, entry);
}

antlr4::ParserRuleContext* GrammarRun::parse_thoroughly(TokenSlice& tokens, Entry entry) {
  strategy_->set_thorough(true);
  const auto mode =
      tokens.size() <= kThoroughTokens ? antlr4::atn::PredictionMode::LL : antlr4::atn::PredictionMode::SLL;
  parser_->getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(mode);
  return run(tokens, entry);
}

antlr4::ParserRuleContext* GrammarRun::run(TokenSlice& tokens, Entry entry) {
  error_ = {};
  tokens.seek(tokens.begin());
  parser_->setTokenStream(&tokens);
  parser_->reset();
  tokens.seek(tokens.begin());
  try {
    switch (entry) {
      case Entry::kDeclaration: return parser_->oneDeclaration();
      case Entry::kRuleClause: return parser_->oneRuleClause();
      case Entry::kTestPart: return parser_->oneTestPart();
      case Entry::kExpression: return parser_->oneExpression();
    }
  } catch (const Stop&) {
  }
  return nullptr;
}

}  // namespace vigil::parsing
