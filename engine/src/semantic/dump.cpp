// SPDX-License-Identifier: Apache-2.0
// S-expressions of typed expressions.
#include "semantic/dump.h"

namespace vigil::typed {
namespace {

void append(std::string& out, const Module& module, ExprId id, uint32_t depth) {
  if (!id) {
    out += "-";
    return;
  }
  const auto& expr = module[id];
  out += '(';
  out += name(expr.op);
  if (expr.op == Op::kDefinition)
    out += " \"" + module.definitions[expr.a].name + "\"";
  else if (expr.op == Op::kProperty || expr.op == Op::kTraverseProperty)
    out += " " + module.element_names[expr.a];
  else if (expr.op == Op::kLocal)
    out += " @" + std::to_string(expr.a);
  out += ":" + module.types.name(expr.type);
  if (depth > 60) {
    out += " ...)";
    return;
  }
  for (const auto operand : expr.operands) {
    out += ' ';
    append(out, module, operand, depth + 1);
  }
  if (expr.op == Op::kQuery) {
    for (const auto& source : module.queries[expr.a].sources) {
      out += " from ";
      append(out, module, source.value, depth + 1);
    }
    if (module.queries[expr.a].where) {
      out += " where ";
      append(out, module, module.queries[expr.a].where, depth + 1);
    }
  }
  out += ')';
}

}  // namespace

std::string dump(const Module& module) {
  std::string out;
  for (const auto& definition : module.definitions) {
    out += "define " + definition.library + ".\"" + definition.name + "\" : " + module.types.name(definition.type) +
           "\n  ";
    append(out, module, definition.body, 0);
    out += '\n';
  }
  for (const auto& rule : module.rules) {
    out += "rule \"" + rule.name + "\"" + (rule.failed ? " (failed)" : "") + "\n";
    for (const auto& source : rule.sources) {
      out += "  for ";
      append(out, module, source.value, 0);
      out += '\n';
    }
    out += "  when ";
    append(out, module, rule.when, 0);
    out += '\n';
  }
  return out;
}

}  // namespace vigil::typed
