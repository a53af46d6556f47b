// SPDX-License-Identifier: Apache-2.0
// First pass over the declarations: names, usings, includes.
#include <algorithm>

#include "ast/dump.h"
#include "diagnostics/catalogue.h"
#include "diagnostics/suggest.h"
#include "semantic/module_checker.h"

namespace vigil::semantic {

void ModuleChecker::declare_name(LibraryState& library, const ast::Name& name, const ast::Declaration& declaration,
                                 bool is_private) {
  if (name.quoted && name.text.find_first_not_of(' ') == std::string::npos) report_empty_name(name);
  const auto [at, is_new] =
      library.names.try_emplace(name.text, Entry{&declaration, State::kUnchecked, {}, name.span, is_private});
  if (!is_new)
    sink_.add(make_diagnostic<Code::VGL0202>(name.span, name.text).label(at->second.name_span, "first declared here"));
}

void ModuleChecker::declare_function(LibraryState& library, const ast::Function& function,
                                     const ast::Declaration& declaration) {
  if (function.name.quoted && function.name.text.empty()) report_empty_name(function.name);
  library.functions[function.name.text].emplace_back(&declaration);
}

void ModuleChecker::declare_using(LibraryState& library, const ast::Using& model, Span span) {
  const auto name = ast::join(model.model);
  if (name == "System") return;
  if (name == "FHIR" && (model.version.empty() || model.version == "4.0.1")) {
    library.uses_fhir = true;
    return;
  }
  auto diagnostic = make_diagnostic<Code::VGL0209>(span, name, model.version);
  sink_.add(diagnostic.with_hint("write `using FHIR version '4.0.1'`"));
}

void ModuleChecker::declare_include(uint32_t index, const ast::Include& include, const ast::Declaration& declaration) {
  const auto name = ast::join(include.library);
  auto& library = libraries_[index];
  auto alias = include.alias;
  if (alias.text.empty()) alias = {include.library.back().text, include.library.back().span, false};
  declare_name(library, alias, declaration, true);
  auto& entry = library.names[alias.text];
  entry.state = State::kDone;
  entry.symbol.kind = Symbol::Kind::kLibrary;
  if (include.library.back().text == "FHIRHelpers") {
    entry.symbol.index = kFhirHelpers;
    return;
  }
  const auto found = std::find_if(libraries_.begin(), libraries_.end(), [&](const auto& l) { return l.name == name; });
  const auto place = cover(include.library.front().span, include.library.back().span);
  if (found == libraries_.end()) {
    std::vector<std::string_view> known = {"FHIRHelpers"};
    for (const auto& l : libraries_) known.push_back(l.name);
    sink_.add(make_diagnostic<Code::VGL0204>(place, name).with_hint(did_you_mean(name, known)));
    entry.symbol.kind = Symbol::Kind::kFailed;
    return;
  }
  if (!include.version.empty() && found->ast->version != include.version) {
    sink_.add(make_diagnostic<Code::VGL0205>(place, name, include.version, found->ast->version));
  }
  entry.symbol.index = static_cast<uint32_t>(found - libraries_.begin());
}

void ModuleChecker::check_context(const ast::Context& context, Span span) {
  const auto name = context.name.empty() ? std::string() : context.name.back().text;
  if (name == "Patient" || name == "Unfiltered" || name == "Population") return;
  const auto place = context.name.empty() ? span : context.name.back().span;
  if (name == "Practitioner")
    sink_.add(make_diagnostic<Code::VGL0305>(place, "context " + name));
  else
    sink_.add(make_diagnostic<Code::VGL0211>(place, name).with_hint("write `context Patient`"));
}

void ModuleChecker::declare(LibraryState& library) {
  const auto index = static_cast<uint32_t>(&library - libraries_.data());
  for (const auto& declaration : library.ast->declarations) {
    std::visit(
        [&](const auto& d) {
          using D = std::decay_t<decltype(d)>;
          if constexpr (std::is_same_v<D, ast::Using>)
            declare_using(library, d, declaration.span);
          else if constexpr (std::is_same_v<D, ast::Include>)
            declare_include(index, d, declaration);
          else if constexpr (std::is_same_v<D, ast::Context>)
            check_context(d, declaration.span);
          else if constexpr (std::is_same_v<D, ast::Function>)
            declare_function(library, d, declaration);
          else if constexpr (std::is_same_v<D, ast::Table>)
            declare_name(library, d.name, declaration, false);
          else if constexpr (std::is_same_v<D, ast::Rule> || std::is_same_v<D, ast::Test>)
            return;
          else
            declare_name(library, d.name, declaration, d.access == ast::Access::kPrivate);
        },
        declaration.kind);
  }
  check_same_signatures(library);
  // A `using FHIR` with a mistake in it is reported there; retrieves are not to blame.
  for (const auto& name : library.ast->broken) library.uses_fhir = library.uses_fhir || name.text == "FHIR";
}

void ModuleChecker::report_empty_name(const ast::Name& name) {
  sink_.add(make_diagnostic<Code::VGL0212>(name.span).with_hint("say what it is, in a few words"));
}

/// Functions may share a name where they take different types (CQL 1.5, author's guide, "Defining Functions").
void ModuleChecker::check_same_signatures(LibraryState& library) {
  for (auto& [name, entries] : library.functions) {
    std::map<std::string, Span> seen;
    for (auto& entry : entries) {
      const auto& f = std::get<ast::Function>(entry.declaration->kind);
      std::string signature = name + '(';
      for (const auto& parameter : f.parameters)
        signature += (signature.back() == '(' ? "" : ", ") + ast::dump(*library.ast, parameter.type);
      signature += ')';
      const auto [at, is_new] = seen.try_emplace(signature, f.name.span);
      if (is_new) continue;
      sink_.add(make_diagnostic<Code::VGL0202>(f.name.span, signature).label(at->second, "first declared here"));
      entry.is_repeated = true;
    }
  }
}

void ModuleChecker::check_include_cycles() {
  // Depth-first over includes; a library on the current path that is met again closes a cycle.
  std::vector<State> states(libraries_.size(), State::kUnchecked);
  std::vector<uint32_t> path;
  const std::function<void(uint32_t)> visit = [&](uint32_t index) {
    states[index] = State::kChecking;
    path.push_back(index);
    for (auto& [name, entry] : libraries_[index].names) {
      if (entry.symbol.kind != Symbol::Kind::kLibrary || entry.symbol.index == kFhirHelpers) continue;
      const auto next = entry.symbol.index;
      if (states[next] == State::kChecking) {
        std::string cycle;
        for (auto at = std::find(path.begin(), path.end(), next); at != path.end(); ++at)
          cycle += libraries_[*at].name + " -> ";
        sink_.add(make_diagnostic<Code::VGL0703>(entry.name_span, cycle + libraries_[next].name));
        entry.symbol.kind = Symbol::Kind::kFailed;
      } else if (states[next] == State::kUnchecked) {
        visit(next);
      }
    }
    path.pop_back();
    states[index] = State::kDone;
  };
  for (uint32_t i = 0; i < libraries_.size(); ++i)
    if (states[i] == State::kUnchecked) visit(i);
}

}  // namespace vigil::semantic
