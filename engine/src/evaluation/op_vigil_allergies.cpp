// SPDX-License-Identifier: Apache-2.0
// Vigil's own functions on allergies: allergyMatch, isSevere (grammar/LANGUAGE.md).
#include "evaluation/drug_knowledge.h"
#include "evaluation/results.h"

namespace vigil {
namespace {

/// Calls `visit(coding)` for each Coding of a CodeableConcept.
template <class Visit>
void visit_codings(const Run& run, const Value& codeable_concept, Visit visit) {
  if (codeable_concept.kind != Kind::kObject) return;
  const auto codings = run.element(*codeable_concept.object, run.program().elements.coding);
  if (codings.kind != Kind::kList) return;
  for (const auto& coding : codings)
    if (coding.kind == Kind::kObject) visit(*coding.object);
}

/// Calls `visit(reaction)` for each recorded reaction.
template <class Visit>
void visit_reactions(const Run& run, const Object& allergy, Visit visit) {
  const auto reactions = run.element(allergy, run.program().elements.reaction);
  if (reactions.kind != Kind::kList) return;
  for (const auto& reaction : reactions)
    if (reaction.kind == Kind::kObject) visit(*reaction.object);
}

/// Recorded in error, or found not to be so.
bool is_withdrawn(const Run& run, const Object& allergy) {
  bool withdrawn = false;
  const auto& elements = run.program().elements;
  visit_codings(run, run.element(allergy, elements.verification_status), [&](const Object& coding) {
    const auto code = run.element(coding, elements.code);
    if (code.kind == Kind::kString)
      withdrawn = withdrawn || code.string() == "refuted" || code.string() == "entered-in-error";
  });
  return withdrawn;
}

/// The codes of what the patient reacts to: of the allergy, and of the substances of its reactions.
void add_allergens(Run& run, const Value& allergy, ConceptList& codes) {
  add_codes(run, allergy, codes);
  visit_reactions(run, *allergy.object, [&](const Object& reaction) {
    visit_codings(run, run.element(reaction, run.program().elements.substance), [&](const Object& coding) {
      if (coding.concept_id != 0) codes.add(coding.concept_id);
    });
  });
}

/// What allergens stand for among drugs.
struct Allergens {
  explicit Allergens(Arena& arena) : ingredients(arena), groups(arena) {}
  ConceptList ingredients;
  ConceptList groups;
  bool recognised = false;
};

void look_up(const Run& run, std::span<const ConceptId> codes, Allergens& allergens) {
  add_related(run, Relation::kIngredient, codes, allergens.ingredients);
  add_related(run, Relation::kAllergenIngredient, codes, allergens.ingredients);
  add_related(run, Relation::kAllergenGroup, codes, allergens.groups);
  // A concept that the knowledge base holds without relating it to a drug, such as peanut, is known not to be one.
  const auto count = run.knowledge().concept_count();
  allergens.recognised = std::any_of(codes.begin(), codes.end(), [count](ConceptId id) { return id <= count; });
}

/// The group of a relation that an ordered ingredient shares with the allergens; 0 without one.
ConceptId shared_group(Run& run, Relation relation, const ConceptList& ingredients, const Allergens& allergens) {
  ConceptList ordered(run.arena()), reacted(run.arena());
  add_related(run, relation, ingredients.ids(), ordered);
  reacted.add_all(allergens.groups.ids());
  add_related(run, relation, allergens.ingredients.ids(), reacted);
  return ordered.shared_with(reacted);
}

/// Tuple { level, via }, in the order of names.
Value make_match(Run& run, const Call& call, std::string_view level, ConceptId via) {
  auto* const slots = run.arena().array<Value>(2);
  slots[0] = Value::of(level);
  slots[1] = Value::of(name_of(run, via));
  return Value::of(static_cast<const TupleValue*>(run.arena().make<TupleValue>(TupleValue{slots, 2, call.type.value})));
}

}  // namespace

/// allergyMatch(order, allergy): the nearest way in which they meet: the ingredient itself, a group of one side chain,
/// a group of one class. Null where they do not; undetermined where nothing recognises the one or the other.
Value op_AllergyMatch(Run& run, const Call& call) {
  if (is_withdrawn(run, *call[1].object)) return Value::null();
  ConceptList codes(run.arena()), ingredients(run.arena());
  add_allergens(run, call[1], codes);
  for (const auto id : codes.ids())
    if (run.knowledge().states_no_allergy(id)) return Value::null();
  Allergens allergens(run.arena());
  look_up(run, codes.ids(), allergens);
  const bool recognised = add_ingredients(run, call[0], ingredients) && allergens.recognised;

  if (const auto via = ingredients.shared_with(allergens.ingredients)) return make_match(run, call, "ingredient", via);
  if (const auto via = shared_group(run, Relation::kSideChainGroup, ingredients, allergens))
    return make_match(run, call, "side-chain", via);
  if (const auto via = shared_group(run, Relation::kCrossReactiveGroup, ingredients, allergens))
    return make_match(run, call, "class", via);
  return Value::null().with_flags(recognised ? 0 : Value::kUndetermined);
}

/// isSevere(allergy): of high criticality, or with a severe reaction. It is not severe where the criticality is low, or
/// is not recorded and every reaction was mild or moderate. Else it is open.
Value op_IsSevere(Run& run, const Call& call) {
  const auto& elements = run.program().elements;
  const auto criticality = run.element(*call[0].object, elements.criticality);
  const auto is = [](const Value& v, std::string_view code) { return v.kind == Kind::kString && v.string() == code; };
  if (is(criticality, "high")) return Value::of(true);
  bool severe = false, any_graded = false, any_ungraded = false;
  visit_reactions(run, *call[0].object, [&](const Object& reaction) {
    const auto severity = run.element(reaction, elements.severity);
    severe = severe || is(severity, "severe");
    const bool graded = is(severity, "mild") || is(severity, "moderate");
    any_graded = any_graded || graded;
    any_ungraded = any_ungraded || !graded;
  });
  if (severe) return Value::of(true);
  const bool settled =
      is(criticality, "low") || (criticality.is_null() && !criticality.undetermined() && any_graded && !any_ungraded);
  return Value::of(false).with_flags(settled ? 0 : Value::kUndetermined);
}

}  // namespace vigil
