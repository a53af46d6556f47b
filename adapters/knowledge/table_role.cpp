// SPDX-License-Identifier: Apache-2.0
// What each role's rows say.
#include "knowledge/table_role.h"

#include <algorithm>
#include <array>

#include "knowledge/knowledge_reader.h"
#include "knowledge/text_file.h"

namespace vigil {

namespace {

struct RoleInfo {
  std::string_view name;
  TableRole role;
  std::array<std::string_view, 3> needed;  ///< columns; empty where fewer
};

constexpr std::array kRoles = {
    RoleInfo{"drug", TableRole::kDrug, {"rxcui", "name"}},
    RoleInfo{"ingredient", TableRole::kIngredient, {"drug", "ingredient"}},
    RoleInfo{"class", TableRole::kClass, {"ingredient", "class"}},
    RoleInfo{"allergen", TableRole::kAllergen, {"code", "kind"}},
    RoleInfo{"cross-reactivity", TableRole::kCrossReactivity, {"group", "level", "ingredient"}},
    RoleInfo{"crosswalk", TableRole::kCrosswalk, {"code", "same"}},
};

/// Null for kNone.
const RoleInfo* find_role(TableRole role) {
  const auto at = std::ranges::find(kRoles, role, &RoleInfo::role);
  return at == kRoles.end() ? nullptr : &*at;
}

}  // namespace

std::optional<TableRole> parse_table_role(std::string_view text) {
  const auto at = std::ranges::find(kRoles, text, &RoleInfo::name);
  if (at == kRoles.end()) return std::nullopt;
  return at->role;
}

std::string_view table_role_name(TableRole role) {
  const RoleInfo* info = find_role(role);
  return info ? info->name : std::string_view{};
}

bool RoleWriter::check_columns(std::string_view place, DiagnosticSink& sink) const {
  const RoleInfo* role = find_role(source_.role);
  if (!role) return true;
  bool complete = true;
  for (const std::string_view needed : role->needed) {
    const auto is_it = [&](const ColumnSource& each) { return each.column.name == needed; };
    if (needed.empty() || std::ranges::any_of(source_.columns, is_it)) continue;
    complete = false;
    sink.add(data_diagnostic("VGL1104", std::string(place), {needed})
                 .with_hint("table `" + source_.name + "` has the role " + std::string(role->name)));
  }
  return complete;
}

Value RoleWriter::cell(std::span<const Value> cells, std::string_view column) const {
  for (size_t i = 0; i < cells.size(); ++i)
    if (source_.columns[i].column.name == column) return cells[i];
  return Value::null();
}

std::string_view RoleWriter::text(std::span<const Value> cells, std::string_view column) const {
  const Value value = cell(cells, column);
  if (value.kind == Kind::kString) return value.string();
  return value.kind == Kind::kCode ? value.code->code : std::string_view{};
}

ConceptId RoleWriter::concept_of(std::span<const Value> cells, std::string_view column, std::string_view system) const {
  const Value value = cell(cells, column);
  if (value.kind == Kind::kCode) return value.code->concept_id;
  return value.kind == Kind::kString ? builder_.intern(system, value.string()) : 0;
}

void RoleWriter::add_row(std::span<const Value> cells, const std::string& place, DiagnosticSink& sink) {
  const auto pair = [&](Relation relation, std::string_view from_column, std::string_view to_column,
                        std::string_view to_system) {
    const ConceptId from = concept_of(cells, from_column, kDefaultCodeSystem);
    const ConceptId to = concept_of(cells, to_column, to_system);
    relate(relation, from, to);
    return from != 0 && to != 0;
  };
  bool complete = true;
  switch (source_.role) {
    case TableRole::kNone: break;
    case TableRole::kDrug: complete = add_drug(cells); break;
    case TableRole::kIngredient:
      complete = pair(Relation::kIngredient, "drug", "ingredient", kDefaultCodeSystem);
      break;
    case TableRole::kClass: complete = pair(Relation::kDrugClass, "ingredient", "class", kDefaultCodeSystem); break;
    case TableRole::kCrosswalk: complete = pair(Relation::kSameAs, "code", "same", kDefaultCodeSystem); break;
    case TableRole::kAllergen: complete = add_allergen(cells, place, sink); break;
    case TableRole::kCrossReactivity: complete = add_cross_reactivity(cells, place, sink); break;
  }
  if (!complete)
    sink.add(
        data_diagnostic("VGL1108", place, {"row", "complete " + std::string(find_role(source_.role)->name) + " row"})
            .with_hint("it stays a row of table `" + source_.name + "`, but says nothing of drugs or allergens"));
}

bool RoleWriter::add_drug(std::span<const Value> cells) {
  const ConceptId drug = concept_of(cells, "rxcui", kDefaultCodeSystem);
  builder_.name(drug, text(cells, "name"));
  relate(Relation::kRoute, drug, concept_of(cells, "route", kRouteSystem));
  return drug != 0;
}

bool RoleWriter::add_allergen(std::span<const Value> cells, const std::string& place, DiagnosticSink& sink) {
  const Value code = cell(cells, "code");
  if (code.kind != Kind::kCode) return false;
  const ConceptId allergen = builder_.intern(code.code->system, code.code->code, text(cells, "display"));
  const ConceptId ingredient = concept_of(cells, "ingredient", kDefaultCodeSystem);
  const ConceptId group = concept_of(cells, "group", kCrossReactivitySystem);
  const std::string_view kind = text(cells, "kind");
  if (kind == "no-known") {
    builder_.add_no_allergy(allergen);
    return true;
  }
  if (kind != "ingredient" && kind != "group" && kind != "other") {
    sink.add(
        data_diagnostic("VGL1108", place, {excerpt(kind), "kind of allergen: ingredient, group, no-known or other"}));
    return true;
  }
  relate(Relation::kAllergenIngredient, allergen, ingredient);
  relate(Relation::kAllergenGroup, allergen, group);
  return kind == "other" || (kind == "ingredient" ? ingredient : group) != 0;
}

bool RoleWriter::add_cross_reactivity(std::span<const Value> cells, const std::string& place, DiagnosticSink& sink) {
  const ConceptId group = concept_of(cells, "group", kCrossReactivitySystem);
  const ConceptId ingredient = concept_of(cells, "ingredient", kDefaultCodeSystem);
  const std::string_view level = text(cells, "level");
  builder_.name(group, text(cells, "name"));
  if (level != "side-chain" && level != "class") {
    sink.add(data_diagnostic("VGL1108", place, {excerpt(level), "level of cross-reactivity: side-chain or class"}));
    return true;
  }
  relate(level == "class" ? Relation::kCrossReactiveGroup : Relation::kSideChainGroup, ingredient, group);
  return group != 0 && ingredient != 0;
}

}  // namespace vigil
