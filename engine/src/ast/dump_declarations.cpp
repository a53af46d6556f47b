// SPDX-License-Identifier: Apache-2.0
// Declarations as s-expressions.
#include "ast/dump_writer.h"

namespace vigil::ast {
namespace {

/// Writes the kinds of declaration.
struct DeclarationDump {
  const Library& library;

  DumpWriter open(std::string_view head) const { return DumpWriter(library, std::string(head)); }
  DumpWriter open(std::string_view head, Access access) const {
    auto out = open(head);
    out.flag(access == Access::kPrivate, "private");
    return out;
  }

  std::string operator()(const Using& d) const {
    return open("using").path(d.model).part("version", d.version).called(d.alias).done();
  }
  std::string operator()(const Include& d) const {
    return open("include").path(d.library).part("version", d.version).called(d.alias).done();
  }
  std::string operator()(const CodeSystem& d) const {
    return open("codesystem", d.access).name(d.name).text(d.id).part("version", d.version).done();
  }
  std::string operator()(const ValueSet& d) const {
    auto out = open("valueset", d.access);
    out.name(d.name).text(d.id).part("version", d.version);
    for (const auto& system : d.code_systems) out.raw(open("codesystem").path(system).done());
    return out.done();
  }
  std::string operator()(const CodeDefinition& d) const {
    return open("code", d.access)
        .name(d.name)
        .text(d.code.code)
        .path(d.code.system)
        .part("display", d.code.display)
        .done();
  }
  std::string operator()(const ConceptDefinition& d) const {
    auto out = open("concept", d.access);
    out.name(d.name);
    for (const auto& code : d.codes) out.path(code);
    return out.part("display", d.display).done();
  }
  std::string operator()(const Parameter& d) const {
    return open("parameter", d.access).name(d.name).type(d.type).part("default", d.default_value).done();
  }
  std::string operator()(const Context& d) const { return open("context").path(d.name).done(); }
  std::string operator()(const Definition& d) const {
    return open("define", d.access).name(d.name).expr(d.value).done();
  }
  std::string operator()(const Function& d) const {
    auto out = open(d.fluent ? "fluent" : "function", d.access);
    out.name(d.name);
    for (const auto& parameter : d.parameters)
      out.raw('(' + DumpWriter::spelled(parameter.name) + ' ' + dump(library, parameter.type) + ')');
    if (d.returns) out.raw("(returns " + dump(library, d.returns) + ')');
    return out.flag(d.external, "external").expr(d.body).done();
  }
  std::string operator()(const Table& d) const {
    auto out = open("table");
    out.name(d.name);
    for (const auto& column : d.columns)
      out.raw('(' + DumpWriter::spelled(column.name) + ' ' + dump(library, column.type) + ')');
    if (!d.symmetric.empty()) {
      auto symmetric = open("symmetric");
      for (const auto& name : d.symmetric) symmetric.name(name);
      out.raw(symmetric.done());
    }
    return out.done();
  }
  std::string operator()(const Rule& d) const { return rule(d); }
  std::string operator()(const Test& d) const { return test(d); }

 private:
  void variants(DumpWriter& out, std::string_view head, const std::vector<TextVariant>& texts) const {
    for (const auto& text : texts)
      out.raw(open(head).expr(text.text).part("for", text.audience).part("in", text.language).done());
  }

  void tiers(DumpWriter& out, const Rule& d) const {
    for (const auto& unless : d.unless)
      out.raw(open("unless").expr(unless.condition).part("because", unless.because).done());
    for (const auto& tier : d.tiers) {
      auto part = open("tier");
      if (!tier.literal.empty()) part.raw(tier.literal);
      out.raw(part.expr(tier.value).part("when", tier.when).part("because", tier.because).done());
    }
  }

  void trigger(DumpWriter& out, const Rule& d) const {
    if (d.category) out.part("category", d.category->text);
    for (const auto& hook : d.hooks) out.part("on", hook.text);
    for (const auto& source : d.sources) out.raw(open("for").source(source).done());
    for (const auto& let : d.lets) out.raw(open("let").name(let.name).expr(let.value).done());
    out.part("when", d.when);
  }

  std::string suggestion(const Suggestion& s) const {
    static constexpr std::string_view kKinds[] = {"suggest", "recommend", "perform"};
    static constexpr std::string_view kActions[] = {"delete", "create", "update"};
    auto out = open(kKinds[static_cast<size_t>(s.kind)]);
    out.expr(s.label);
    for (const auto& action : s.actions)
      out.raw(open(kActions[static_cast<size_t>(action.kind)]).expr(action.target).fields(action.changes).done());
    return out.done();
  }

  void actions(DumpWriter& out, const Rule& d) const {
    for (const auto& s : d.suggestions) out.raw(suggestion(s));
    for (const auto& reason : d.overrides) out.part("override", reason.value);
    for (const auto& link : d.links) {
      auto one = open(link.launches_app ? "launch" : "link");
      if (link.is_automatic) one.raw("automatically");
      out.raw(one.expr(link.label).text(link.url).part("with", link.app_context).done());
    }
    for (const auto cite : d.cites) out.part("cite", cite);
  }

  std::string rule(const Rule& d) const {
    static constexpr std::string_view kUnits[] = {"patient", "encounter", "period"};
    static constexpr std::string_view kUnknown[] = {"log", "note", "alert"};
    auto out = open("rule");
    out.name(d.name);
    trigger(out, d);
    tiers(out, d);
    out.part("severity", d.severity);
    if (d.once_per)
      out.raw(open("once").raw(kUnits[static_cast<size_t>(d.once_per->unit)]).expr(d.once_per->period).done());
    if (!d.one_alert_per.empty()) out.raw(open("one-alert-per").exprs(d.one_alert_per).done());
    variants(out, "alert", d.alerts);
    variants(out, "detail", d.details);
    actions(out, d);
    if (d.if_unknown)
      out.raw(
          open("if-unknown").raw(kUnknown[static_cast<size_t>(d.if_unknown->action)]).expr(d.if_unknown->text).done());
    for (const auto& item : d.evidence) out.raw(open("evidence").name(item.attribute).expr(item.value).done());
    out.part("active-from", d.active_from).part("active-to", d.active_to).flag(d.shadow, "shadow");
    return out.done();
  }

  std::string expectation(const TestExpectation& e) const {
    auto out = open("expect");
    if (e.nothing) return out.raw("nothing").done();
    out.flag(e.definition, "define").name(e.rule).expr(e.value);
    if (!e.outcome.empty()) out.raw(e.outcome);
    if (e.because) out.part("because", *e.because);
    if (e.saying) out.part("saying", *e.saying);
    return out.done();
  }

  std::string test(const Test& d) const {
    auto out = open("test");
    out.name(d.name);
    for (const auto& fact : d.patient) out.raw(open("patient").name(fact.attribute).expr(fact.value).done());
    for (const auto given : d.given) out.part("given", given);
    for (const auto& type : d.not_obtained) out.raw(open("not-obtained").path(type).done());
    out.part("at", d.at);
    if (d.hook) out.part("when", d.hook->text);
    for (const auto order : d.orders) out.part("with", order);
    for (const auto& e : d.expectations) out.raw(expectation(e));
    return out.done();
  }
};

}  // namespace

std::string dump(const Library& library, const Declaration& declaration) {
  return std::visit(DeclarationDump{library}, declaration.kind);
}

std::string dump(const Library& library) {
  std::string out;
  if (!library.name.empty())
    out += DumpWriter(library, "library").path(library.name).part("version", library.version).done() + '\n';
  for (const auto& declaration : library.declarations) {
    for (const auto& tag : declaration.tags) out += '@' + tag.name + ": " + tag.value + '\n';
    out += dump(library, declaration) + '\n';
  }
  return out;
}

}  // namespace vigil::ast
