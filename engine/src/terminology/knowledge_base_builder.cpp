// SPDX-License-Identifier: Apache-2.0
// Taking in knowledge row by row, and packing it into a knowledge base.
#include <algorithm>

#include <vigil/knowledge_base.h>

#include "diagnostics/catalogue.h"
#include "terminology/apply_crosswalks.h"
#include "terminology/content.h"
#include "terminology/content_digest.h"

namespace vigil {

namespace {

using Content = KnowledgeBase::Content;

constexpr std::string_view kColumnTypeNames[] = {"Code", "String", "Integer", "Decimal", "Boolean", "Quantity"};
constexpr Kind kColumnKinds[] = {Kind::kCode,    Kind::kString,  Kind::kInteger,
                                 Kind::kDecimal, Kind::kBoolean, Kind::kQuantity};

/// Whether a column of `type` can hold `cell`; evaluation and the digest rely on it.
bool fits(const Content& content, ColumnType type, const Value& cell) {
  if (cell.is_null()) return true;
  if (cell.kind != kColumnKinds[static_cast<size_t>(type)]) return false;
  return cell.kind != Kind::kCode || content.concepts.holds(cell.code->concept_id);
}

/// Ingredients are what the relations say they are; each is its own ingredient, so that an order by ingredient is
/// known.
void make_ingredients_reflexive(std::array<std::vector<RelationIndex::Pair>, kRelationCount>& relations) {
  std::vector<ConceptId> ingredients;
  const auto rows = [&](Relation relation) -> auto& { return relations[static_cast<size_t>(relation)]; };
  for (const Relation relation : {Relation::kIngredient, Relation::kAllergenIngredient})
    for (const auto& row : rows(relation)) ingredients.push_back(row.second);
  for (const Relation relation : {Relation::kDrugClass, Relation::kSideChainGroup, Relation::kCrossReactiveGroup})
    for (const auto& row : rows(relation)) ingredients.push_back(row.first);
  for (const ConceptId id : ingredients) rows(Relation::kIngredient).emplace_back(id, id);
}

}  // namespace

KnowledgeBaseBuilder::KnowledgeBaseBuilder() : content_(std::make_unique<Content>()) {}
KnowledgeBaseBuilder::~KnowledgeBaseBuilder() = default;

ConceptId KnowledgeBaseBuilder::intern(std::string_view system, std::string_view code, std::string_view display) {
  const ConceptId id = content_->concepts.intern(system, code, content_->arena);
  if (id != 0) content_->concepts.set_display(id, display, false, content_->arena);
  return id;
}

void KnowledgeBaseBuilder::name(ConceptId id, std::string_view display) {
  if (content_->concepts.holds(id)) content_->concepts.set_display(id, display, true, content_->arena);
}

void KnowledgeBaseBuilder::add_value_set(std::string_view url, std::string_view version, std::string_view name,
                                         std::span<const ConceptId> members, DiagnosticSink& sink) {
  std::vector<ConceptId> held(members.begin(), members.end());
  std::erase_if(held, [&](ConceptId id) { return !content_->concepts.holds(id); });
  if (content_->value_sets.add(url, version, name, ConceptSet(std::move(held)), content_->arena)) return;
  const std::string canonical = version.empty() ? std::string(url) : std::string(url) + "|" + std::string(version);
  sink.add(make_diagnostic<Code::VGL1105>(Span{}, canonical)
               .with_hint("the first is kept; give the second a version of its own"));
}

void KnowledgeBaseBuilder::add_parent(ConceptId child, ConceptId parent) {
  if (content_->concepts.holds(child) && content_->concepts.holds(parent))
    content_->draft->parents.emplace_back(child, parent);
}

void KnowledgeBaseBuilder::add_relation(Relation relation, ConceptId from, ConceptId to) {
  if (relation < Relation::kCount && content_->concepts.holds(from) && content_->concepts.holds(to))
    content_->draft->relations[static_cast<size_t>(relation)].emplace_back(from, to);
}

void KnowledgeBaseBuilder::add_no_allergy(ConceptId id) {
  if (content_->concepts.holds(id)) content_->draft->no_allergy.push_back(id);
}

void KnowledgeBaseBuilder::begin_table(std::string_view name, std::vector<TableColumn> columns) {
  auto& tables = content_->tables;
  std::erase_if(tables, [&](const KnowledgeTable& table) { return table.name() == name; });
  KnowledgeTable& table = tables.emplace_back();
  table.name_ = name;
  table.columns_ = std::move(columns);
  content_->draft->open_table = tables.size() - 1;
}

void KnowledgeBaseBuilder::add_row(std::span<const Value> cells) {
  KnowledgeDraft& draft = *content_->draft;
  if (draft.open_table >= content_->tables.size()) return;
  KnowledgeTable& table = content_->tables[draft.open_table];
  const size_t count = table.columns_.size();
  Value* slots = content_->arena.array<Value>(count);  // null where the row is short
  for (size_t i = 0; i < std::min(count, cells.size()); ++i) {
    const ColumnType type = table.columns_[i].type;
    if (fits(*content_, type, cells[i])) {
      slots[i] = cells[i];
    } else {
      draft.problems.push_back(make_diagnostic<Code::VGL0505>(Span{}, table.columns_[i].name, table.name_,
                                                              "a value of another type",
                                                              kColumnTypeNames[static_cast<size_t>(type)]));
    }
  }
  table.rows_.push_back({slots, static_cast<uint32_t>(count)});
}

Value KnowledgeBaseBuilder::text_cell(std::string_view text) {
  auto& texts = content_->draft->texts;
  auto known = texts.find(text);
  if (known == texts.end()) known = texts.insert(content_->arena.copy(text)).first;
  return Value::of(*known);
}

Value KnowledgeBaseBuilder::code_cell(ConceptId id) {
  if (!content_->concepts.holds(id)) return Value::null();
  auto& cells = content_->draft->code_cells;
  if (cells.size() <= id) cells.resize(size_t{content_->concepts.count()} + 1);
  if (!cells[id]) {  // build() sets the display, which may still come
    cells[id] = content_->arena.make<CodeValue>(
        CodeValue{content_->concepts.code(id), content_->concepts.system(id), {}, {}, id});
  }
  return Value::of(cells[id]);
}

Value KnowledgeBaseBuilder::quantity_cell(Decimal value, std::string_view unit) {
  return Value::of(content_->arena.make<Quantity>(Quantity{value, text_cell(unit).string()}));
}

std::shared_ptr<const KnowledgeBase> KnowledgeBaseBuilder::build(DiagnosticSink& sink) {
  auto content = std::exchange(content_, std::make_unique<Content>());
  KnowledgeDraft& draft = *content->draft;
  for (auto& problem : draft.problems) sink.add(std::move(problem));
  make_ingredients_reflexive(draft.relations);
  apply_crosswalks(*content);
  for (CodeValue* cell : draft.code_cells)
    if (cell) cell->display = content->concepts.display(cell->concept_id);

  content->hierarchy = close_hierarchy(std::move(draft.parents));
  report_problems(content->hierarchy, content->concepts, sink);
  for (size_t i = 0; i < kRelationCount; ++i) content->relations[i] = RelationIndex(std::move(draft.relations[i]));
  content->no_allergy = ConceptSet(std::move(draft.no_allergy));
  content->value_sets.seal();
  std::ranges::sort(content->tables, {}, &KnowledgeTable::name);
  content->draft.reset();
  content->digest = digest_content(*content);
  return std::make_shared<const KnowledgeBase>(KnowledgeBase(std::move(content)));
}

}  // namespace vigil
