// SPDX-License-Identifier: Apache-2.0
// Definitions, functions, parameters, terminology and tables: each checked once, when first used.
#include <algorithm>

#include "diagnostics/catalogue.h"
#include "diagnostics/suggest.h"
#include "semantic/check.h"
#include "semantic/conversions.h"
#include "semantic/library_names.h"
#include "semantic/module_checker.h"

namespace vigil::semantic {
ModuleChecker::ModuleChecker(std::span<const ast::Library> libraries, typed::Module& module, DiagnosticSink& sink)
    : asts_(libraries), module_(module), sink_(sink) {
  libraries_.resize(libraries.size());
  for (uint32_t i = 0; i < libraries.size(); ++i) {
    libraries_[i].ast = &libraries[i];
    libraries_[i].name = ast::join(libraries[i].name);
    libraries_[i].view = std::make_unique<LibraryNames>(*this, i);
  }
}

ModuleChecker::~ModuleChecker() = default;

void ModuleChecker::report_cycle(std::string_view name, Span span, bool function) {
  std::string path;
  const auto begin =
      std::find_if(in_progress_.begin(), in_progress_.end(), [&](const auto& p) { return p.first == name; });
  for (auto at = begin; at != in_progress_.end(); ++at) path += "`" + at->first + "` -> ";
  path += "`" + std::string(name) + "`";
  if (function)
    sink_.add(make_diagnostic<Code::VGL0702>(span, name, path));
  else
    sink_.add(make_diagnostic<Code::VGL0701>(span, name, path)
                  .with_hint("break the cycle: one of these must not use the next"));
}

Symbol ModuleChecker::use(uint32_t library, Entry& entry) {
  if (entry.state == State::kDone) return entry.symbol;
  if (entry.state == State::kChecking) {
    const auto* d = std::get_if<ast::Definition>(&entry.declaration->kind);
    report_cycle(d != nullptr ? std::string_view(d->name.text) : "?", entry.name_span, false);
    return {Symbol::Kind::kFailed, {}, 0, {}};
  }
  entry.state = State::kChecking;
  auto symbol = check_entry(library, *entry.declaration);
  entry.state = State::kDone;
  entry.symbol = symbol;
  return symbol;
}

Symbol ModuleChecker::check_entry(uint32_t library, const ast::Declaration& declaration) {
  if (const auto* d = std::get_if<ast::Definition>(&declaration.kind))
    return check_definition(library, *d, declaration.span);
  if (const auto* d = std::get_if<ast::Parameter>(&declaration.kind)) return check_parameter(library, *d);
  if (const auto* d = std::get_if<ast::ValueSet>(&declaration.kind))
    return check_value_set(library, *d, declaration.span);
  if (const auto* d = std::get_if<ast::CodeSystem>(&declaration.kind)) return check_code_system(*d);
  if (const auto* d = std::get_if<ast::CodeDefinition>(&declaration.kind))
    return check_code(library, *d, declaration.span);
  if (const auto* d = std::get_if<ast::ConceptDefinition>(&declaration.kind))
    return check_concept(library, *d, declaration.span);
  if (const auto* d = std::get_if<ast::Table>(&declaration.kind)) return check_table(library, *d, declaration.span);
  return {};
}

Symbol ModuleChecker::check_definition(uint32_t library, const ast::Definition& d, Span span) {
  in_progress_.emplace_back(d.name.text, d.name.span);
  ExpressionChecker checker(module_, *libraries_[library].ast, *libraries_[library].view, sink_);
  const auto body = checker.check(d.value);
  in_progress_.pop_back();
  typed::Definition definition;
  definition.library = libraries_[library].name;
  definition.name = d.name.text;
  definition.span = span;
  definition.body = body;
  definition.failed = !body;
  definition.type = body ? module_.type(body) : model::kAny;
  definition.frame_size = checker.frame_size();
  definition.is_private = d.access == ast::Access::kPrivate;
  auto& all = module_.module().definitions;
  all.push_back(std::move(definition));
  if (!body) return {Symbol::Kind::kFailed, {}, 0, {}};
  return {Symbol::Kind::kExpression, Op::kDefinition, static_cast<uint32_t>(all.size() - 1), module_.type(body)};
}

Symbol ModuleChecker::check_parameter(uint32_t library, const ast::Parameter& d) {
  ExpressionChecker checker(module_, *libraries_[library].ast, *libraries_[library].view, sink_);
  typed::Parameter parameter{libraries_[library].name, d.name.text, d.name.span, model::kAny, {}, 0};
  const auto declared = d.type ? checker.resolve_type(d.type) : std::nullopt;
  if (d.type && !declared) return {Symbol::Kind::kFailed, {}, 0, {}};
  if (!d.type && !d.default_value) {
    sink_.add(make_diagnostic<Code::VGL0314>(d.name.span, d.name.text)
                  .with_hint("write `parameter \"" + d.name.text + "\" Integer`, or give it a default"));
    return {Symbol::Kind::kFailed, {}, 0, {}};
  }
  if (d.default_value) {
    parameter.default_value = declared ? checker.check_as(d.default_value, *declared) : checker.check(d.default_value);
    if (!parameter.default_value) return {Symbol::Kind::kFailed, {}, 0, {}};
  }
  parameter.type = declared ? *declared : module_.type(parameter.default_value);
  parameter.frame_size = checker.frame_size();
  const auto type = parameter.type;
  auto& all = module_.module().parameters;
  all.push_back(std::move(parameter));
  return {Symbol::Kind::kExpression, Op::kParameter, static_cast<uint32_t>(all.size() - 1), type};
}

Symbol ModuleChecker::constant_symbol(typed::Constant constant) {
  auto& all = module_.module().constants;
  const auto type = constant.type;
  all.push_back(std::move(constant));
  return {Symbol::Kind::kExpression, Op::kConstant, static_cast<uint32_t>(all.size() - 1), type};
}

Symbol ModuleChecker::check_value_set(uint32_t library, const ast::ValueSet& d, Span span) {
  for (const auto& system : d.code_systems)
    if (!libraries_[library].view->find_code_system(system)) report_unknown_code_system(library, system, span);
  typed::Constant constant;
  constant.type = model::kValueSet;
  constant.declared = span;
  constant.code = d.id;
  constant.version = d.version;
  constant.display = d.name.text;
  return constant_symbol(std::move(constant));
}

Symbol ModuleChecker::check_code_system(const ast::CodeSystem& d) {
  typed::Constant constant;
  constant.type = model::kCodeSystem;
  constant.code = d.id;
  constant.version = d.version;
  constant.display = d.name.text;
  return constant_symbol(std::move(constant));
}

Symbol ModuleChecker::check_code(uint32_t library, const ast::CodeDefinition& d, Span span) {
  const auto system = libraries_[library].view->find_code_system(d.code.system);
  if (!system) {
    report_unknown_code_system(library, d.code.system, span);
    return {Symbol::Kind::kFailed, {}, 0, {}};
  }
  typed::Constant constant;
  constant.type = model::kCode;
  constant.code = d.code.code;
  constant.system = system->first;
  constant.version = system->second;
  constant.display = d.code.display;
  return constant_symbol(std::move(constant));
}

void ModuleChecker::report_unknown_code_system(uint32_t library, const std::vector<ast::Name>& name, Span otherwise) {
  auto& view = *libraries_[library].view;
  const auto text = ast::join(name);
  if (!name.empty() && view.is_broken(name.back().text)) return;
  const auto place = name.empty() ? otherwise : cover(name.front().span, name.back().span);
  sink_.add(make_diagnostic<Code::VGL0206>(place, text).with_hint(view.suggest_code_system(text)));
}

const typed::Constant* ModuleChecker::code_constant(uint32_t library, const std::vector<ast::Name>& name) {
  auto& names = *libraries_[library].view;
  std::optional<uint32_t> qualifier;
  if (name.size() > 1) {
    const auto symbol = names.find(name[0].text, std::nullopt, name[0].span);
    if (symbol.kind != Symbol::Kind::kLibrary) return nullptr;
    qualifier = symbol.index;
  }
  const auto symbol = names.find(name.back().text, qualifier, name.back().span);
  if (symbol.kind != Symbol::Kind::kExpression || symbol.op != Op::kConstant || symbol.type != model::kCode) {
    if (symbol.kind == Symbol::Kind::kNone)
      sink_.add(make_diagnostic<Code::VGL0201>(name.back().span, name.back().text)
                    .with_hint(names.suggest_name(name.back().text, qualifier, {})));
    else if (symbol.kind == Symbol::Kind::kExpression)
      sink_.add(make_diagnostic<Code::VGL0303>(name.back().span, "a code", spoken_type(module_.types(), symbol.type))
                    .with_hint("a concept lists codes: `code \"...\": '...' from \"...\"`"));
    return nullptr;
  }
  return &module_.module().constants[symbol.index];
}

Symbol ModuleChecker::check_concept(uint32_t library, const ast::ConceptDefinition& d, Span) {
  typed::Constant constant;
  constant.type = model::kConcept;
  constant.display = d.display;
  for (const auto& name : d.codes) {
    const auto* code = code_constant(library, name);
    if (code == nullptr) return {Symbol::Kind::kFailed, {}, 0, {}};
    constant.codes.push_back(*code);
  }
  return constant_symbol(std::move(constant));
}

Symbol ModuleChecker::check_table(uint32_t library, const ast::Table& d, Span span) {
  ExpressionChecker checker(module_, *libraries_[library].ast, *libraries_[library].view, sink_);
  typed::Table table;
  table.name = d.name.text;
  table.span = span;
  std::vector<std::pair<std::string, TypeId>> elements;
  for (const auto& column : d.columns) {
    const auto type = checker.resolve_type(column.type);
    if (!type) return {Symbol::Kind::kFailed, {}, 0, {}};
    if (std::find(table.columns.begin(), table.columns.end(), column.name.text) != table.columns.end())
      sink_.add(make_diagnostic<Code::VGL0309>(column.name.span, column.name.text));
    table.columns.push_back(column.name.text);
    table.column_spans.push_back(column.name.span);
    table.column_types.push_back(*type);
    elements.emplace_back(column.name.text, *type);
  }
  if (!d.symmetric.empty()) {
    const auto index = [&](const ast::Name& name) {
      const auto at = std::find(table.columns.begin(), table.columns.end(), name.text);
      if (at == table.columns.end())
        sink_.add(make_diagnostic<Code::VGL0504>(name.span, d.name.text, name.text)
                      .with_hint(did_you_mean(name.text, table.columns)));
      return at == table.columns.end() ? -1 : static_cast<int32_t>(at - table.columns.begin());
    };
    if (d.symmetric.size() == 2) {
      table.symmetric_a = index(d.symmetric[0]);
      table.symmetric_b = index(d.symmetric[1]);
    }
    const bool known = table.symmetric_a >= 0 && table.symmetric_b >= 0;
    const bool same = known && table.symmetric_a == table.symmetric_b;
    if (d.symmetric.size() != 2 || same ||
        (known && table.column_types[static_cast<size_t>(table.symmetric_a)] !=
                      table.column_types[static_cast<size_t>(table.symmetric_b)]))
      sink_.add(make_diagnostic<Code::VGL0506>(cover(d.symmetric.front().span, d.symmetric.back().span))
                    .with_hint(d.symmetric.size() == 2 && !same ? "" : "name the two columns that may be exchanged"));
  }
  table.row = module_.types().tuple(elements);
  const auto type = module_.types().list(table.row);
  auto& all = module_.module().tables;
  all.push_back(std::move(table));
  return {Symbol::Kind::kExpression, Op::kTableRows, static_cast<uint32_t>(all.size() - 1), type};
}

void ModuleChecker::run() {
  for (auto& library : libraries_) declare(library);
  check_include_cycles();
  for (uint32_t i = 0; i < libraries_.size(); ++i) {
    check_in_dependency_order(i);
    for (auto& [name, entry] : libraries_[i].names) use(i, entry);
    for (auto& [name, functions] : libraries_[i].functions)
      for (auto& function : functions) {
        if (function.is_repeated) continue;
        declare_signature(i, function);
        check_function(function);
      }
  }
  for (uint32_t i = 0; i < libraries_.size(); ++i)
    for (const auto& declaration : libraries_[i].ast->declarations)
      if (const auto* rule = std::get_if<ast::Rule>(&declaration.kind)) check_rule(i, *rule);
  for (uint32_t i = 0; i < libraries_.size(); ++i)
    for (const auto& declaration : libraries_[i].ast->declarations)
      if (const auto* test = std::get_if<ast::Test>(&declaration.kind)) check_test(i, *test);
}

}  // namespace vigil::semantic

namespace vigil {

typed::Module check(std::span<const ast::Library> libraries, DiagnosticSink& sink) {
  typed::Module module;
  semantic::ModuleChecker(libraries, module, sink).run();
  return module;
}

}  // namespace vigil
