// SPDX-License-Identifier: Apache-2.0
// Tables, definitions, functions, rules and tests.
#include <algorithm>

#include "diagnostics/catalogue.h"
#include "diagnostics/suggest.h"
#include "program/lowering.h"

namespace vigil::lowering {
namespace {

bool fits(ColumnType column, model::TypeId declared) {
  switch (column) {
    case ColumnType::kCode: return declared == model::kCode;
    case ColumnType::kString: return declared == model::kString;
    case ColumnType::kInteger: return declared == model::kInteger;
    case ColumnType::kDecimal: return declared == model::kDecimal;
    case ColumnType::kBoolean: return declared == model::kBoolean;
    case ColumnType::kQuantity: return declared == model::kQuantity;
  }
  return false;
}

std::string_view column_type_name(ColumnType type) {
  static constexpr std::string_view kNames[] = {"Code", "String", "Integer", "Decimal", "Boolean", "Quantity"};
  return kNames[static_cast<size_t>(type)];
}

}  // namespace

void Lowering::lower_tables() {
  for (const auto& table : module_.tables) {
    TablePlan plan;
    plan.name = table.name;
    const auto sorted = module_.types[table.row].names;
    plan.columns = sorted;
    const auto* known = program_.knowledge->find_table(table.name);
    if (known == nullptr) {
      std::vector<std::string_view> names;
      for (const auto& t : program_.knowledge->tables()) names.push_back(t.name());
      sink_.add(make_diagnostic<Code::VGL0503>(table.span, table.name).with_hint(did_you_mean(table.name, names)));
      program_.tables.push_back(std::move(plan));
      continue;
    }
    std::vector<uint32_t> from(sorted.size(), 0);
    bool good = true;
    for (size_t i = 0; i < table.columns.size(); ++i) {
      const auto column = known->find_column(table.columns[i]);
      if (!column) {
        std::vector<std::string_view> there;
        for (const auto& c : known->columns()) there.push_back(c.name);
        sink_.add(make_diagnostic<Code::VGL0504>(table.column_spans[i], table.name, table.columns[i])
                      .with_hint(did_you_mean(table.columns[i], there)));
        good = false;
        continue;
      }
      if (!fits(known->columns()[*column].type, table.column_types[i])) {
        sink_.add(make_diagnostic<Code::VGL0505>(table.column_spans[i], table.columns[i], table.name,
                                                 column_type_name(known->columns()[*column].type),
                                                 module_.types.name(table.column_types[i])));
        good = false;
      }
      from[static_cast<size_t>(std::find(sorted.begin(), sorted.end(), table.columns[i]) - sorted.begin())] = *column;
    }
    plan.resolved = good;
    const auto sorted_index = [&](int32_t declared) {
      return static_cast<size_t>(std::find(sorted.begin(), sorted.end(), table.columns[static_cast<size_t>(declared)]) -
                                 sorted.begin());
    };
    const bool symmetric = table.symmetric_a >= 0 && table.symmetric_b >= 0;
    for (uint32_t row = 0; good && row < known->row_count(); ++row) {
      const auto add = [&](bool swapped) {
        auto* slots = program_.arena.array<Value>(sorted.size());
        for (size_t i = 0; i < sorted.size(); ++i) slots[i] = known->row(row).slots[from[i]];
        if (swapped) std::swap(slots[sorted_index(table.symmetric_a)], slots[sorted_index(table.symmetric_b)]);
        plan.rows.push_back(
            program_.arena.make<TupleValue>(TupleValue{slots, static_cast<uint32_t>(sorted.size()), table.row.value}));
      };
      add(false);
      if (symmetric) add(true);
    }
    program_.tables.push_back(std::move(plan));
  }
}

void Lowering::lower_declarations() {
  for (const auto& function : module_.functions)
    program_.functions.push_back({lower(function.body), function.frame_size});
  for (const auto& parameter : module_.parameters)
    program_.parameters.push_back({lower(parameter.default_value), parameter.frame_size});
  for (const auto& definition : module_.definitions)
    program_.definitions.push_back({lower(definition.body), definition.frame_size, definition.failed, {}, {}});
}

bool Lowering::reaches_missing_knowledge(uint32_t index) {
  const auto node = program_.graph.find(NodeKind::kRule, index);
  bool missing = false;
  for (const auto reached : program_.graph.reachable(*node)) {
    const auto& other = program_.graph.nodes()[reached];
    if (other.kind == NodeKind::kTable) missing = missing || !program_.tables[other.index].resolved;
    if (other.kind == NodeKind::kDefinition) missing = missing || module_.definitions[other.index].failed;
    if (other.kind != NodeKind::kValueSet) continue;
    const auto& value = program_.constants[other.index];
    if (value.vocabulary->index != VocabularyValue::kUnresolved) continue;
    missing = true;
  }
  return missing;
}

/// Each missing value set once, where it is declared: an error where rules need it.
void Lowering::report_missing_value_sets() {
  std::vector<std::string_view> urls;
  for (uint32_t i = 0; i < program_.knowledge->value_set_count(); ++i)
    urls.push_back(program_.knowledge->value_set(i).url);
  for (uint32_t i = 0; i < program_.graph.nodes().size(); ++i) {
    const auto& node = program_.graph.nodes()[i];
    if (node.kind != NodeKind::kValueSet ||
        program_.constants[node.index].vocabulary->index != VocabularyValue::kUnresolved)
      continue;
    const auto place = module_.constants[node.index].declared;
    const auto& vocabulary = *program_.constants[node.index].vocabulary;
    auto hint = did_you_mean(vocabulary.id, urls);
    if (hint.empty()) hint = "give its file with --valuesets or --knowledge";
    std::vector<const typed::Rule*> rules;
    for (const auto user : program_.graph.impact({i}))
      if (const auto& other = program_.graph.nodes()[user]; other.kind == NodeKind::kRule)
        rules.push_back(&module_.rules[other.index]);
    if (rules.empty()) {
      sink_.add(make_diagnostic<Code::VGL0501>(place, vocabulary.name, vocabulary.id).with_hint(hint));
      continue;
    }
    const auto needs = rules.size() == 1   ? "rule `" + rules[0]->name + "` needs"
                       : rules.size() == 2 ? "rules `" + rules[0]->name + "` and `" + rules[1]->name + "` need"
                                           : std::to_string(rules.size()) + " rules need";
    auto diagnostic = make_diagnostic<Code::VGL0502>(place, vocabulary.name, vocabulary.id, needs);
    for (size_t r = 0; r < std::min<size_t>(rules.size(), 2); ++r) diagnostic.label(rules[r]->span, "needs it");
    sink_.add(std::move(diagnostic).with_hint(hint));
  }
}

namespace {

SuggestedAction::Kind kind_of(ast::SuggestedAction::Kind kind) {
  switch (kind) {
    case ast::SuggestedAction::Kind::kDelete: return SuggestedAction::Kind::kDelete;
    case ast::SuggestedAction::Kind::kCreate: return SuggestedAction::Kind::kCreate;
    case ast::SuggestedAction::Kind::kUpdate: return SuggestedAction::Kind::kUpdate;
  }
  return SuggestedAction::Kind::kDelete;
}

Suggestion::Kind kind_of(ast::Suggestion::Kind kind) {
  switch (kind) {
    case ast::Suggestion::Kind::kSuggest: return Suggestion::Kind::kOffered;
    case ast::Suggestion::Kind::kRecommend: return Suggestion::Kind::kRecommended;
    case ast::Suggestion::Kind::kPerform: return Suggestion::Kind::kPerformed;
  }
  return Suggestion::Kind::kOffered;
}

}  // namespace

void Lowering::lower_rule_texts(const typed::Rule& rule, RulePlan& plan) {
  for (const auto& text : rule.alerts) plan.alerts.push_back({lower(text.text), text.audience, text.language});
  for (const auto& text : rule.details) plan.details.push_back({lower(text.text), text.audience, text.language});
  for (const auto& suggestion : rule.suggestions) {
    SuggestionPlan s{kind_of(suggestion.kind), lower(suggestion.label), {}};
    for (const auto& action : suggestion.actions)
      s.actions.push_back({kind_of(action.kind), lower(action.target), lower(action.resource)});
    plan.suggestions.push_back(std::move(s));
  }
  for (const auto id : rule.overrides) plan.overrides.push_back(lower(id));
  for (const auto& link : rule.links)
    plan.links.push_back({lower(link.label), link.url, link.launches_app, link.is_automatic, lower(link.app_context)});
  for (const auto id : rule.cites) plan.cites.push_back(lower(id));
  for (const auto& item : rule.evidence) plan.evidence.emplace_back(item.attribute, lower(item.value));
  plan.unknown_action = static_cast<uint8_t>(rule.if_unknown);
  plan.unknown_text = lower(rule.unknown_text);
}

void Lowering::lower_rule(const typed::Rule& rule, uint32_t index) {
  RulePlan plan;
  plan.failed = reaches_missing_knowledge(index) || rule.failed;
  plan.frame_size = rule.frame_size;
  if (!plan.failed) {
    typed::Query rows;
    rows.sources = rule.sources;
    rows.lets = rule.lets;
    rows.where = rule.when;
    plan.rows = query_plan(rows);
    for (const auto& source : rule.sources) plan.aliases.push_back(source.alias);
    for (const auto& u : rule.unless) plan.unless.push_back({lower(u.condition), lower(u.because)});
    for (const auto& t : rule.tiers) {
      const auto tier = t.tier ? std::optional(static_cast<Tier>(*t.tier)) : std::nullopt;
      plan.tiers.push_back({tier, lower(t.value), lower(t.when), lower(t.because)});
    }
    plan.severity = lower(rule.severity);
    for (const auto key : rule.group_by) plan.group_by.push_back(lower(key));
    plan.active_from = lower(rule.active_from);
    plan.active_to = lower(rule.active_to);
    lower_rule_texts(rule, plan);
    for (const auto reached : program_.graph.reachable(*program_.graph.find(NodeKind::kRule, index))) {
      const auto& node = program_.graph.nodes()[reached];
      if (node.kind == NodeKind::kResourceType) plan.reads.push_back(static_cast<model::FhirTypeId>(node.index));
    }
    std::sort(plan.reads.begin(), plan.reads.end());
  }
  program_.rules.push_back(std::move(plan));
}

void Lowering::lower_tests() {
  for (const auto& test : module_.tests) {
    TestPlan plan;
    plan.library = test.library;
    plan.name = test.name;
    plan.hook = test.hook;
    plan.span = test.span;
    for (const auto& [name, value] : test.patient) plan.patient.emplace_back(name, lower(value));
    for (const auto id : test.given) plan.given.push_back(lower(id));
    for (const auto id : test.orders) plan.orders.push_back(lower(id));
    for (const auto& type : test.not_obtained) plan.not_obtained.push_back(model::find_type(type));
    plan.at = lower(test.at);
    for (const auto& e : test.expectations)
      plan.expectations.push_back(
          {e.nothing, e.rule, e.definition, e.outcome, e.because, e.saying, lower(e.value), e.span});
    plan.frame_size = test.frame_size;
    program_.tests.push_back(std::move(plan));
  }
}

void Lowering::run() {
  make_read_plan();
  lowered_.assign(module_.expressions.size(), 0);
  lower_constants();
  lower_tables();
  lower_declarations();
  for (uint32_t i = 0; i < module_.rules.size(); ++i) lower_rule(module_.rules[i], i);
  plan_code_filters(number_named_codes());
  lower_tests();
  plan_reuse();
  report_missing_value_sets();
}

}  // namespace vigil::lowering

namespace vigil {

std::unique_ptr<Program> lower(typed::Module module, RuleGraph graph, std::shared_ptr<const KnowledgeBase> knowledge,
                               const LowerOptions& options, DiagnosticSink& sink) {
  auto program = std::make_unique<Program>();
  program->module = std::move(module);
  program->graph = std::move(graph);
  program->knowledge = std::move(knowledge);
  lowering::Lowering(*program, options, sink).run();
  return program;
}

}  // namespace vigil
