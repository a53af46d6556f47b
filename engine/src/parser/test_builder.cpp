// SPDX-License-Identifier: Apache-2.0
// Tests in rule files.
#include "parser/primary_builder.h"
#include "parser/rule_builder.h"

namespace vigil::parsing {
namespace {

class TestBuilder {
 public:
  TestBuilder(BuildContext& build, P::TestContext* context) : build_(build), context_(context) {}

  ast::Test run() {
    test_.span = build_.span(context_);
    test_.name = build_.name(context_->IDENTIFIER());
    for (auto* part : context_->testPart()) add(part);
    return std::move(test_);
  }

 private:
  void add(P::TestPartContext* part) {
    switch (part->getStart()->getType()) {
      case P::GIVEN:
        for (auto* given : part->given()) add_given(given);
        break;
      case P::AT:
        if (test_.at) build_.fail(make_diagnostic<Code::VGL0112>(build_.span(part->getStart()), "at"));
        test_.at = build_term(build_, part->term());
        break;
      case P::WHEN:
        if (test_.hook) build_.fail(make_diagnostic<Code::VGL0112>(build_.span(part->getStart()), "when"));
        test_.hook = ast::HookName{build_.string(part->STRING()), build_.span(part->STRING()->getSymbol())};
        for (auto* order : part->operand()) test_.orders.push_back(instance(order));
        break;
      default: test_.expectations.push_back(build_expectation(part->expectation(), build_.span(part))); break;
    }
  }

  void add_given(P::GivenContext* given) {
    if (given->PATIENT() != nullptr) {
      for (auto* fact : given->patientFact())
        test_.patient.push_back({build_.name(fact->IDENTIFIER()), build_term(build_, fact->term())});
    } else if (given->qualifiedName() != nullptr) {
      test_.not_obtained.push_back(build_.names(given->qualifiedName()));
    } else {
      test_.given.push_back(instance(given->operand()));
    }
  }

  /// A resource written out: the only kind of fact a test can give.
  ast::ExprId instance(P::OperandContext* context) {
    const auto id = build_operand(build_, context);
    if (!std::holds_alternative<ast::InstanceExpr>(build_.library[id].kind))
      build_.fail(make_diagnostic<Code::VGL0101>(build_.span(context), '`' + build_.utf8(context->getStart()) + '`',
                                                 "a resource such as MedicationRequest { status: 'active' }"));
    return id;
  }

  ast::TestExpectation build_expectation(P::ExpectationContext* context, Span span) {
    ast::TestExpectation expectation;
    expectation.span = span;
    expectation.rule = build_.name(context->IDENTIFIER());
    if (context->DEFINE() != nullptr) {
      expectation.definition = true;
      expectation.value = build_expression(build_, context->expression());
      return expectation;
    }
    if (!expectation.rule.quoted && expectation.rule.text == "nothing") {
      expectation.nothing = true;
      expectation.rule = {};
    }
    if (context->outcome() != nullptr) expectation.outcome_span = build_.span(context->outcome());
    if (context->outcome() != nullptr)
      for (auto* word : context->outcome()->children)
        expectation.outcome += build_.utf8(static_cast<antlr4::tree::TerminalNode*>(word)->getSymbol());
    if (context->because() != nullptr) expectation.because = build_.string(context->because()->STRING());
    if (context->STRING() != nullptr) expectation.saying = build_.string(context->STRING());
    return expectation;
  }

  BuildContext& build_;
  P::TestContext* context_;
  ast::Test test_;
};

}  // namespace

ast::Test build_test(BuildContext& build, P::TestContext* context) { return TestBuilder(build, context).run(); }

}  // namespace vigil::parsing
