// SPDX-License-Identifier: Apache-2.0
// Vigil's own functions on routes of administration: routes, isTopical (grammar/LANGUAGE.md).
#include <algorithm>
#include <array>

#include "evaluation/drug_knowledge.h"
#include "evaluation/results.h"

namespace vigil {
namespace {

/// A route by its name in the knowledge base and its SNOMED CT code, empty where the name is of the knowledge base
/// only.
struct Route {
  std::string_view snomed;
  std::string_view name;
  bool is_local = false;  ///< acts where it is applied, with little reaching the circulation
};

constexpr std::string_view kSnomed = "http://snomed.info/sct";
constexpr std::array kRoutes = {
    Route{"6064005", "topical", true},
    Route{"54485002", "ophthalmic", true},
    Route{"10547007", "otic", true},
    Route{"46713006", "nasal"},
    Route{"26643006", "oral"},
    Route{"47625008", "intravenous"},
    Route{"78421000", "intramuscular"},
    Route{"34206005", "subcutaneous"},
    Route{"37161004", "rectal"},
    Route{"16857009", "vaginal"},
    Route{"37839007", "sublingual"},
    Route{"45890007", "transdermal"},
    Route{"447694001", "inhaled"},
    Route{"", "parenteral"},
    Route{"", "buccal"},
    Route{"", "implant"},
    Route{"", "intrauterine"},
};

const Route* find_route(std::string_view Route::*key, std::string_view text) {
  if (text.empty()) return nullptr;
  const auto* const at = std::find_if(kRoutes.begin(), kRoutes.end(), [&](const Route& r) { return r.*key == text; });
  return at == kRoutes.end() ? nullptr : at;
}

/// One route as found: its name, and what is known of it.
struct FoundRoute {
  std::string_view name;
  const Route* route = nullptr;
};

FoundRoute route_of(const Run& run, const Object& coding) {
  const auto& elements = run.program().elements;
  const auto code = run.element(coding, elements.code), system = run.element(coding, elements.system);
  if (code.kind != Kind::kString) return {};
  const bool is_snomed = system.kind == Kind::kString && system.string() == kSnomed;
  const auto* const route =
      is_snomed ? find_route(&Route::snomed, code.string()) : find_route(&Route::name, code.string());
  return {route != nullptr ? route->name : code.string(), route};
}

/// Calls `visit(FoundRoute)` for each coded route of one dosage instruction.
template <class Visit>
void visit_instruction(const Run& run, const Value& instruction, Visit visit) {
  const auto& elements = run.program().elements;
  if (instruction.kind != Kind::kObject) return;
  const auto route = run.element(*instruction.object, elements.route);
  if (route.kind != Kind::kObject) return;
  const auto codings = run.element(*route.object, elements.coding);
  if (codings.kind != Kind::kList) return;
  for (const auto& coding : codings) {
    if (coding.kind != Kind::kObject) continue;
    const auto found = route_of(run, *coding.object);
    if (!found.name.empty()) visit(found);
  }
}

/// Calls `visit(FoundRoute)` for each coded route of the resource's instructions: `dosageInstruction` of a request or a
/// dispense, `dosage` of a statement (a list) or of an administration (one).
template <class Visit>
void visit_ordered_routes(const Run& run, const Object& order, Visit visit) {
  const auto& elements = run.program().elements;
  for (const auto name : {elements.dosage_instruction, elements.dosage}) {
    const auto instructions = run.element(order, name);
    if (instructions.kind != Kind::kList) {
      visit_instruction(run, instructions, visit);
      continue;
    }
    for (const auto& instruction : instructions) visit_instruction(run, instruction, visit);
  }
}

/// The routes of the order as written or, where none is coded, of its drug as the knowledge base has it.
template <class Visit>
void visit_routes(Run& run, const Object& order, Visit visit) {
  bool written = false;
  visit_ordered_routes(run, order, [&](const FoundRoute& found) {
    written = true;
    visit(found);
  });
  if (written) return;
  ConceptList codes(run.arena()), routes(run.arena());
  add_codes(run, Value::of(&order), codes);
  add_related(run, Relation::kRoute, codes.ids(), routes);
  for (const auto id : routes.ids()) {
    const auto name = run.knowledge().concept_info(id).code;
    visit(FoundRoute{name, find_route(&Route::name, name)});
  }
}

}  // namespace

/// routes(resource): names such as 'oral'; a code that is none of the known ones stands for itself. None known: the
/// list is undetermined.
Value op_Routes(Run& run, const Call& call) {
  const auto mark = run.scratch().size();
  visit_routes(run, *call[0].object, [&](const FoundRoute& found) {
    const auto first = run.scratch().begin() + static_cast<std::ptrdiff_t>(mark);
    if (std::none_of(first, run.scratch().end(), [&](const Value& v) { return v.string() == found.name; }))
      run.scratch().push_back(Value::of(found.name));
  });
  const bool none = run.scratch().size() == mark;
  return run.finish_list(mark, none ? uint8_t{Value::kUndetermined} : uint8_t{0});
}

/// isTopical(resource): whether all its routes are to skin, eye or ear; unknown where a route is not known, unless
/// another one settles it.
Value op_IsTopical(Run& run, const Call& call) {
  bool any = false, all_known = true, systemic = false;
  visit_routes(run, *call[0].object, [&](const FoundRoute& found) {
    any = true;
    all_known = all_known && found.route != nullptr;
    systemic = systemic || (found.route != nullptr && !found.route->is_local);
  });
  if (systemic) return Value::of(false);
  return any && all_known ? Value::of(true) : Value::null().with_flags(Value::kUndetermined);
}

}  // namespace vigil
