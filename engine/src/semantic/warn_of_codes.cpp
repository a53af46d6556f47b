// SPDX-License-Identifier: Apache-2.0
// Codes written for an element that has other ones: `M.status = 'actve'`.
#include <algorithm>

#include "diagnostics/catalogue.h"
#include "diagnostics/suggest.h"
#include "model/fhir_bindings.h"
#include "semantic/expression_checker.h"

namespace vigil::semantic {
namespace {

using model::RequiredBinding;

/// What a value may be where it is an element with required bindings; several of a union of resources.
struct BoundElement {
  std::string name;
  std::vector<RequiredBinding> bindings;
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool same_but_for_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

/// Whether an operation gives its first operand, converted, or one of its elements.
bool passes_on(Op op) {
  constexpr Op kPassing[] = {Op::kToSystem, Op::kAs,   Op::kCast,    Op::kConvertElements,
                             Op::kFirst,    Op::kLast, Op::kIndexer, Op::kSingletonFrom};
  return std::ranges::find(kPassing, op) != std::end(kPassing);
}

ExprId as_read(const ModuleBuilder& module, ExprId id) {
  while (passes_on(module[id].op)) id = module[id].operands[0];
  return id;
}

/// The expression that a property is read of; none where `id` does not read this property.
ExprId owner_of(const ModuleBuilder& module, ExprId id, std::string_view property) {
  const auto& expr = module[id];
  const bool reads = expr.op == Op::kProperty || expr.op == Op::kTraverseProperty;
  return reads && module.element_name(expr.a) == property ? expr.operands[0] : ExprId{};
}

/// The element that an expression reads as it is, or the code of its codings. None where one type of several has the
/// element without a binding.
std::optional<BoundElement> bound_element(const ModuleBuilder& module, const TypeTable& types, ExprId id) {
  id = as_read(module, id);
  if (const auto coding = owner_of(module, id, "code"))
    if (const auto concept_read = owner_of(module, as_read(module, coding), "coding"))
      id = as_read(module, concept_read);
  const auto& expr = module[id];
  if (expr.op != Op::kProperty && expr.op != Op::kTraverseProperty) return std::nullopt;
  auto owner = module.type(expr.operands[0]);
  if (types.is_list(owner)) owner = types.element(owner);
  const auto owners = types.is_choice(owner) ? types[owner].parts : std::vector<TypeId>{owner};
  const auto& element = module.element_name(expr.a);
  BoundElement bound;
  for (const auto one : owners) {
    if (!types.is_fhir(one) || model::find_element(types.fhir_type(one), element) == nullptr) continue;
    const auto binding = model::find_required_binding(types.fhir_type(one), element);
    if (!binding) return std::nullopt;
    bound.name +=
        (bound.name.empty() ? "" : " or ") + std::string(model::type(types.fhir_type(one)).name) + "." + element;
    bound.bindings.push_back(*binding);
  }
  return bound.bindings.empty() ? std::nullopt : std::optional(std::move(bound));
}

/// Whether FHIR's own code systems of statuses and the like have it. A code of another system may stand beside the
/// required one.
bool is_of_hl7(std::string_view system) { return system.starts_with("http://terminology.hl7.org/CodeSystem/"); }

bool fits(const RequiredBinding& binding, std::string_view code, const std::string* system, bool any_case) {
  const bool known = std::ranges::any_of(
      binding.codes, [&](std::string_view one) { return one == code || (any_case && same_but_for_case(one, code)); });
  if (system == nullptr || binding.system.empty()) return known || (system != nullptr && !system->empty());
  return *system == binding.system ? known : !is_of_hl7(*system);
}

std::string hint_for(const BoundElement& bound, std::string_view code) {
  std::vector<std::string_view> known;
  for (const auto& binding : bound.bindings)
    for (const auto one : binding.codes)
      if (std::ranges::find(known, one) == known.end()) known.push_back(one);
  if (auto hint = did_you_mean(code, known); !hint.empty()) return hint;
  constexpr size_t kFew = 12;
  if (known.size() > kFew) return "its codes are those of " + std::string(bound.bindings.front().value_set);
  std::string hint;
  for (const auto one : known) hint += (hint.empty() ? "it is one of `" : "`, `") + std::string(one);
  return hint + "`";
}

/// Warns of each literal in `value`, a text, a code or a list of these, that none of the bindings has.
void warn_of_literals(const ModuleBuilder& module, DiagnosticSink& sink, const BoundElement& bound, ExprId value,
                      bool any_case) {
  const auto& expr = module[value];
  if (expr.op == Op::kMakeList || expr.op == Op::kConvertCodeToConcept || expr.op == Op::kConvertElements) {
    for (const auto item : expr.operands) warn_of_literals(module, sink, bound, item, any_case);
    return;
  }
  if (expr.op != Op::kConstant || (expr.type != model::kString && expr.type != model::kCode)) return;
  const auto& constant = module.constant_of(expr);
  const bool text = expr.type == model::kString;
  const auto& code = text ? constant.literal.text : constant.code;
  const auto fits_some = std::ranges::any_of(bound.bindings, [&](const RequiredBinding& binding) {
    return fits(binding, code, text ? nullptr : &constant.system, any_case);
  });
  if (fits_some) return;
  const bool other_system = !text && std::ranges::any_of(bound.bindings, [&](const RequiredBinding& binding) {
    return binding.has(code) && constant.system != binding.system;
  });
  sink.add(make_diagnostic<Code::VGL0406>(expr.span, code, bound.name)
               .with_hint(other_system ? "its code system is " + std::string(bound.bindings.front().system)
                                       : hint_for(bound, code)));
}

}  // namespace

/// `M.status = 'actve'`, `M.status in { 'actve' }`: equality that never holds.
void ExpressionChecker::warn_of_compared_codes(const Operation& operation, const std::vector<ExprId>& operands) {
  const auto name = operation.name;
  if (name != "Equal" && name != "Equivalent" && name != "In" && name != "Contains") return;
  for (size_t i = 0; i < 2; ++i)
    if (const auto bound = bound_element(module_, types_, operands[i]))
      warn_of_literals(module_, sink_, *bound, operands[1 - i], name == "Equivalent");
}

void ExpressionChecker::warn_of_code(model::FhirTypeId owner, std::string_view element, ExprId value) {
  const auto binding = model::find_required_binding(owner, element);
  if (!binding || !value) return;
  const auto name = std::string(model::type(owner).name) + "." + std::string(element);
  warn_of_literals(module_, sink_, {name, {*binding}}, value, false);
}

}  // namespace vigil::semantic
