// SPDX-License-Identifier: Apache-2.0
// Expressions and types as s-expressions.
#include "ast/dump.h"

#include "ast/dump_writer.h"

namespace vigil::ast {

DumpWriter& DumpWriter::path(const std::vector<Name>& parts) {
  std::string joined;
  for (const auto& part : parts) (joined += joined.empty() ? "" : ".") += spelled(part);
  return raw(joined);
}

DumpWriter& DumpWriter::part(std::string_view head, ExprId id) {
  if (id) raw('(' + std::string(head) + ' ' + dump(library_, id) + ')');
  return *this;
}

DumpWriter& DumpWriter::fields(const std::vector<NamedValue>& values) {
  for (const auto& value : values) part(spelled(value.name) + ':', value.value);
  return *this;
}

DumpWriter& DumpWriter::source(const AliasedSource& source) {
  return raw('(' + spelled(source.alias) + ' ' + dump(library_, source.source) + ')');
}

std::string DumpWriter::quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out += '\'';
}

namespace {

constexpr std::string_view kPrecisions[] = {"year", "month", "day", "hour", "minute", "second", "millisecond"};

std::string_view word(Precision precision) { return kPrecisions[static_cast<size_t>(precision)]; }

std::string quantity(const std::string& number, const std::string& unit) {
  return unit.empty() ? number : number + ' ' + DumpWriter::quoted(unit);
}

/// Writes the kinds of expression.
struct ExprDump {
  const Library& library;

  DumpWriter open(std::string_view head) const { return DumpWriter(library, std::string(head)); }

  std::string operator()(const std::monostate&) const { return "()"; }
  std::string operator()(const Literal& e) const {
    switch (e.kind) {
      case LiteralKind::kNull: return "null";
      case LiteralKind::kString: return DumpWriter::quoted(e.text);
      case LiteralKind::kLong: return e.text + 'L';
      case LiteralKind::kDate:
      case LiteralKind::kDateTime:
      case LiteralKind::kTime: return '@' + e.text;
      case LiteralKind::kQuantity: return open("quantity").raw(quantity(e.text, e.unit)).done();
      case LiteralKind::kRatio:
        return open("ratio").raw(quantity(e.text, e.unit)).raw(quantity(e.text2, e.unit2)).done();
      default: return e.text;
    }
  }
  std::string operator()(const NameExpr& e) const { return DumpWriter::spelled(e.name); }
  std::string operator()(const MemberExpr& e) const { return open(".").expr(e.source).name(e.name).done(); }
  std::string operator()(const IndexExpr& e) const { return open("index").expr(e.source).expr(e.index).done(); }
  std::string operator()(const CallExpr& e) const {
    return open("call").part("on", e.target).name(e.function).exprs(e.arguments).done();
  }
  std::string operator()(const OperationExpr& e) const {
    auto out = open(spelling(e.op));
    if (e.precision) out.raw(word(*e.precision));
    return out.exprs(e.operands).done();
  }
  std::string operator()(const BetweenExpr& e) const {
    return open("between").flag(e.properly, "properly").expr(e.operand).expr(e.low).expr(e.high).done();
  }
  std::string operator()(const TimingExpr& e) const { return timing(e.phrase).expr(e.left).expr(e.right).done(); }
  std::string operator()(const DurationExpr& e) const {
    return open(e.difference ? "difference" : "duration")
        .raw(e.weeks ? "week" : word(e.precision))
        .flag(e.of_interval, "of")
        .expr(e.low)
        .expr(e.high)
        .done();
  }
  std::string operator()(const IfExpr& e) const {
    return open("if").expr(e.condition).expr(e.then_value).expr(e.else_value).done();
  }
  std::string operator()(const CaseExpr& e) const {
    auto out = open("case");
    out.expr(e.comparand);
    for (const auto& item : e.items) out.raw(open("when").expr(item.when).expr(item.then_value).done());
    return out.part("else", e.else_value).done();
  }
  std::string operator()(const TypeExpr& e) const {
    static constexpr std::string_view kOperations[] = {"is", "as", "cast", "convert", "minimum", "maximum"};
    auto out = open(kOperations[static_cast<size_t>(e.operation)]);
    return out.expr(e.operand).type(e.type).part("unit", e.unit).done();
  }
  std::string operator()(const IntervalExpr& e) const {
    return open("interval")
        .raw(e.low_closed ? "[" : "(")
        .expr(e.low)
        .expr(e.high)
        .raw(e.high_closed ? "]" : ")")
        .done();
  }
  std::string operator()(const ListExpr& e) const {
    auto out = open("list");
    if (e.element_type) out.raw('<' + dump(library, e.element_type) + '>');
    return out.exprs(e.elements).done();
  }
  std::string operator()(const TupleExpr& e) const { return open("tuple").fields(e.elements).done(); }
  std::string operator()(const InstanceExpr& e) const {
    return open("instance").path(e.type.parts).fields(e.elements).done();
  }
  std::string operator()(const CodeExpr& e) const {
    return open("code").flag(e.sugar, "sugar").text(e.code).path(e.system).part("display", e.display).done();
  }
  std::string operator()(const ConceptExpr& e) const {
    return open("concept").exprs(e.codes).part("display", e.display).done();
  }
  std::string operator()(const RetrieveExpr& e) const {
    static constexpr std::string_view kScopes[] = {"retrieve", "ordered", "current"};
    auto out = open(kScopes[static_cast<size_t>(e.scope)]);
    out.part("context", e.context).path(e.type.parts);
    if (!e.code_path.empty()) out.path(e.code_path).raw(e.comparator.value_or(""));
    return out.expr(e.terminology).done();
  }
  std::string operator()(const QueryExpr& e) const { return query(e); }
  std::string operator()(const SetAggregateExpr& e) const {
    return open(e.expand ? "expand" : "collapse").expr(e.operand).part("per", e.per).done();
  }
  std::string operator()(const TemplateExpr& e) const {
    auto out = open("template");
    for (size_t i = 0; i < e.texts.size(); ++i) {
      out.text(e.texts[i]);
      if (i < e.holes.size()) out.raw(e.holes[i] ? dump(library, e.holes[i]) : "()");
    }
    return out.done();
  }

 private:
  DumpWriter timing(const TimingPhrase& phrase) const {
    static constexpr std::string_view kRelations[] = {
        "same-as",  "same-or-before",  "same-or-after",  "includes", "included-in",  "during",
        "before",   "after",           "within",         "meets",    "meets-before", "meets-after",
        "overlaps", "overlaps-before", "overlaps-after", "starts",   "ends"};
    static constexpr std::string_view kBoundaries[] = {"", "start", "end", "occurs"};
    static constexpr std::string_view kOffsets[] = {"", "exactly", "or-more", "or-less", "more-than", "less-than"};
    auto out = open(kRelations[static_cast<size_t>(phrase.relation)]);
    if (phrase.left_boundary != TimingPhrase::Boundary::kNone)
      out.raw("left-" + std::string(kBoundaries[static_cast<size_t>(phrase.left_boundary)]));
    if (phrase.right_boundary != TimingPhrase::Boundary::kNone)
      out.raw("right-" + std::string(kBoundaries[static_cast<size_t>(phrase.right_boundary)]));
    out.flag(phrase.properly, "properly").flag(phrase.on_or, "on");
    if (phrase.precision) out.raw(word(*phrase.precision));
    if (phrase.offset != TimingPhrase::Offset::kNone) out.raw(kOffsets[static_cast<size_t>(phrase.offset)]);
    return std::move(out.part("by", phrase.quantity));
  }

  std::string query(const QueryExpr& e) const {
    auto out = open(e.with_from ? "from" : "query");
    for (const auto& source : e.sources) out.source(source);
    for (const auto& let : e.lets) out.raw(open("let").name(let.name).expr(let.value).done());
    for (const auto& r : e.relationships)
      out.raw(open(r.without ? "without" : "with").source(r.source).expr(r.such_that).done());
    out.part("where", e.where);
    if (e.returns)
      out.raw(open("return")
                  .flag(e.returns->all, "all")
                  .flag(e.returns->distinct, "distinct")
                  .expr(e.returns->value)
                  .done());
    if (e.aggregate)
      out.raw(open("aggregate")
                  .flag(e.aggregate->all, "all")
                  .flag(e.aggregate->distinct, "distinct")
                  .name(e.aggregate->name)
                  .part("starting", e.aggregate->starting)
                  .expr(e.aggregate->value)
                  .done());
    for (const auto& item : e.sort) out.raw(open("sort").flag(item.descending, "desc").expr(item.value).done());
    return out.done();
  }
};

struct TypeDump {
  const Library& library;

  std::string operator()(const NamedType& t) const {
    std::string joined;
    for (const auto& part : t.parts) (joined += joined.empty() ? "" : ".") += DumpWriter::spelled(part);
    return joined;
  }
  std::string operator()(const ListType& t) const { return "List<" + dump(library, t.element) + '>'; }
  std::string operator()(const IntervalType& t) const { return "Interval<" + dump(library, t.point) + '>'; }
  std::string operator()(const TupleType& t) const {
    std::string out = "Tuple{";
    for (const auto& e : t.elements)
      (((out += out.back() == '{' ? "" : ", ") += DumpWriter::spelled(e.name)) += ' ') += dump(library, e.type);
    return out += '}';
  }
  std::string operator()(const ChoiceType& t) const {
    std::string out = "Choice<";
    for (const auto choice : t.choices) (out += out.back() == '<' ? "" : ", ") += dump(library, choice);
    return out += '>';
  }
};

}  // namespace

std::string dump(const Library& library, ExprId id) { return std::visit(ExprDump{library}, library[id].kind); }
std::string dump(const Library& library, TypeSpecId id) { return std::visit(TypeDump{library}, library[id].kind); }

}  // namespace vigil::ast
