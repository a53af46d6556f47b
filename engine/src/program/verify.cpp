// SPDX-License-Identifier: Apache-2.0
// Checks every index of a program before it runs, so that the evaluator need not.
#include "program/lower.h"

namespace vigil {
namespace {

class Verifier {
 public:
  explicit Verifier(const Program& program) : p_(program) {}

  std::string run() {
    if (p_.spans.size() != p_.instructions.size() || p_.types.size() != p_.instructions.size())
      return "tables of instructions differ in length";
    for (uint32_t i = 1; i < p_.instructions.size(); ++i) instruction(i);
    for (const auto& q : p_.queries) query(q);
    for (const auto& r : p_.retrieves) known(r.terminology, "retrieve");
    for (const auto& each : p_.rules)
      if (!each.failed) rule(each);
    for (const auto& d : p_.definitions) known(d.body, "definition");
    for (const auto& f : p_.functions) known(f.body, "function");
    for (const auto& parameter : p_.parameters) known(parameter.value, "parameter");
    for (const auto& each : p_.tests) test(each);
    if (p_.definitions.size() != p_.module.definitions.size() || p_.rules.size() != p_.module.rules.size())
      fail("a declaration is missing");
    return problem_;
  }

 private:
  void fail(const std::string& what) {
    if (problem_.empty()) problem_ = what;
  }
  void known(InstructionId id, const char* where) {
    if (id.value >= p_.instructions.size()) fail(std::string(where) + " names no instruction");
  }
  void index(uint32_t at, size_t size, uint32_t instruction) {
    if (at >= size)
      fail("instruction " + std::to_string(instruction) + " (" +
           std::string(typed::name(p_.instructions[instruction].op)) + ") has an index out of range");
  }

  void instruction(uint32_t i) {
    const auto& x = p_.instructions[i];
    if (size_t{x.first_operand} + x.operand_count > p_.operands.size()) return fail("operands out of range");
    for (uint32_t o = 0; o < x.operand_count; ++o) {
      const auto operand = p_.operands[x.first_operand + o];
      if (operand == 0 || operand >= i)
        fail("instruction " + std::to_string(i) + " (" + std::string(typed::name(x.op)) +
             ") uses a later or no instruction");
    }
    switch (x.op) {
      case Op::kConstant: index(x.a, p_.constants.size(), i); break;
      case Op::kMakeList:
        if (x.b != 0) index(x.b - 1, p_.constants.size(), i);
        break;
      case Op::kDefinition: index(x.a, p_.definitions.size(), i); break;
      case Op::kParameter: index(x.a, p_.parameters.size(), i); break;
      case Op::kCallFunction: index(x.a, p_.functions.size(), i); break;
      case Op::kRetrieve: index(x.a, p_.retrieves.size(), i); break;
      case Op::kQuery: index(x.a, p_.queries.size(), i); break;
      case Op::kTableRows: index(x.a, p_.tables.size(), i); break;
      case Op::kMakeObject: index(x.a, p_.instances.size(), i); break;
      case Op::kProperty:
      case Op::kTraverseProperty: index(x.a, p_.element_count, i); break;
      default: break;
    }
  }

  void source(const SourcePlan& source, const QueryPlan& q) {
    known(source.value, "source");
    if (source.probe >= static_cast<int32_t>(q.probes.size())) fail("a source names no probe");
  }

  void query(const QueryPlan& q) {
    for (const auto& each : q.sources) source(each, q);
    for (const auto& probe : q.probes) {
      known(probe.keys_a, "probe");
      known(probe.keys_b, "probe");
      if (probe.index >= p_.table_indexes.size() || probe.table >= p_.tables.size()) fail("a probe names no index");
    }
    for (const auto& let : q.lets) known(let.value, "let");
    for (const auto& relationship : q.relationships) {
      source(relationship.source, q);
      known(relationship.such_that, "such that");
    }
    for (const auto& item : q.sort) known(item.key, "sort");
    for (const auto id : {q.where, q.result, q.aggregate_start, q.aggregate_value}) known(id, "query");
  }

  void rule(const RulePlan& r) {
    query(r.rows);
    for (const auto& unless : r.unless)
      for (const auto id : {unless.condition, unless.because}) known(id, "unless");
    for (const auto& tier : r.tiers)
      for (const auto id : {tier.value, tier.when, tier.because}) known(id, "tier");
    for (const auto* texts : {&r.alerts, &r.details})
      for (const auto& text : *texts) known(text.text, "text");
    for (const auto& suggestion : r.suggestions) {
      known(suggestion.label, "suggestion");
      for (const auto& action : suggestion.actions)
        for (const auto id : {action.target, action.resource}) known(id, "suggestion");
    }
    for (const auto* ids : {&r.group_by, &r.overrides, &r.cites})
      for (const auto id : *ids) known(id, "rule");
    for (const auto& link : r.links)
      for (const auto id : {link.label, link.app_context}) known(id, "link");
    for (const auto& [attribute, value] : r.evidence) known(value, "evidence");
    for (const auto id : {r.severity, r.unknown_text, r.active_from, r.active_to}) known(id, "rule");
  }

  void test(const TestPlan& t) {
    for (const auto* ids : {&t.given, &t.orders})
      for (const auto id : *ids) known(id, "test");
    for (const auto& [attribute, value] : t.patient) known(value, "test");
    known(t.at, "test");
    for (const auto& expectation : t.expectations) known(expectation.value, "expectation");
  }

  const Program& p_;
  std::string problem_;
};

}  // namespace

std::string verify(const Program& program) { return Verifier(program).run(); }

std::string disassemble(const Program& program) {
  std::string out;
  for (uint32_t i = 1; i < program.instructions.size(); ++i) {
    const auto& x = program.instructions[i];
    out += "  %" + std::to_string(i) + " = " + std::string(typed::name(x.op));
    for (uint32_t o = 0; o < x.operand_count; ++o) out += " %" + std::to_string(program.operands[x.first_operand + o]);
    if (x.a != 0 || x.op == Op::kConstant) out += " #" + std::to_string(x.a);
    out += " : " + program.module.types.name(program.types[i]) + "\n";
  }
  for (size_t i = 0; i < program.definitions.size(); ++i)
    out += "define \"" + program.module.definitions[i].name + "\" = %" +
           std::to_string(program.definitions[i].body.value) + "\n";
  return out;
}

}  // namespace vigil
