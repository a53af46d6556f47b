// SPDX-License-Identifier: Apache-2.0
// Reads overloads.def, binds type variables and ranks candidates by conversion cost.
#include "semantic/overload_resolution.h"

#include <algorithm>
#include <set>

#include "semantic/conversions.h"

namespace vigil::semantic {
namespace {

struct Overload {
  std::string_view name;
  std::string_view signature;
  Op op;
};

constexpr Overload kOverloads[] = {
#define VIGIL_OVERLOAD(name, signature, operation) {name, signature, Op::k##operation},
#include "semantic/overloads.def"
#undef VIGIL_OVERLOAD
};

constexpr std::string_view kNotYet[] = {
#define VIGIL_NOT_YET(name) name,
#include "semantic/not_yet.def"
#undef VIGIL_NOT_YET
};

/// Reads one type of a signature from the front of `text`.
TypeId read_type(TypeTable& types, std::string_view& text) {
  const auto skip = [&] {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  };
  const auto word = [&] {
    skip();
    size_t n = 0;
    while (n < text.size() && (std::isalnum(static_cast<unsigned char>(text[n])) != 0 || text[n] == '.')) ++n;
    const auto w = text.substr(0, n);
    text.remove_prefix(n);
    skip();
    return w;
  };
  const auto expect = [&](char c) {
    skip();
    if (!text.empty() && text.front() == c) text.remove_prefix(1);
    skip();
  };
  const auto w = word();
  if (w == "T") return types.variable('T');
  if (w == "List" || w == "Interval") {
    expect('<');
    const auto inner = read_type(types, text);
    expect('>');
    return w == "List" ? types.list(inner) : types.interval(inner);
  }
  if (w == "Tuple") {
    expect('{');
    std::vector<std::pair<std::string, TypeId>> elements;
    while (!text.empty() && text.front() != '}') {
      const auto name = word();
      elements.emplace_back(name, read_type(types, text));
      expect(',');
    }
    expect('}');
    return types.tuple(std::move(elements));
  }
  if (w.starts_with("FHIR.")) return types.fhir(model::find_type(w.substr(5)));
  return *TypeTable::find_system(w);
}

struct Signature {
  std::vector<TypeId> parameters;
  TypeId result;
};

/// Whether the name is the ELM name of an operator that authors write with a sign or words.
bool is_operator_name(std::string_view name) {
  static constexpr std::string_view kOperators[] = {
#define VIGIL_OPERATOR(elm, spelling) #elm,
#include "ast/operators.def"
#undef VIGIL_OPERATOR
      "Indexer",
      "DurationBetween",
      "DifferenceBetween",
      "SameAs",
      "SameOrBefore",
      "SameOrAfter",
      "Before",
      "After",
      "Includes",
      "IncludedIn",
      "Meets",
      "MeetsBefore",
      "MeetsAfter",
      "Overlaps",
      "Starts",
      "Ends",
      "ConvertQuantity",
      "ProperlyIncludes",
      "ProperlyIncludedIn",
      "OverlapsBefore",
      "OverlapsAfter",
      "ConcatenateOrEmpty",
      "Expand",
      "Collapse"};
  return std::find(std::begin(kOperators), std::end(kOperators), name) != std::end(kOperators);
}

Signature read_signature(TypeTable& types, std::string_view text) {
  Signature signature;
  while (!text.starts_with("->")) {
    signature.parameters.push_back(read_type(types, text));
    if (text.starts_with(",")) text.remove_prefix(1);
  }
  text.remove_prefix(2);
  signature.result = read_type(types, text);
  return signature;
}

bool has_variable(const TypeTable& types, TypeId type) {
  if (types[type].shape == model::TypeShape::kVariable) return true;
  const auto& parts = types[type].parts;
  return std::any_of(parts.begin(), parts.end(), [&](TypeId part) { return has_variable(types, part); });
}

/// The types an operand offers for the variable in `pattern`; false where the shapes differ.
bool collect(TypeTable& types, TypeId pattern, TypeId operand, std::vector<TypeId>& found) {
  const auto shape = types[pattern].shape;
  if (shape == model::TypeShape::kVariable) {
    if (operand != model::kAny) found.push_back(operand);
    return true;
  }
  if (shape != model::TypeShape::kList && shape != model::TypeShape::kInterval) return true;
  if (operand == model::kAny) return true;
  auto actual = operand;
  if (shape == model::TypeShape::kInterval && types.is_fhir(operand))
    if (const auto system = system_type_of(types, types.fhir_type(operand))) actual = *system;
  if (types.is_choice(operand)) {  // an alternative of the wanted shape
    const auto parts = types[operand].parts;
    for (const auto part : parts)
      if (collect(types, pattern, part, found) && !found.empty()) return true;
    return false;
  }
  if (types[actual].shape != shape) return false;
  return collect(types, types.element(pattern), types.element(actual), found);
}

TypeId bind(TypeTable& types, TypeId pattern, TypeId variable) {
  switch (types[pattern].shape) {
    case model::TypeShape::kVariable: return variable;
    case model::TypeShape::kList: return types.list(bind(types, types.element(pattern), variable));
    case model::TypeShape::kInterval: return types.interval(bind(types, types.element(pattern), variable));
    default: return pattern;
  }
}

std::optional<uint32_t> total_cost(TypeTable& types, std::span<const TypeId> operands,
                                   std::span<const TypeId> parameters) {
  uint32_t total = 0;
  for (size_t i = 0; i < operands.size(); ++i) {
    const auto one = conversion_cost(types, operands[i], parameters[i]);
    if (!one) return std::nullopt;
    total += *one;
  }
  return total;
}

/// Types the variable may be, nearest first: what operands offer, their System types, a choice of all.
std::vector<TypeId> candidates_for(TypeTable& types, const std::vector<TypeId>& offered, bool allow_choice) {
  std::vector<TypeId> candidates = offered;
  for (const auto type : offered) {
    if (types.is_fhir(type))
      if (const auto system = system_type_of(types, types.fhir_type(type))) candidates.push_back(*system);
    if (types.is_choice(type)) {
      const auto parts = types[type].parts;
      for (const auto part : parts) {
        candidates.push_back(part);
        if (types.is_fhir(part))
          if (const auto system = system_type_of(types, types.fhir_type(part))) candidates.push_back(*system);
      }
    }
  }
  if (allow_choice && offered.size() > 1) candidates.push_back(types.choice(offered));
  if (candidates.empty()) candidates.push_back(model::kAny);
  return candidates;
}

std::optional<Resolution> match(TypeTable& types, const Overload& overload, std::span<const TypeId> operands) {
  const auto signature = read_signature(types, overload.signature);
  if (signature.parameters.size() != operands.size()) return std::nullopt;
  const bool generic = std::any_of(signature.parameters.begin(), signature.parameters.end(),
                                   [&](TypeId t) { return has_variable(types, t); });
  if (!generic) {
    const auto cost = total_cost(types, operands, signature.parameters);
    if (!cost) return std::nullopt;
    return Resolution{overload.op, signature.parameters, signature.result, *cost};
  }
  std::vector<TypeId> offered;
  for (size_t i = 0; i < operands.size(); ++i)
    if (!collect(types, signature.parameters[i], operands[i], offered)) return std::nullopt;
  const bool allow_choice = overload.op == Op::kUnion || overload.op == Op::kExcept || overload.op == Op::kIntersect;
  std::optional<Resolution> best;
  for (const auto variable : candidates_for(types, offered, allow_choice)) {
    std::vector<TypeId> parameters;
    for (const auto pattern : signature.parameters) parameters.push_back(bind(types, pattern, variable));
    const auto cost = total_cost(types, operands, parameters);
    if (cost && (!best || *cost < best->cost))
      best = Resolution{overload.op, parameters, bind(types, signature.result, variable), *cost};
  }
  return best;
}

}  // namespace

std::optional<Resolution> resolve_overload(TypeTable& types, std::string_view name, std::span<const TypeId> operands) {
  std::optional<Resolution> best;
  for (const auto& overload : kOverloads) {
    if (overload.name != name) continue;
    auto found = match(types, overload, operands);
    if (found && (!best || found->cost < best->cost)) best = std::move(found);
  }
  return best;
}

bool is_known_overload(std::string_view name) {
  return std::any_of(std::begin(kOverloads), std::end(kOverloads), [&](const auto& o) { return o.name == name; });
}

bool is_not_yet(std::string_view name) {
  return std::find(std::begin(kNotYet), std::end(kNotYet), name) != std::end(kNotYet);
}

std::vector<std::string> signatures_of(std::string_view name) {
  std::vector<std::string> signatures;
  for (const auto& overload : kOverloads)
    if (overload.name == name) {
      const auto parameters = overload.signature.substr(0, overload.signature.find("->"));
      signatures.push_back(std::string(name) + '(' +
                           std::string(parameters.substr(0, parameters.find_last_not_of(' ') + 1)) + ')');
    }
  return signatures;
}

std::span<const std::string_view> function_names() {
  static const std::vector<std::string_view> names = [] {
    std::set<std::string_view> unique;
    for (const auto& o : kOverloads)
      if (!is_operator_name(o.name)) unique.insert(o.name);
    for (const auto name : kNotYet) unique.insert(name);
    for (const auto name : {"Coalesce", "AgeInYears", "AgeInYearsAt", "AgeInMonths", "AgeInDays",
                            "CalculateAgeInYearsAt", "ConvertsToBoolean", "ConvertsToDate", "ConvertsToDateTime",
                            "ConvertsToDecimal", "ConvertsToInteger", "ConvertsToLong", "ConvertsToQuantity",
                            "ConvertsToRatio", "ConvertsToString", "ConvertsToTime", "CanConvertQuantity"})
      unique.insert(name);
    return std::vector<std::string_view>(unique.begin(), unique.end());
  }();
  return names;
}

}  // namespace vigil::semantic
