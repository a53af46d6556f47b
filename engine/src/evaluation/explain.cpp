// SPDX-License-Identifier: Apache-2.0
// Explanation trees and missing data.
#include "evaluation/explain.h"

#include <algorithm>

#include "evaluation/show.h"
#include "source/utf8.h"

namespace vigil {
namespace {

constexpr std::string_view kUnknownDrug = ": its code is not a known drug or allergen";
constexpr std::string_view kNotKnownThen = " then is not known: no version history and no date tells it";
constexpr size_t kMaxValueText = 120;
constexpr size_t kMaxChildren = 12;
constexpr uint32_t kMaxTreeDepth = 8;

std::string one_line(std::string_view text, size_t limit) {
  std::string out;
  bool space = false;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (blank && space) continue;
    space = blank;
    out += blank ? ' ' : c;
    if (out.size() > limit) return std::string(cut_utf8(out, limit)) + "...";
  }
  return out;
}

/// Whether an explanation goes on with the operands.
bool explains_operands(Op op) {
  return op != Op::kDefinition && op != Op::kCallFunction && op != Op::kTemplate && op != Op::kConvertElements;
}

bool is_plain(Op op) { return op == Op::kConstant || op == Op::kLocal; }

}  // namespace

std::string Explainer::text(InstructionId id) const {
  return one_line(sources_.text(run_.program().spans[id.value]), kMaxValueText);
}

bool is_unknown_drug(const MissingDatum& datum) {
  const auto is_of = [&](std::string_view type) { return datum.reference.starts_with(type); };
  return (is_of("MedicationRequest/") || is_of("MedicationStatement/")) &&
         std::string_view(datum.what).ends_with(kUnknownDrug);
}

void Explainer::add(std::vector<MissingDatum>& missing, InstructionId id, std::string what,
                    std::string reference) const {
  if (missing.size() >= kMaxMissingData) return;
  const auto same = std::find_if(missing.begin(), missing.end(), [&](const auto& m) { return m.what == what; });
  if (same == missing.end()) missing.push_back({std::move(what), std::move(reference), run_.program().spans[id.value]});
}

std::vector<std::string> Explainer::facts_of(const Value& value) const {
  std::vector<std::string> facts;
  const auto one = [&](const Value& v) {
    if (v.kind == Kind::kObject && model::is_resource(v.object->fhir_type))
      facts.push_back(reference_of(run_.program(), *v.object));
  };
  if (value.kind == Kind::kList) {
    for (const auto& item : value) {
      if (facts.size() >= kMaxChildren) break;
      one(item);
    }
  } else if (value.kind == Kind::kTuple) {
    std::for_each(value.tuple->slots, value.tuple->slots + value.tuple->count, one);
  } else {
    one(value);
  }
  return facts;
}

Explanation Explainer::explain(InstructionId id, uint32_t depth) {
  Explanation out;
  const auto& program = run_.program();
  const auto& x = program[id];
  Value value;
  try {
    value = run_.evaluate(id);
  } catch (const EvaluationError& error) {
    out.text = text(id);
    out.value = "error: " + error.diagnostic.message;
    out.span = program.spans[id.value];
    return out;
  }
  out.text = text(id);
  out.span = program.spans[id.value];
  out.value = one_line(to_cql(program, value, program.types[id.value]), kMaxValueText);
  out.undetermined = value.undetermined();
  out.facts = facts_of(value);
  if (depth >= kMaxTreeDepth) return out;
  if (x.op == Op::kDefinition) {
    const Run::Frame frame(run_, program.definitions[x.a].frame_size);
    const auto body = program.definitions[x.a].body;
    if (!is_plain(program[body].op) && program[body].op != Op::kQuery) out.children.push_back(explain(body, depth + 1));
    return out;
  }
  if (!explains_operands(x.op)) return out;
  for (uint32_t i = 0; i < x.operand_count && out.children.size() < kMaxChildren; ++i) {
    const auto operand = program.operand(x, i);
    if (program[operand].op == Op::kConstant) continue;
    // A conversion has the text of what it converts: step through it.
    if (program.spans[operand.value] == program.spans[id.value]) {
      auto inner = explain(operand, depth + 1);
      for (auto& child : inner.children) out.children.push_back(std::move(child));
      for (auto& fact : inner.facts)
        if (std::find(out.facts.begin(), out.facts.end(), fact) == out.facts.end())
          out.facts.push_back(std::move(fact));
    } else {
      out.children.push_back(explain(operand, depth + 1));
    }
  }
  return out;
}

void Explainer::add_facts(InstructionId id, std::vector<std::string>& facts, uint32_t depth) {
  if (depth > kMaxTreeDepth) return;
  Value value;
  try {
    value = run_.evaluate(id);
  } catch (const EvaluationError&) {  // an operand that the condition did not come to: the finding stands without it
    return;
  }
  for (auto& fact : facts_of(value))
    if (std::find(facts.begin(), facts.end(), fact) == facts.end()) facts.push_back(std::move(fact));
  const auto& program = run_.program();
  const auto& x = program[id];
  if (!explains_operands(x.op)) return;
  for (uint32_t i = 0; i < x.operand_count; ++i) {
    const auto operand = program.operand(x, i);
    if (program[operand].op != Op::kConstant && program.spans[operand.value] == program.spans[id.value])
      add_facts(operand, facts, depth + 1);
  }
}

void Explainer::add_facts_read(InstructionId id, std::vector<std::string>& facts, uint32_t depth) {
  const auto& program = run_.program();
  const auto& x = program[id];
  if (x.op == Op::kDefinition) {
    const Run::Frame frame(run_, program.definitions[x.a].frame_size);
    const auto body = program.definitions[x.a].body;
    if (!is_plain(program[body].op) && program[body].op != Op::kQuery) add_facts(body, facts, depth + 1);
    return;
  }
  if (depth >= kMaxTreeDepth || !explains_operands(x.op)) return;
  for (uint32_t i = 0; i < x.operand_count; ++i) {
    const auto operand = program.operand(x, i);
    if (program[operand].op == Op::kConstant) continue;
    if (program.spans[operand.value] == program.spans[id.value])
      add_facts_read(operand, facts, depth + 1);
    else
      add_facts(operand, facts, depth + 1);
  }
}

std::string Explainer::describe_retrieve(const RetrievePlan& plan) const {
  std::string out(model::type(plan.type).name);
  if (!plan.name.empty()) ((out += " \"") += plan.name) += '"';
  return out;
}

/// What is wrong with the code of a fact that is not recognised.
std::string Explainer::describe_code(const Fact& fact) const {
  if (fact.unresolved_reference) return "its medication is not in the data";
  const auto codes = fact.code_span();
  if (codes.empty()) return "it has no code";
  return "code `" + std::string(run_.snapshot().concept_info(codes[0]).code) + "` is not in the knowledge base";
}

/// What is wrong with the status of a fact that may be in force.
std::string Explainer::describe_status(const Fact& fact) const {
  if (!fact.status.empty()) return "status is `" + std::string(fact.status) + "`";
  const auto& elements = run_.program().elements;
  const auto is_open = [&](uint32_t element) { return run_.element(*fact.resource, element).undetermined(); };
  if (is_open(elements.status) || is_open(elements.clinical_status)) return "status" + std::string(kNotKnownThen);
  return "status is missing";
}

void Explainer::missing_retrieve(InstructionId id, const Instruction& x, const Value& value,
                                 std::vector<MissingDatum>& missing) {
  const auto& plan = run_.program().retrieves[x.a];
  const auto completeness = run_.snapshot().completeness(plan.type);
  if (completeness != Completeness::kComplete)
    add(missing, id, std::string(model::type(plan.type).name) + ": data " + std::string(name(completeness)));
  if (!value.undetermined()) return;
  for (const auto& fact : run_.snapshot().facts(plan.type)) {
    if (missing.size() >= kMaxMissingData) return;
    const auto codes = fact.code_span();
    const bool recognised = std::any_of(codes.begin(), codes.end(), [&](ConceptId c) { return run_.recognises(c); });
    if (fact.is_possible && run_.may_pass(plan, fact)) {
      const auto reference = reference_of(run_.program(), *fact.resource);
      add(missing, id, reference + ": whether it was on record then is not known", reference);
      continue;
    }
    if (plan.filtered && (codes.empty() || (plan.codes_matter && !recognised))) {
      const auto reference = reference_of(run_.program(), *fact.resource);
      add(missing, id, reference + ": " + describe_code(fact), reference);
    }
    if (plan.scope == ast::RetrieveScope::kCurrent && run_.is_current(fact).undetermined) {
      const auto reference = reference_of(run_.program(), *fact.resource);
      add(missing, id, reference + ": " + describe_status(fact), reference);
    }
  }
}

void Explainer::missing_property(InstructionId id, const Instruction& x, std::vector<MissingDatum>& missing,
                                 uint32_t depth) {
  const auto source_id = run_.program().operand(x, 0);
  const auto source = run_.evaluate(source_id);
  if (source.is_null() || source.undetermined()) return collect_missing(source_id, missing, depth + 1);
  const auto& element = run_.program().module.element_names[x.a];
  const bool is_open = source.kind == Kind::kObject && run_.element(*source.object, x.a).undetermined();
  const auto what = source.kind == Kind::kObject && model::is_resource(source.object->fhir_type)
                        ? reference_of(run_.program(), *source.object)
                        : text(source_id);
  add(missing, id, what + ": " + element + (is_open ? std::string(kNotKnownThen) : " is missing"),
      source.kind == Kind::kObject && model::is_resource(source.object->fhir_type) ? what : "");
}

void Explainer::missing_query(const Instruction& x, std::vector<MissingDatum>& missing, uint32_t depth) {
  const auto& query = run_.program().queries[x.a];
  for (const auto& source : query.sources) {
    const auto value = run_.evaluate(source.value);
    if (value.undetermined() || value.is_null()) collect_missing(source.value, missing, depth + 1);
  }
  const auto maybe = [&] {
    if (query.where) collect_missing(query.where, missing, depth + 1);
  };
  const auto row = [&](bool undetermined) {
    if (undetermined && query.where) collect_missing(query.where, missing, depth + 1);
  };
  run_.for_each_row(query, row, maybe);
}

void Explainer::missing_definition(const Instruction& x, std::vector<MissingDatum>& missing, uint32_t depth) {
  const auto& plan = run_.program().definitions[x.a];
  const Run::Frame frame(run_, plan.frame_size);
  collect_missing(plan.body, missing, depth + 1);
}

/// What a list is of: "Observation "eGFR"", where it comes from a retrieve.
std::string Explainer::retrieved(InstructionId list) const {
  const auto& program = run_.program();
  auto at = list;
  while (program[at].op == Op::kQuery && !program.queries[program[at].a].sources.empty())
    at = program.queries[program[at].a].sources[0].value;
  if (program[at].op == Op::kRetrieve) return describe_retrieve(program.retrieves[program[at].a]);
  return text(list);
}

/// Where no operand lacks anything: what it is that could not be told of which resource.
void Explainer::missing_here(InstructionId id, const Instruction& x, std::vector<MissingDatum>& missing) {
  const auto& program = run_.program();
  const auto resource_of = [&](InstructionId operand) -> const Object* {
    const auto value = run_.evaluate(operand);
    return value.kind == Kind::kObject && model::is_resource(value.object->fhir_type) ? value.object : nullptr;
  };
  const bool is_latest = x.op == Op::kLatest || x.op == Op::kLatestWithin;
  if (is_latest && !run_.evaluate(id).is_null())
    return add(missing, id, retrieved(program.operand(x, 0)) + ": which is the latest is not known");
  if (x.op == Op::kQuery && !program.queries[x.a].sort.empty())
    return add(missing, id, retrieved(id) + ": their order is not known");
  if (x.op == Op::kLatestWithin) {
    const auto list = program.operand(x, 0);
    if (run_.evaluate(list).is_null()) return add(missing, id, text(id) + " is not known");
    return add(missing, id, retrieved(list) + ": none found within " + text(program.operand(x, 1)));
  }
  for (uint32_t i = 0; i < x.operand_count; ++i) {
    const auto& operand = program[program.operand(x, i)];
    const bool is_codes = x.op == Op::kInValueSet && operand.op == Op::kCodes;
    const auto* resource = resource_of(is_codes ? program.operand(operand, 0) : program.operand(x, i));
    if (resource == nullptr) continue;
    const auto reference = reference_of(program, *resource);
    const auto* fact = run_.fact_of(*resource);
    const bool is_unknown = is_codes && fact != nullptr;
    const bool asks_status =
        (x.op == Op::kIsActive || x.op == Op::kIsCurrent) && fact != nullptr && run_.is_active(*fact).undetermined;
    auto what = reference;
    what += ": ";
    what += is_unknown ? describe_code(*fact) : asks_status ? describe_status(*fact) : text(id) + " is not known";
    return add(missing, id, std::move(what), reference);
  }
  add(missing, id, text(id) + " is not known");
}

void Explainer::collect_missing(InstructionId id, std::vector<MissingDatum>& missing, uint32_t depth) {
  if (depth > kMaxDepth || missing.size() >= kMaxMissingData) return;
  const auto& program = run_.program();
  const auto& x = program[id];
  const auto value = run_.evaluate(id);
  if (!value.is_null() && !value.undetermined()) return;
  const auto before = missing.size();
  switch (x.op) {
    case Op::kDefinition: missing_definition(x, missing, depth); break;
    case Op::kRetrieve: missing_retrieve(id, x, value, missing); break;
    case Op::kQuery: missing_query(x, missing, depth); break;
    case Op::kProperty: missing_property(id, x, missing, depth); break;
    case Op::kPatient: add(missing, id, "Patient: not in the data"); break;
    case Op::kLocal:
      for (const auto& let : lets_)
        if (let.slot == x.a) collect_missing(let.value, missing, depth + 1);
      break;
    case Op::kCodes:
    case Op::kIngredients:
    case Op::kClasses:
    case Op::kIsA:
    case Op::kAllergyMatch:
      for (uint32_t i = 0; i < x.operand_count; ++i) {
        const auto operand = run_.evaluate(program.operand(x, i));
        if (operand.kind != Kind::kObject) continue;
        const auto reference = reference_of(program, *operand.object);
        const auto* fact = run_.fact_of(*operand.object);
        const bool drug = fact != nullptr && std::any_of(fact->codes, fact->codes + fact->code_count, [&](ConceptId c) {
                            return run_.knowledge().recognises(Relation::kIngredient, c) ||
                                   run_.knowledge().recognises(Relation::kAllergenIngredient, c) ||
                                   run_.knowledge().recognises(Relation::kAllergenGroup, c) ||
                                   run_.knowledge().states_no_allergy(c);
                          });
        if (!drug) add(missing, id, reference + std::string(kUnknownDrug), reference);
      }
      break;
    default:
      for (uint32_t i = 0; i < x.operand_count; ++i) {
        const auto operand = program.operand(x, i);
        const auto part = run_.evaluate(operand);
        if (part.is_null() || part.undetermined()) {
          collect_missing(operand, missing, depth + 1);
        } else if (part.kind == Kind::kList && part.count == 0 && value.is_null()) {
          add(missing, id, retrieved(operand) + ": none found");
        }
      }
      break;
  }
  if (missing.size() == before && before == 0) missing_here(id, x, missing);
}

}  // namespace vigil
