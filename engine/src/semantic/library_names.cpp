// SPDX-License-Identifier: Apache-2.0
// Finds names and functions for one library, and suggests others for those that are unknown.
#include "semantic/library_names.h"

#include <algorithm>

#include "diagnostics/catalogue.h"
#include "diagnostics/suggest.h"
#include "semantic/overload_resolution.h"

namespace vigil::semantic {
namespace {

constexpr std::pair<std::string_view, std::string_view> kWellKnownSystems[] = {
    {"RxNorm", "http://www.nlm.nih.gov/research/umls/rxnorm"},
    {"LOINC", "http://loinc.org"},
    {"SNOMEDCT", "http://snomed.info/sct"},
    {"SNOMED", "http://snomed.info/sct"},
    {"ICD10CM", "http://hl7.org/fhir/sid/icd-10-cm"},
    {"ATC", "http://www.whocc.no/atc"},
    {"DrugClass", "urn:vigil:codesystem:drug-class"}};

std::string in_library(const std::string& alias, const std::string& name, bool function) {
  return "did you mean `" + alias + (function ? "." + name + "(...)" : ".\"" + name + "\"") + "`?";
}

bool takes_nothing(std::string_view function) {
  return function == "Today" || function == "Now" || function == "TimeOfDay" ||
         (function.starts_with("AgeIn") && !function.ends_with("At"));
}

}  // namespace

Symbol LibraryNames::find(std::string_view name, std::optional<uint32_t> library, Span use) {
  if (library == kFhirHelpers) return {};
  const auto at = library.value_or(index_);
  auto& names = checker_.libraries_[at].names;
  const auto found = names.find(name);
  if (found == names.end()) {
    if (!library && name == "Patient" && uses_fhir())
      return {Symbol::Kind::kExpression, Op::kPatient, 0, checker_.module_.types().fhir(model::find_type("Patient"))};
    if (is_broken(name, at)) return {Symbol::Kind::kFailed, {}, 0, {}};
    return {};
  }
  if (library && at != index_ && found->second.is_private) {
    checker_.sink_.add(make_diagnostic<Code::VGL0207>(use, name, checker_.libraries_[at].name)
                           .label(found->second.name_span, "declared private"));
    return {Symbol::Kind::kFailed, {}, 0, {}};
  }
  return checker_.use(at, found->second);
}

std::vector<uint32_t> LibraryNames::find_functions(std::string_view name, std::optional<uint32_t> library,
                                                   bool fluent) {
  std::vector<uint32_t> found;
  if (library == kFhirHelpers) return found;
  const auto collect = [&](uint32_t at) {
    const auto functions = checker_.libraries_[at].functions.find(name);
    if (functions == checker_.libraries_[at].functions.end()) return;
    for (auto& entry : functions->second) {
      const auto& f = std::get<ast::Function>(entry.declaration->kind);
      if (entry.is_repeated || (fluent && !f.fluent) || (at != index_ && f.access == ast::Access::kPrivate)) continue;
      found.push_back(checker_.declare_signature(at, entry));
    }
  };
  collect(library.value_or(index_));
  if (fluent && !library)  // a fluent function of an included library is called without its name
    for (const auto& [alias, other] : included()) collect(other);
  return found;
}

std::optional<std::pair<std::string, std::string>> LibraryNames::find_code_system(const std::vector<ast::Name>& name) {
  if (name.empty()) return std::nullopt;
  auto at = index_;
  if (name.size() > 1) {
    const auto symbol = find(name[0].text, std::nullopt, name[0].span);
    if (symbol.kind != Symbol::Kind::kLibrary || symbol.index == kFhirHelpers) return std::nullopt;
    at = symbol.index;
  }
  const auto& names = checker_.libraries_[at].names;
  const auto found = names.find(name.back().text);
  if (found != names.end())
    if (const auto* system = std::get_if<ast::CodeSystem>(&found->second.declaration->kind))
      return std::pair(system->id, system->version);
  if (name.size() == 1 && found == names.end())
    for (const auto& [known, url] : kWellKnownSystems)
      if (known == name[0].text) return std::pair(std::string(url), std::string());
  return std::nullopt;
}

/// The libraries that can be named here, by their alias.
std::vector<std::pair<std::string, uint32_t>> LibraryNames::included() const {
  std::vector<std::pair<std::string, uint32_t>> libraries;
  for (const auto& [alias, entry] : checker_.libraries_[index_].names)
    if (entry.symbol.kind == Symbol::Kind::kLibrary && entry.symbol.index != kFhirHelpers)
      libraries.emplace_back(alias, entry.symbol.index);
  return libraries;
}

std::vector<std::string> LibraryNames::public_names(uint32_t library) const {
  std::vector<std::string> names;
  for (const auto& [name, entry] : checker_.libraries_[library].names)
    if (library == index_ || !entry.is_private) names.push_back(name);
  return names;
}

std::vector<std::string> LibraryNames::public_functions(uint32_t library) const {
  std::vector<std::string> names;
  for (const auto& [name, entries] : checker_.libraries_[library].functions) {
    const bool visible = std::any_of(entries.begin(), entries.end(), [&](const auto& entry) {
      return library == index_ || std::get<ast::Function>(entry.declaration->kind).access != ast::Access::kPrivate;
    });
    if (visible) names.push_back(name);
  }
  return names;
}

std::string LibraryNames::suggest_name(std::string_view name, std::optional<uint32_t> library,
                                       std::vector<std::string> locals) {
  if (library == kFhirHelpers) return {};
  if (library) {
    const auto functions = public_functions(*library);
    if (std::find(functions.begin(), functions.end(), name) != functions.end())
      return "it is a function: write `" + std::string(name) + "(...)`";
    return did_you_mean(name, public_names(*library));
  }
  for (const auto& [alias, other] : included())
    for (const auto& there : public_names(other))
      if (there == name) return in_library(alias, there, false);
  if (name == "Patient" && !uses_fhir()) return "add `using FHIR version '4.0.1'` at the top";
  for (auto& known : public_names(index_)) locals.push_back(std::move(known));
  if (uses_fhir()) locals.emplace_back("Patient");
  if (auto hint = did_you_mean(name, locals); !hint.empty()) return hint;
  for (const auto& [alias, other] : included()) {
    const auto there = public_names(other);
    const std::vector<std::string_view> views(there.begin(), there.end());
    if (const auto nearest = nearest_name(name, views); !nearest.empty())
      return in_library(alias, std::string(nearest), false);
  }
  const auto functions = function_names();
  if (std::find(functions.begin(), functions.end(), name) != functions.end() ||
      checker_.libraries_[index_].functions.contains(name))
    return "it is a function: write `" + std::string(name) + (takes_nothing(name) ? "()`" : "(...)`");
  const auto id = model::find_type(name);
  if (id != model::kNoType && model::is_resource(id))
    return "for those of the patient write `[" + std::string(name) + "]`";
  return {};
}

std::string LibraryNames::suggest_function(std::string_view name, std::optional<uint32_t> library) {
  if (library == kFhirHelpers) return {};
  if (library) {
    const auto names = public_names(*library);
    if (std::find(names.begin(), names.end(), name) != names.end())
      return "it is a definition, not a function: leave out the parentheses";
    return did_you_mean(name, public_functions(*library));
  }
  for (const auto& [alias, other] : included())
    for (const auto& there : public_functions(other))
      if (there == name) return in_library(alias, there, true);
  if (checker_.libraries_[index_].names.contains(name))
    return "it is a definition, not a function: leave out the parentheses";
  auto known = public_functions(index_);
  for (const auto built_in : function_names()) known.emplace_back(built_in);
  if (auto hint = did_you_mean(name, known); !hint.empty()) return hint;
  for (const auto& [alias, other] : included()) {
    const auto there = public_functions(other);
    const std::vector<std::string_view> views(there.begin(), there.end());
    if (const auto nearest = nearest_name(name, views); !nearest.empty())
      return in_library(alias, std::string(nearest), true);
  }
  return {};
}

std::string LibraryNames::suggest_code_system(std::string_view name) {
  // `when` without a condition, and then `alert 'text'`: that reads as a code of a system called `alert`.
  static constexpr std::string_view kClauses[] = {"alert", "detail", "category", "suggest", "link", "on", "because"};
  if (std::find(std::begin(kClauses), std::end(kClauses), name) != std::end(kClauses))
    return "the clause before `" + std::string(name) + "` is not complete";
  std::vector<std::string> known;
  for (const auto& [declared, entry] : checker_.libraries_[index_].names)
    if (std::holds_alternative<ast::CodeSystem>(entry.declaration->kind)) known.push_back(declared);
  for (const auto& [system, url] : kWellKnownSystems) known.emplace_back(system);
  if (auto hint = did_you_mean(name, known); !hint.empty()) return hint;
  return "declare it: `codesystem \"" + std::string(name) + "\": 'http://...'`";
}

bool LibraryNames::report_private_function(const ast::Name& name, uint32_t library) {
  if (library == kFhirHelpers || library == index_) return false;
  const auto& functions = checker_.libraries_[library].functions;
  const auto found = functions.find(name.text);
  if (found == functions.end()) return false;
  const auto& declared = std::get<ast::Function>(found->second.front().declaration->kind);
  if (declared.access != ast::Access::kPrivate) return false;
  checker_.sink_.add(make_diagnostic<Code::VGL0207>(name.span, name.text, checker_.libraries_[library].name)
                         .label(declared.name.span, "declared private"));
  return true;
}

bool LibraryNames::is_broken(std::string_view name, std::optional<uint32_t> library) {
  if (library == kFhirHelpers) return false;
  const auto& broken = checker_.libraries_[library.value_or(index_)].ast->broken;
  return std::any_of(broken.begin(), broken.end(), [&](const auto& other) { return other.text == name; });
}

void LibraryNames::require_fhir(Span use, std::string_view what) {
  auto& library = checker_.libraries_[index_];
  if (library.asked_for_fhir) return;
  library.asked_for_fhir = true;
  checker_.sink_.add(
      make_diagnostic<Code::VGL0405>(use, what).with_hint("add `using FHIR version '4.0.1'` at the top"));
}

bool LibraryNames::uses_fhir() const { return checker_.libraries_[index_].uses_fhir; }

}  // namespace vigil::semantic
