// SPDX-License-Identifier: Apache-2.0
// Queries (CQL 1.5, author's guide, "Queries").
#include "diagnostics/catalogue.h"
#include "semantic/conversions.h"
#include "semantic/expression_checker.h"
#include "semantic/overload_resolution.h"

namespace vigil::semantic {

std::optional<typed::Source> ExpressionChecker::check_source(const ast::AliasedSource& source) {
  const auto value = check(source.source);
  if (!value) {
    // The alias is declared all the same, so that its uses are not reported as unknown.
    add_local(source.alias, model::kAny);
    return std::nullopt;
  }
  const bool is_list = types_.is_list(type(value));
  const auto element = is_list ? types_.element(type(value)) : type(value);
  const auto slot = add_local(source.alias, element);
  return typed::Source{value, slot, is_list, element, source.alias.text, source.alias.span, source.scope};
}

bool ExpressionChecker::check_relationships(const ast::QueryExpr& e, typed::Query& query) {
  bool good = true;
  for (const auto& relationship : e.relationships) {
    const auto mark = scope_mark();
    auto source = check_source(relationship.source);
    const auto such_that = check_as(relationship.such_that, model::kBoolean);
    close_scope(mark);
    if (!source || !such_that) {
      good = false;
      continue;
    }
    query.relationships.push_back({relationship.without, *source, such_that});
  }
  return good;
}

/// Order is decided by `<`, so that it converts as `<` does: an FHIR.dateTime is compared as a DateTime; and so is what
/// may be a FHIR.Quantity, among other types.
TypeId ExpressionChecker::as_ordered_type(TypeId type) {
  if (types_.is_fhir(type)) return system_type_of(types_, types_.fhir_type(type)).value_or(type);
  if (!types_.is_choice(type)) return type;
  auto parts = types_[type].parts;
  for (auto& part : parts)
    if (as_ordered_type(part) == model::kQuantity) part = model::kQuantity;
  return types_.choice(std::move(parts));
}

ExprId ExpressionChecker::as_ordered(ExprId key) {
  const auto from = type(key);
  const auto to = as_ordered_type(from);
  if (!types_.is_choice(from) || to == from) return convert(module_, key, to);
  const auto other = module_.add(Op::kAs, to, module_.span(key), {key}, to.value);
  return by_alternative(
      module_, key, to, other,
      [&](TypeId part) { return part != model::kQuantity && as_ordered_type(part) == model::kQuantity; },
      [&](ExprId as) { return convert(module_, as, model::kQuantity); });
}

bool ExpressionChecker::check_sort(const ast::QueryExpr& e, typed::Query& query, TypeId element) {
  bool good = true;
  query.sort_slot = add_hidden_local();
  const Local self{"$this", query.sort_slot, element, {}};
  for (const auto& item : e.sort) {
    ExprId key;
    if (item.value) {
      const auto mark = scope_mark();
      const auto* outer = implicit_this_;
      locals_.push_back(self);
      implicit_this_ = &self;
      key = check(item.value);
      implicit_this_ = outer;
      close_scope(mark);
      good = good && key;
      if (!key) continue;
      key = as_ordered(key);
    } else if (as_ordered_type(element) != element) {
      const auto span = library_[e.sources[0].source].span;
      key = as_ordered(module_.add(Op::kLocal, element, span, {}, query.sort_slot));
    }
    const auto ordered = key ? type(key) : element;
    const TypeId pair[] = {ordered, ordered};
    if (ordered != model::kAny && !types_.is_choice(ordered) && !resolve_overload(types_, "Less", pair)) {
      sink_.add(make_diagnostic<Code::VGL0302>(key ? module_.span(key) : library_[e.sources[0].source].span, "sort",
                                               spoken_type(types_, ordered))
                    .with_hint("sort by an element that has an order: a date, a number or a text"));
      good = false;
    }
    query.sort.push_back({key, item.descending});
  }
  return good;
}

/// The start, what is accumulated and the result are of one type (CQL 1.5, Aggregate Queries): the narrower of start
/// and value is converted, `aggregate R starting 0: R + 0.5` counts in decimals.
typed::Aggregate ExpressionChecker::check_aggregate(const ast::QueryExpr& e, Span span) {
  typed::Aggregate aggregate;
  aggregate.distinct = e.aggregate->distinct;
  aggregate.starting = e.aggregate->starting ? check(e.aggregate->starting) : module_.null(model::kAny, span);
  const auto accumulated = aggregate.starting ? type(aggregate.starting) : model::kAny;
  aggregate.slot = add_local(e.aggregate->name, accumulated);
  aggregate.value = check(e.aggregate->value);
  if (!aggregate.starting || !aggregate.value || accumulated == model::kAny || type(aggregate.value) == accumulated)
    return aggregate;
  const auto wider = type(aggregate.value);
  if (!conversion_cost(types_, wider, accumulated) && conversion_cost(types_, accumulated, wider)) {
    aggregate.starting = convert(module_, aggregate.starting, wider);
    locals_.back().type = wider;
    aggregate.value = check(e.aggregate->value);
    if (!aggregate.value) return aggregate;
  }
  aggregate.value = convert_or_report(aggregate.value, type(aggregate.starting));
  return aggregate;
}

ExprId ExpressionChecker::check_query(const ast::QueryExpr& e, Span span) {
  const auto mark = scope_mark();
  typed::Query query;
  bool good = true;
  query.is_list = false;
  for (const auto& source : e.sources) {
    auto checked = check_source(source);
    good = good && checked;
    if (checked) {
      query.is_list = query.is_list || checked->is_list;
      query.sources.push_back(std::move(*checked));
    }
  }
  for (const auto& let : e.lets) {
    const auto value = check(let.value);
    good = good && value;
    const auto slot = add_local(let.name, value ? type(value) : model::kAny);
    query.lets.push_back({value, slot, let.name.text});
  }
  good = check_relationships(e, query) && good;
  if (e.where) {
    query.where = check_as(e.where, model::kBoolean);
    good = good && query.where;
  }
  TypeId element = model::kAny;
  if (good && !query.sources.empty()) {
    if (query.sources.size() == 1) {
      element = query.sources[0].element;
    } else {
      std::vector<std::pair<std::string, TypeId>> parts;
      for (const auto& source : query.sources) parts.emplace_back(source.alias, source.element);
      element = types_.tuple(parts);
      std::vector<ExprId> elements;
      for (const auto& name : types_[element].names)
        for (const auto& source : query.sources)
          if (source.alias == name) elements.push_back(module_.add(Op::kLocal, source.element, span, {}, source.slot));
      query.result = module_.add(Op::kMakeTuple, element, span, std::move(elements));
    }
  }
  if (e.returns) {
    query.result = check(e.returns->value);
    good = good && query.result;
    if (query.result) element = type(query.result);
    query.distinct = !e.returns->all;  // `return` alone is distinct (CQL 1.5, Return Clause)
  }
  auto result_type = query.is_list ? types_.list(element) : element;
  if (e.aggregate) {
    const auto aggregate = check_aggregate(e, span);
    good = good && aggregate.starting && aggregate.value;
    result_type = aggregate.value ? type(aggregate.value) : model::kAny;
    query.aggregate = aggregate;
    query.is_list = false;
  }
  close_scope(mark);
  if (!e.sort.empty()) good = check_sort(e, query, element) && good;
  if (!good) return none();
  module_.module().queries.push_back(std::move(query));
  return module_.add(Op::kQuery, result_type, span, {}, static_cast<uint32_t>(module_.module().queries.size() - 1));
}

/// Whether a quantity is written with a fraction that is not 0: `0.1`, `1.5 'mg'`.
bool ExpressionChecker::is_fraction(ExprId quantity) const {
  auto id = quantity;
  while (module_[id].op == Op::kConvertDecimalToQuantity || module_[id].op == Op::kConvertIntegerToQuantity)
    id = module_[id].operands[0];
  if (module_[id].op != Op::kConstant) return false;
  const auto& text = module_.module().constants[module_[id].a].literal.text;
  const auto point = text.find('.');
  return point != std::string::npos && text.find_first_not_of('0', point + 1) != std::string::npos;
}

ExprId ExpressionChecker::check_set_aggregate(const ast::SetAggregateExpr& e, Span span) {
  auto operand = check(e.operand);
  const auto per = e.per ? check_as(e.per, model::kQuantity) : module_.null(model::kQuantity, span);
  if (!operand || !per) return none();
  // Whole numbers cut into fractions become decimals.
  const auto whole = [&](TypeId t) {
    if (types_.is_list(t)) t = types_.element(t);
    if (types_.is_interval(t)) t = types_.element(t);
    return t == model::kInteger || t == model::kLong;
  };
  const bool fractions = e.expand && e.per && whole(type(operand)) && is_fraction(per);
  if (fractions) {
    const auto points = types_.interval(model::kDecimal);
    operand = convert(module_, operand, types_.is_list(type(operand)) ? types_.list(points) : points);
  }
  const std::string_view word = e.expand ? "expand" : "collapse";
  const Span sign{span.source, span.begin, span.begin + static_cast<uint32_t>(word.size())};
  const Operation operation{e.expand ? "Expand" : "Collapse", span, word, sign, false, {operand}};
  return apply(operation, {operand, per}, fractions ? 1 : 0);
}

}  // namespace vigil::semantic
