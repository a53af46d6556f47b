// SPDX-License-Identifier: Apache-2.0
// Retrieves: the resource type, the code element and what it is compared with.
#include "diagnostics/catalogue.h"
#include "diagnostics/suggest.h"
#include "semantic/conversions.h"
#include "semantic/expression_checker.h"

namespace vigil::semantic {

/// Whether a place stands below `context Unfiltered`, which earlier editions call `Population`.
bool ExpressionChecker::is_unfiltered(Span place) const {
  bool unfiltered = false;
  for (const auto& declaration : library_.declarations) {
    if (declaration.span.begin > place.begin) break;
    if (const auto* const context = std::get_if<ast::Context>(&declaration.kind); context && !context->name.empty())
      unfiltered = context->name.back().text != "Patient";
  }
  return unfiltered;
}

ExprId ExpressionChecker::check_retrieve(const ast::RetrieveExpr& e, Span span) {
  auto name = ast::join(e.type.parts);
  const auto type_span = e.type.parts.empty() ? span : cover(e.type.parts.front().span, e.type.parts.back().span);
  if (!names_.uses_fhir()) {
    names_.require_fhir(span, "a retrieve");
    return none();
  }
  if (name.starts_with("FHIR.")) name.erase(0, 5);
  typed::Retrieve retrieve;
  retrieve.span = span;
  retrieve.scope = e.scope;
  retrieve.type = model::find_type(name);
  if (is_unfiltered(span)) {
    sink_.add(make_diagnostic<Code::VGL0305>(span, "a retrieve in context Unfiltered")
                  .with_hint("one patient is evaluated at a time: move it below `context Patient`"));
    return none();
  }
  if (retrieve.type == model::kNoType) {
    if (model::is_profile_name(name)) {
      sink_.add(make_diagnostic<Code::VGL0402>(type_span, name)
                    .with_hint("retrieve the resource type and test what the profile asks for"));
      return none();
    }
    std::vector<std::string_view> known;
    for (size_t i = 0; i < model::type_count(); ++i)
      if (model::type(static_cast<model::FhirTypeId>(i)).kind == model::TypeKind::kResource)
        known.push_back(model::type(static_cast<model::FhirTypeId>(i)).name);
    auto hint = did_you_mean(name, known);
    const bool declared = names_.find(name, std::nullopt, type_span).kind != Symbol::Kind::kNone;
    if (declared) hint = "leave out the brackets to use the definition: `\"" + name + "\"`";
    sink_.add(make_diagnostic<Code::VGL0401>(type_span, name).with_hint(std::move(hint)));
    return none();
  }
  if (!model::is_resource(retrieve.type)) {
    sink_.add(make_diagnostic<Code::VGL0403>(type_span, name));
    return none();
  }
  if (model::type(retrieve.type).kind == model::TypeKind::kAbstract) {
    sink_.add(make_diagnostic<Code::VGL0305>(span, "a retrieve of all types")
                  .with_hint("retrieve the types that are meant: `[Condition] union [Procedure]`"));
    return none();
  }
  if (e.terminology) {
    retrieve.terminology = retrieve_terminology(e, retrieve, span);
    if (!retrieve.terminology) return none();
  }
  module_.module().retrieves.push_back(retrieve);
  const auto list = types_.list(types_.fhir(retrieve.type));
  const auto retrieved =
      module_.add(Op::kRetrieve, list, span, {}, static_cast<uint32_t>(module_.module().retrieves.size() - 1));
  if (!e.context) return retrieved;
  const auto patient = check_as(e.context, types_.fhir(model::find_type("Patient")));
  return patient ? module_.add(Op::kRelatedContext, list, span, {patient, retrieved}) : none();
}

ExprId ExpressionChecker::retrieve_terminology(const ast::RetrieveExpr& e, typed::Retrieve& retrieve, Span span) {
  const auto& info = model::type(retrieve.type);
  const auto primary = std::string(info.primary_code_path);
  auto path = ast::join(e.code_path);
  retrieve.primary_path = path.empty() || path == primary;
  if (path.empty()) path = primary;
  const auto* element = path.empty() ? nullptr : model::find_element(retrieve.type, path);
  if (element == nullptr) {
    if (e.code_path.empty()) {
      sink_.add(make_diagnostic<Code::VGL0404>(span, info.name));
    } else {
      report_no_element(types_.fhir(retrieve.type), e.code_path.front(),
                        primary.empty() ? "" : "its codes stand in `" + primary + "`: leave the element out",
                        ElementUse::kNamed);
    }
    return none();
  }
  retrieve.code_path = path;
  retrieve.equivalence = e.comparator && *e.comparator != "in";
  auto terminology = check(e.terminology);
  if (!terminology) return none();
  warn_of_code(retrieve.type, path, terminology);
  const auto t = type(terminology);
  const auto codes = types_.list(model::kCode);
  if (t == model::kValueSet || t == model::kCode || t == model::kConcept || t == codes) return terminology;
  if (types_.is_fhir(t) || types_.is_list(t)) {
    for (const auto wanted : {model::kConcept, codes})
      if (conversion_cost(types_, t, wanted)) return convert(module_, terminology, wanted);
  }
  // Of an element that is a text or code without a system, its texts: `[Observation: status in { 'final' }]`.
  const bool is_text = system_type_of(types_, element->types[0]) == model::kString;
  if (is_text && (t == model::kString || t == types_.list(model::kString))) return terminology;
  sink_.add(
      make_diagnostic<Code::VGL0303>(module_.span(terminology), "a value set, a code or a list of codes",
                                     spoken_type(types_, t))
          .with_hint(t == model::kString
                         ? "the name of a value set stands in double quotes; a code has its system: `RxNorm '11289'`"
                         : ""));
  return none();
}

}  // namespace vigil::semantic
