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

/// Codes of HL7: table 0162 of version 2, and RouteOfAdministration of version 3 (both terminology.hl7.org). Where both
/// have a code it means the same.
struct Hl7Route {
  std::string_view code;
  std::string_view name;
};
constexpr std::array<std::string_view, 2> kHl7Systems = {
    "http://terminology.hl7.org/CodeSystem/v2-0162", "http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration"};
constexpr std::array kHl7Routes = {
    Hl7Route{"PO", "oral"},
    Hl7Route{"CHEW", "oral"},
    Hl7Route{"IV", "intravenous"},
    Hl7Route{"IVINJ", "intravenous"},
    Hl7Route{"IM", "intramuscular"},
    Hl7Route{"SC", "subcutaneous"},
    Hl7Route{"SQ", "subcutaneous"},
    Hl7Route{"SL", "sublingual"},
    Hl7Route{"PR", "rectal"},
    Hl7Route{"TP", "topical"},
    Hl7Route{"SKIN", "topical"},
    Hl7Route{"OP", "ophthalmic"},
    Hl7Route{"OPTHALTA", "ophthalmic"},
    Hl7Route{"OT", "otic"},
    Hl7Route{"NS", "nasal"},
    Hl7Route{"IN", "nasal"},
    Hl7Route{"TD", "transdermal"},
    Hl7Route{"TRNSDERM", "transdermal"},
    Hl7Route{"VG", "vaginal"},
    Hl7Route{"IH", "inhaled"},
    Hl7Route{"B", "buccal"},
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

const Route* find_coded(std::string_view system, std::string_view code) {
  if (system == kSnomed) return find_route(&Route::snomed, code);
  if (std::find(kHl7Systems.begin(), kHl7Systems.end(), system) == kHl7Systems.end())
    return find_route(&Route::name, code);
  const auto* const at =
      std::find_if(kHl7Routes.begin(), kHl7Routes.end(), [&](const Hl7Route& r) { return r.code == code; });
  return at == kHl7Routes.end() ? nullptr : find_route(&Route::name, at->name);
}

FoundRoute route_of(const Run& run, const Object& coding) {
  const auto& elements = run.program().elements;
  const auto code = run.element(coding, elements.code), system = run.element(coding, elements.system);
  if (code.kind != Kind::kString) return {};
  const auto* const route =
      find_coded(system.kind == Kind::kString ? system.string() : std::string_view(), code.string());
  return {route != nullptr ? route->name : code.string(), route};
}

/// Calls `visit(FoundRoute)` for each coded route of one dosage instruction: where one of the codings is known, a code
/// of the site's own beside it says nothing else.
template <class Visit>
void visit_instruction(const Run& run, const Value& instruction, Visit visit) {
  const auto& elements = run.program().elements;
  if (instruction.kind != Kind::kObject) return;
  const auto route = run.element(*instruction.object, elements.route);
  if (route.kind != Kind::kObject) return;
  const auto codings = run.element(*route.object, elements.coding);
  if (codings.kind != Kind::kList) return;
  const auto found = [&](const Value& coding) {
    return coding.kind == Kind::kObject ? route_of(run, *coding.object) : FoundRoute{};
  };
  const bool known =
      std::any_of(codings.begin(), codings.end(), [&](const Value& v) { return found(v).route != nullptr; });
  for (const auto& coding : codings) {
    const auto one = found(coding);
    if (!one.name.empty() && (one.route != nullptr || !known)) visit(one);
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

/// The routes of the order's drug as the knowledge base has them.
template <class Visit>
void visit_drug_routes(Run& run, const Object& order, Visit visit) {
  ConceptList codes(run.arena()), routes(run.arena());
  add_codes(run, Value::of(&order), codes);
  add_related(run, Relation::kRoute, codes.ids(), routes);
  for (const auto id : routes.ids()) {
    const auto name = run.knowledge().concept_info(id).code;
    visit(FoundRoute{name, find_route(&Route::name, name)});
  }
}

/// The routes of the order as written or, where none is coded, of its drug.
template <class Visit>
void visit_routes(Run& run, const Object& order, Visit visit) {
  bool written = false;
  visit_ordered_routes(run, order, [&](const FoundRoute& found) {
    written = true;
    visit(found);
  });
  if (!written) visit_drug_routes(run, order, visit);
}

}  // namespace

/// routes(resource): names such as 'oral'. A code that is none of the known ones stands for itself beside the routes of
/// the drug, and leaves the list undetermined, as having none does.
Value op_Routes(Run& run, const Call& call) {
  const auto mark = run.scratch().size();
  bool all_known = true;
  const auto add = [&](const FoundRoute& found) {
    all_known = all_known && found.route != nullptr;
    const auto first = run.scratch().begin() + static_cast<std::ptrdiff_t>(mark);
    if (std::none_of(first, run.scratch().end(), [&](const Value& v) { return v.string() == found.name; }))
      run.scratch().push_back(Value::of(found.name));
  };
  visit_routes(run, *call[0].object, add);
  if (!all_known) visit_drug_routes(run, *call[0].object, add);
  const bool open = !all_known || run.scratch().size() == mark;
  return run.finish_list(mark, open ? uint8_t{Value::kUndetermined} : uint8_t{0});
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
