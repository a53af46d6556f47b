// SPDX-License-Identifier: Apache-2.0
// Interning and subtyping of static types.
#include "model/type_table.h"

#include <algorithm>

namespace vigil::model {
namespace {

constexpr std::string_view kSystemNames[kSystemTypeCount] = {
    "Any",  "Boolean",  "Integer", "Long", "Decimal", "String",   "Date",       "DateTime",
    "Time", "Quantity", "Ratio",   "Code", "Concept", "ValueSet", "CodeSystem", "Vocabulary"};
constexpr TypeId kSystemIds[kSystemTypeCount] = {kAny,     kBoolean,  kInteger,    kLong,      kDecimal, kString,
                                                 kDate,    kDateTime, kTime,       kQuantity,  kRatio,   kCode,
                                                 kConcept, kValueSet, kCodeSystem, kVocabulary};

}  // namespace

TypeTable::TypeTable() { nodes_.resize(kSystemTypeCount); }

TypeId TypeTable::intern(TypeNode node) {
  const auto next = TypeId{static_cast<uint32_t>(nodes_.size())};
  const auto [at, is_new] = ids_.try_emplace(node, next);
  if (is_new) nodes_.push_back(std::move(node));
  return at->second;
}

TypeId TypeTable::fhir(FhirTypeId type) { return intern({TypeShape::kFhir, type, {}, {}}); }
TypeId TypeTable::list(TypeId element) { return intern({TypeShape::kList, kNoType, {element}, {}}); }
TypeId TypeTable::interval(TypeId point) { return intern({TypeShape::kInterval, kNoType, {point}, {}}); }
TypeId TypeTable::variable(char name) { return intern({TypeShape::kVariable, kNoType, {}, {std::string(1, name)}}); }

TypeId TypeTable::tuple(std::vector<std::pair<std::string, TypeId>> elements) {
  std::sort(elements.begin(), elements.end());
  TypeNode node{TypeShape::kTuple, kNoType, {}, {}};
  for (auto& [name, type] : elements) {
    node.names.push_back(std::move(name));
    node.parts.push_back(type);
  }
  return intern(std::move(node));
}

/// The same in every module, whatever types it met before: alternatives are tried in this order.
bool TypeTable::is_before(TypeId a, TypeId b) const {
  const auto rank = [&](TypeId id) { return id.value < kSystemTypeCount ? 0 : is_fhir(id) ? 1 : 2; };
  if (a == b) return false;
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  if (rank(a) == 0) return a < b;
  if (rank(a) == 1) return fhir_type(a) < fhir_type(b);
  return name(a) < name(b);
}

TypeId TypeTable::choice(std::vector<TypeId> choices) {
  auto flat = std::move(choices);
  for (size_t i = 0; i < flat.size();) {
    if (!is_choice(flat[i])) {
      ++i;
      continue;
    }
    const auto& parts = (*this)[flat[i]].parts;
    flat.erase(flat.begin() + static_cast<ptrdiff_t>(i));
    flat.insert(flat.end(), parts.begin(), parts.end());
  }
  std::sort(flat.begin(), flat.end(), [&](TypeId a, TypeId b) { return is_before(a, b); });
  flat.erase(std::unique(flat.begin(), flat.end()), flat.end());
  if (flat.size() > 1) std::erase(flat, kAny);  // null alone adds nothing to a choice
  if (flat.size() == 1) return flat[0];
  return intern({TypeShape::kChoice, kNoType, std::move(flat), {}});
}

std::string TypeTable::name(TypeId id) const {
  if (id.value < kSystemTypeCount) return std::string(kSystemNames[id.value]);
  const auto& node = nodes_[id.value];
  switch (node.shape) {
    case TypeShape::kSystem: break;
    case TypeShape::kFhir: return "FHIR." + std::string(type(node.fhir).name);
    case TypeShape::kList: return "List<" + name(node.parts[0]) + ">";
    case TypeShape::kInterval: return "Interval<" + name(node.parts[0]) + ">";
    case TypeShape::kVariable: return node.names[0];
    case TypeShape::kTuple:
    case TypeShape::kChoice: break;
  }
  std::string text = node.shape == TypeShape::kTuple ? "Tuple { " : "Choice<";
  for (size_t i = 0; i < node.parts.size(); ++i) {
    if (i > 0) text += ", ";
    if (node.shape == TypeShape::kTuple) text += node.names[i] + " ";
    text += name(node.parts[i]);
  }
  return text + (node.shape == TypeShape::kTuple ? " }" : ">");
}

const TypeId* TypeTable::find_system(std::string_view name) {
  for (uint32_t i = 0; i < kSystemTypeCount; ++i)
    if (kSystemNames[i] == name) return &kSystemIds[i];
  return nullptr;
}

bool TypeTable::is_subtype(TypeId derived, TypeId base) const {
  if (derived == base || base == kAny) return true;
  if (base == kVocabulary) return derived == kValueSet || derived == kCodeSystem;
  const auto& d = nodes_[derived.value];
  const auto& b = nodes_[base.value];
  const auto is_sub = [&](TypeId x, TypeId y) { return is_subtype(x, y); };
  if (d.shape == TypeShape::kChoice)
    return std::all_of(d.parts.begin(), d.parts.end(), [&](TypeId part) { return is_sub(part, base); });
  if (b.shape == TypeShape::kChoice)
    return std::any_of(b.parts.begin(), b.parts.end(), [&](TypeId part) { return is_sub(derived, part); });
  if (d.shape != b.shape) return false;
  switch (d.shape) {
    case TypeShape::kFhir: return model::is_subtype(d.fhir, b.fhir);
    case TypeShape::kList:
    case TypeShape::kInterval: return is_sub(d.parts[0], b.parts[0]);
    case TypeShape::kTuple:
      return d.names == b.names && std::equal(d.parts.begin(), d.parts.end(), b.parts.begin(), is_sub);
    default: return false;
  }
}

}  // namespace vigil::model
