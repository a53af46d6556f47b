// SPDX-License-Identifier: Apache-2.0
// Rules: sources and conditions as of a query, then what is computed of each finding.
#include <algorithm>
#include <array>

#include "diagnostics/catalogue.h"
#include "diagnostics/suggest.h"
#include "semantic/conversions.h"
#include "semantic/hooks.h"
#include "semantic/module_checker.h"

namespace vigil::semantic {
namespace {

constexpr std::array<std::string_view, 4> kTiers = {"hard-stop", "interruptive", "passive", "silent"};

std::string tier_hint(std::string_view word) {
  auto hint = did_you_mean(word, kTiers);
  return hint.empty() ? "the tiers are `hard-stop`, `interruptive`, `passive` and `silent`" : hint;
}

}  // namespace

void ModuleChecker::check_hooks(const ast::Rule& rule, typed::Rule& typed) {
  for (const auto& hook : rule.hooks) {
    const auto first =
        std::find_if(rule.hooks.begin(), rule.hooks.end(), [&](const auto& other) { return other.text == hook.text; });
    if (&*first != &hook) {
      sink_.add(make_diagnostic<Code::VGL0612>(hook.span, hook.text)
                    .label(first->span, "first given here")
                    .with_hint("leave it out"));
      continue;
    }
    // A hook of one's own is named by reverse domain: 'org.example.discharge-letter' (CDS Hooks 2.0.1, "Hooks").
    const bool is_own = hook.text.find('.') != std::string::npos;
    const bool good =
        !hook.text.empty() &&
        std::all_of(hook.text.begin(), hook.text.end(),
                    [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; }) &&
        hook.text.front() != '.' && hook.text.back() != '.' && hook.text.find("..") == std::string::npos;
    if (!good)
      sink_.add(make_diagnostic<Code::VGL0603>(hook.span, hook.text)
                    .with_hint("a hook is written in lower case with hyphens, such as 'order-sign'"));
    else if (!is_own && std::find(kHooks.begin(), kHooks.end(), hook.text) == kHooks.end())
      sink_.add(make_diagnostic<Code::VGL0608>(hook.span, hook.text).with_hint(did_you_mean(hook.text, kHooks)));
    const auto ordered = std::find_if(rule.sources.begin(), rule.sources.end(),
                                      [](const auto& source) { return source.scope == ast::RetrieveScope::kOrdered; });
    const bool known = std::find(kHooks.begin(), kHooks.end(), hook.text) != kHooks.end();
    if (ordered != rule.sources.end() && known &&
        std::find(kOrderHooks.begin(), kOrderHooks.end(), hook.text) == kOrderHooks.end())
      sink_.add(make_diagnostic<Code::VGL0609>(hook.span, hook.text)
                    .label(ordered->alias.span, "the order")
                    .with_hint("run it on 'order-select' and 'order-sign'"));
    typed.hooks.push_back(hook.text);
  }
}

/// The word of `tier 'loud'` or of `tier pasive` that names neither a tier nor anything else; empty for any other
/// value.
ast::Name ModuleChecker::mistaken_tier(const ast::Rule& rule, const ast::Tier& tier) {
  const auto library = std::find_if(libraries_.begin(), libraries_.end(),
                                    [&](const auto& l) { return l.ast->source == rule.name.span.source; });
  const auto& expr = (*library->ast)[tier.value];
  if (const auto* literal = std::get_if<ast::Literal>(&expr.kind)) {
    const bool text = literal->kind == ast::LiteralKind::kString;
    return text && std::find(kTiers.begin(), kTiers.end(), literal->text) == kTiers.end()
               ? ast::Name{literal->text, expr.span, true}
               : ast::Name{};
  }
  const auto* name = std::get_if<ast::NameExpr>(&expr.kind);
  if (name == nullptr || library->names.contains(name->name.text)) return {};
  const auto is_it = [&](const ast::Name& other) { return other.text == name->name.text; };
  const bool local =
      std::any_of(rule.sources.begin(), rule.sources.end(), [&](const auto& s) { return is_it(s.alias); }) ||
      std::any_of(rule.lets.begin(), rule.lets.end(), [&](const auto& l) { return is_it(l.name); });
  return local ? ast::Name{} : name->name;
}

void ModuleChecker::check_tiers(ExpressionChecker& checker, const ast::Rule& rule, typed::Rule& typed) {
  const ast::Tier* last = nullptr;
  for (const auto& tier : rule.tiers) {
    if (last != nullptr) {
      sink_.add(make_diagnostic<Code::VGL0606>(tier.span)
                    .label(last->span, "this one always applies")
                    .with_hint("move it before, or give the earlier tier a `when`"));
      break;
    }
    typed::TierClause clause;
    clause.span = tier.span;
    if (!tier.literal.empty()) {
      static constexpr std::pair<std::string_view, typed::TierKind> kKinds[] = {
          {"silent", typed::TierKind::kSilent},
          {"passive", typed::TierKind::kPassive},
          {"interruptive", typed::TierKind::kInterruptive},
          {"hard-stop", typed::TierKind::kHardStop}};
      for (const auto& [name, kind] : kKinds)
        if (name == tier.literal) clause.tier = kind;
      if (!clause.tier)
        sink_.add(make_diagnostic<Code::VGL0602>(tier.span, tier.literal).with_hint(tier_hint(tier.literal)));
    } else if (const auto word = mistaken_tier(rule, tier); !word.text.empty()) {
      sink_.add(make_diagnostic<Code::VGL0602>(word.span, word.text).with_hint(tier_hint(word.text)));
      typed.failed = true;
    } else {
      clause.value = checker.check_as(tier.value, model::kString);
      typed.failed = typed.failed || !clause.value;
    }
    if (tier.when) {
      clause.when = checker.check_as(tier.when, model::kBoolean);
      typed.failed = typed.failed || !clause.when;
    } else {
      last = &tier;
    }
    if (tier.because) clause.because = checker.check(tier.because);
    typed.tiers.push_back(clause);
  }
}

void ModuleChecker::check_rule_texts(ExpressionChecker& checker, const ast::Rule& rule, typed::Rule& typed) {
  const auto texts = [&](const std::vector<ast::TextVariant>& from, std::vector<typed::Text>& to) {
    for (const auto& variant : from) {
      const auto text = checker.check(variant.text);
      typed.failed = typed.failed || !text;
      to.push_back({text, variant.audience, variant.language});
    }
  };
  texts(rule.alerts, typed.alerts);
  texts(rule.details, typed.details);
  if (rule.if_unknown) {
    typed.if_unknown = rule.if_unknown->action;
    if (rule.if_unknown->text) {
      typed.unknown_text = checker.check(rule.if_unknown->text);
      typed.failed = typed.failed || !typed.unknown_text;
    }
  }
}

void ModuleChecker::check_rule_alert_parts(ExpressionChecker& checker, const ast::Rule& rule, typed::Rule& typed) {
  check_tiers(checker, rule, typed);
  if (rule.severity) {
    typed.severity = checker.check_as(rule.severity, model::kString);
    typed.failed = typed.failed || !typed.severity;
  }
  for (const auto key : rule.one_alert_per) {
    typed.group_by.push_back(checker.check(key));
    typed.failed = typed.failed || !typed.group_by.back();
  }
  check_rule_texts(checker, rule, typed);
  check_suggestions(checker, rule, typed);
  check_overrides(checker, rule, typed);
  for (const auto& link : rule.links) {
    typed::Link checked{checker.check(link.label), link.url, link.launches_app, link.is_automatic, {}};
    if (link.app_context) checked.app_context = checker.check(link.app_context);
    typed.failed = typed.failed || !checked.label || (link.app_context && !checked.app_context);
    typed.links.push_back(std::move(checked));
  }
  for (const auto cite : rule.cites) {
    typed.cites.push_back(checker.check_as(cite, model::kString));
    typed.failed = typed.failed || !typed.cites.back();
  }
  check_evidence(checker, rule, typed);
  check_once_per(checker, rule, typed);
  check_active_period(checker, rule, typed);
}

void ModuleChecker::check_rule(uint32_t library, const ast::Rule& rule) {
  typed::Rule typed;
  typed.library = libraries_[library].name;
  typed.library_version = libraries_[library].ast->version;
  typed.name = rule.name.text;
  typed.span = rule.name.span;
  typed.category = rule.category ? rule.category->text : "";
  typed.shadow = rule.shadow;
  if (rule.name.text.empty()) report_empty_name(rule.name);
  check_required_clauses(rule, typed);
  for (const auto& other : module_.module().rules)
    if (other.name == typed.name && other.library == typed.library) {
      sink_.add(
          make_diagnostic<Code::VGL0202>(rule.name.span, rule.name.text).label(other.span, "first declared here"));
      typed.failed = true;
    }
  check_hooks(rule, typed);

  ExpressionChecker checker(module_, *libraries_[library].ast, *libraries_[library].view, sink_);
  for (const auto& source : rule.sources) {
    auto checked = checker.check_source(source);
    typed.failed = typed.failed || !checked;
    if (checked) typed.sources.push_back(std::move(*checked));
  }
  for (const auto& let : rule.lets) {
    const auto value = checker.check(let.value);
    typed.failed = typed.failed || !value;
    const auto slot = checker.add_local(let.name, value ? module_.type(value) : model::kAny);
    typed.lets.push_back({value, slot, let.name.text});
  }
  if (rule.when) {
    typed.when = checker.check_as(rule.when, model::kBoolean);
    typed.failed = typed.failed || !typed.when;
  }
  for (const auto& unless : rule.unless) {
    const auto condition = checker.check_as(unless.condition, model::kBoolean);
    typed.failed = typed.failed || !condition;
    typed.unless.push_back({condition, unless.because ? checker.check(unless.because) : ExprId{}, unless.span});
  }
  check_rule_alert_parts(checker, rule, typed);
  typed.frame_size = checker.frame_size();
  module_.module().rules.push_back(std::move(typed));
}

}  // namespace vigil::semantic
