// SPDX-License-Identifier: Apache-2.0
// Authors' functions, and the order in which definitions are checked.
#include <set>

#include "ast/walk.h"
#include "diagnostics/catalogue.h"
#include "semantic/module_checker.h"

namespace vigil::semantic {
namespace {

/// Functions are checked where they are first called; a longer chain of calls would be too deep for the stack.
constexpr size_t kMaxChain = 500;

}  // namespace

/// A function's name and types, which is all that choosing between overloads needs.
uint32_t ModuleChecker::declare_signature(uint32_t library, FunctionEntry& entry) {
  if (entry.index) return *entry.index;
  const auto& f = std::get<ast::Function>(entry.declaration->kind);
  typed::Function function;
  function.library = libraries_[library].name;
  function.name = f.name.text;
  function.span = f.name.span;
  function.fluent = f.fluent;
  function.is_private = f.access == ast::Access::kPrivate;
  ExpressionChecker checker(module_, *libraries_[library].ast, *libraries_[library].view, sink_);
  for (const auto& parameter : f.parameters) {
    const auto type = checker.resolve_type(parameter.type);
    entry.sound = entry.sound && type;
    function.parameters.push_back(type.value_or(model::kAny));
  }
  auto& all = module_.module().functions;
  entry.library = library;
  entry.index = static_cast<uint32_t>(all.size());
  all.push_back(std::move(function));
  function_entries_.push_back(&entry);
  return *entry.index;
}

void ModuleChecker::check_function(FunctionEntry& entry) {
  const auto& f = std::get<ast::Function>(entry.declaration->kind);
  if (entry.state == State::kDone) return;
  if (entry.state == State::kChecking) {
    report_cycle(f.name.text, f.name.span, true);
    return;
  }
  if (in_progress_.size() >= kMaxChain) {
    sink_.add(
        make_diagnostic<Code::VGL0003>(f.name.span, std::to_string(kMaxChain) + " functions that call each other"));
    entry.state = State::kDone;
    return;
  }
  entry.state = State::kChecking;
  in_progress_.emplace_back(f.name.text, f.name.span);
  const auto& library = libraries_[entry.library];
  ExpressionChecker checker(module_, *library.ast, *library.view, sink_);
  auto& all = module_.module().functions;
  for (size_t i = 0; i < f.parameters.size(); ++i)
    checker.add_local(f.parameters[i].name, all[*entry.index].parameters[i]);
  const auto returns = f.returns ? checker.resolve_type(f.returns) : std::nullopt;
  if (f.external) {
    sink_.add(make_diagnostic<Code::VGL0310>(f.name.span, f.name.text));
  } else if (entry.sound) {
    auto body = checker.check(f.body);
    if (body && returns) body = checker.convert_or_report(body, *returns);
    all[*entry.index].body = body;
    all[*entry.index].result = body ? module_.type(body) : model::kAny;
  }
  all[*entry.index].frame_size = checker.frame_size();
  in_progress_.pop_back();
  entry.state = State::kDone;
}

/// Checks a library's definitions so that most are met after what they use: on-demand checking then stays shallow, also
/// for chains of thousands of definitions.
void ModuleChecker::check_in_dependency_order(uint32_t library) {
  auto& state = libraries_[library];
  const auto& ast = *state.ast;
  const auto mentions = [&](const ast::Declaration& declaration) {
    std::vector<std::string_view> names;
    std::vector<ast::ExprId> todo;
    if (const auto* d = std::get_if<ast::Definition>(&declaration.kind)) todo.push_back(d->value);
    while (!todo.empty()) {
      const auto& expr = ast[todo.back()];
      todo.pop_back();
      if (const auto* name = std::get_if<ast::NameExpr>(&expr.kind)) names.push_back(name->name.text);
      ast::for_each_child(expr, [&](ast::ExprId child) { todo.push_back(child); });
    }
    return names;
  };
  std::set<const Entry*> seen;
  struct Step {
    Entry* entry;
    std::vector<std::string_view> uses;
    size_t next;
  };
  for (const auto& declaration : ast.declarations) {
    const auto* d = std::get_if<ast::Definition>(&declaration.kind);
    if (d == nullptr) continue;
    auto& root = state.names[d->name.text];
    if (root.declaration != &declaration || !seen.insert(&root).second) continue;
    std::vector<Step> path;
    path.push_back({&root, mentions(declaration), 0});
    while (!path.empty()) {
      if (path.back().next == path.back().uses.size()) {
        auto* entry = path.back().entry;
        path.pop_back();
        use(library, *entry);
        continue;
      }
      const auto name = path.back().uses[path.back().next++];
      const auto found = state.names.find(name);
      if (found == state.names.end() || !seen.insert(&found->second).second) continue;
      if (!std::holds_alternative<ast::Definition>(found->second.declaration->kind)) continue;
      path.push_back({&found->second, mentions(*found->second.declaration), 0});
    }
  }
}

}  // namespace vigil::semantic
