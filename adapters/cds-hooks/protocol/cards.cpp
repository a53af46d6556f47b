// SPDX-License-Identifier: Apache-2.0
// One alert to one card; the order and the number of cards.
#include "cds-hooks/protocol/cards.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "cds-hooks/protocol/card_text.h"
#include "cds-hooks/protocol/hidden_note.h"
#include "cds-hooks/protocol/override_reasons.h"
#include "cds-hooks/protocol/suggestions.h"
#include "cds-hooks/protocol/unchecked_note.h"
#include "fhir/text_recovery.h"
#include "json/json_writer.h"

namespace vigil::hooks {
namespace {

using json::JsonWriter;

std::string_view indicator_of(Tier tier) {
  switch (tier) {
    case Tier::kHardStop: return "critical";
    case Tier::kInterruptive: return "warning";
    case Tier::kPassive:
    case Tier::kSilent: break;
  }
  return "info";
}

/// One line; bytes that are not UTF-8 become U+FFFD.

class CardMaker {
 public:
  CardMaker(const Evaluated& evaluated, const CardOptions& options, CardIds& ids)
      : evaluated_(evaluated), pack_(*evaluated.service.pack), options_(options), ids_(ids) {}

  /// `note` stands in its detail, where there is no room for a card of its own.
  Card make(const Alert& alert, const UncheckedNote* note = nullptr) {
    auto detail = detail_of(alert);
    if (note != nullptr) detail += (detail.empty() ? "" : "\n\n") + note->detail;
    return make(alert, std::move(detail));
  }

  /// What could not be checked, or was found and is not shown, as a card of its own.
  Card make_note(const UncheckedNote& note) {
    Alert alert;
    alert.is_note = true;
    alert.tier = Tier::kPassive;
    alert.category = note.topic;
    alert.rules = note.rules;
    alert.summary = note.summary;
    return make(alert, note.detail);
  }

 private:
  Card make(const Alert& alert, std::string detail) {
    Card card;
    card.uuid = ids_.next();
    card.tier = alert.tier;
    card.rules = alert.rules;
    card.is_note = alert.is_note;
    card.key = alert.key;
    const auto suggestions = make_suggestions(alert, card, detail);
    card.text.reserve(kUsualSize);
    JsonWriter out(card.text);
    out.open('{')
        .key("uuid")
        .string(card.uuid)
        .key("summary")
        .string(to_summary(brief_of(alert)))
        .text("detail", detail);
    out.key("indicator").string(indicator_of(alert.tier));
    write_source(alert, out);
    write_suggestions(suggestions, out);
    write_override_reasons(alert, options_, out);
    write_links(alert, out);
    write_extension(alert, out);
    out.close('}');
    return card;
  }

  /// The summary; where that is too long, with names cut short.
  static const std::string& brief_of(const Alert& alert) {
    const auto at = std::ranges::find(alert.summaries, alert.summary, &TextVariant::text);
    return at == alert.summaries.end() || at->brief.empty() ? alert.summary : at->brief;
  }

  std::string detail_of(const Alert& alert) const {
    std::string detail;
    const auto add = [&](const std::string& paragraph) {
      if (!paragraph.empty()) detail += (detail.empty() ? "" : "\n\n") + paragraph;
    };
    const auto& summary = alert.summary;
    if (summary.size() > kSummaryLength && to_summary(summary) != to_summary(summary, summary.size() + 1))
      add(escape_markdown(summary));
    add(escape_markdown(alert.detail));
    if (!alert.tier_reason.empty()) add("Because: " + escape_markdown(alert.tier_reason));
    if (sources_differ(alert)) {
      std::string differ;
      for (const auto& source : alert.sources) {
        differ += "\n- " + std::string(name(source.tier));
        if (!source.severity.empty()) differ += ", " + escape_markdown(source.severity);
        for (const auto& cite : source.cites)
          differ += (&cite == &source.cites.front() ? ": " : "; ") + escape_markdown(cite);
      }
      add("The sources differ:" + differ);
    }
    std::string sources;
    for (const auto& cite : alert.cites) sources += "\n- " + escape_markdown(cite);
    if (!sources.empty()) add("Sources:\n" + sources);
    return detail;
  }

  void write_source(const Alert& alert, JsonWriter& out) const {
    out.key("source").open('{').key("label");
    if (!options_.source_label.empty() || alert.cites.empty())
      out.string(options_.source_label.empty() ? pack_.title : options_.source_label);
    else
      out.string(to_summary(alert.cites.front()));
    out.text("url", options_.source_url).text("icon", options_.source_icon);
    const std::string_view category = alert.category.empty() ? std::string_view("other") : alert.category;
    out.key("topic").open('{').key("system").string(options_.topic_system);
    out.key("code").string(category).key("display").string(category).close('}').close('}');
  }

  /// What a rule performs is done by clients that have agreed to it, and chosen by the users of others. A suggestion
  /// whose actions cannot be named in this call, such as of an order without an id, would do nothing when it is chosen:
  /// it is said in words.
  std::vector<std::string> make_suggestions(const Alert& alert, Card& card, std::string& detail) {
    std::vector<std::string> suggestions;
    std::string by_hand;
    for (const auto& one : alert.suggestions) {
      if (one.kind == Suggestion::Kind::kPerformed && evaluated_.client.system_actions) {
        auto actions = make_actions(one, evaluated_.call);
        std::ranges::move(actions, std::back_inserter(card.system_actions));
        if (!actions.empty()) continue;
      }
      if (auto suggestion = make_suggestion(one, evaluated_.call, evaluated_.client, ids_.next()))
        suggestions.push_back(std::move(*suggestion));
      else
        by_hand += "\n- " + escape_markdown(one.label);
    }
    if (!by_hand.empty()) detail += (detail.empty() ? "" : "\n\n") + std::string("To be done by hand:\n") + by_hand;
    return suggestions;
  }

  static void write_suggestions(const std::vector<std::string>& suggestions, JsonWriter& out) {
    if (suggestions.empty()) return;
    out.key("suggestions").open('[');
    for (const auto& one : suggestions) out.raw(one);
    out.close(']').key("selectionBehavior").string("at-most-one");
  }

  /// A card whose link starts by itself may never be seen (CDS Hooks 2.0.1, "Link"): so warnings have none such.
  static void write_links(const Alert& alert, JsonWriter& out) {
    bool has_one = false;
    for (const auto& link : alert.links) {
      if (!link.url.starts_with("https://") && !link.url.starts_with("http://")) continue;
      if (!std::exchange(has_one, true)) out.key("links").open('[');
      out.open('{').key("label").string(link.label).key("url").string(link.url);
      out.key("type").string(link.launches_app ? "smart" : "absolute");
      if (link.launches_app) out.text("appContext", link.app_context);
      if (link.is_automatic && alert.tier <= Tier::kPassive) out.key("autolaunchable").boolean(true);
      out.close('}');
    }
    if (has_one) out.close(']');
  }

  void write_extension(const Alert& alert, JsonWriter& out) const {
    out.key("extension").open('{');
    bool has_order = false;
    for (const auto& order : alert.orders) {
      if (!parse_reference(order)) continue;
      if (!std::exchange(has_order, true)) out.key("davinci-crd.associated-resource").open('[');
      out.string(order);
    }
    if (has_order) out.close(']');
    out.key("vigil.rules").open('{').key("pack").string(pack_.id).text("packVersion", pack_.version);
    out.key("rulesDigest").string(pack_.rules_digest).key("knowledgeDigest").string(pack_.knowledge_digest);
    write_rules(alert, out);
    out.close('}').close('}');
  }

  /// A note on data alone has none. CDS Hooks 2.0.1: an optional array without values is omitted.
  void write_rules(const Alert& alert, JsonWriter& out) const {
    if (alert.rules.empty()) return;
    out.key("rules").open('[');
    for (const uint32_t index : alert.rules) {
      const auto& rule = pack_.rulebook->rules()[index];
      out.open('{').key("name").string(rule.name).key("library").string(rule.library);
      out.text("version", rule.library_version).close('}');
    }
    out.close(']');
  }

  static constexpr size_t kUsualSize = 1024;

  const Evaluated& evaluated_;
  const RulePack& pack_;
  const CardOptions& options_;
  CardIds& ids_;
};

size_t limit_of(const HookCall& call, const CardOptions& options) {
  size_t limit = options.max_cards == 0 ? SIZE_MAX : options.max_cards;
  if (call.max_cards) limit = std::min(limit, static_cast<size_t>(*call.max_cards));
  return limit;
}

/// The alerts of a call: those that may have a card, and why others have none.
struct Choice {
  std::vector<const Alert*> shown;
  HiddenAlerts hidden;
};

Choice choose(const Evaluated& evaluated, const Alerts& alerts, std::span<const std::string_view> resting) {
  const auto& silenced = evaluated.call.silenced_topics;
  Choice choice;
  for (const auto& alert : alerts.alerts) {
    if (alert.key == kNotCheckedKey) continue;  // part of the note
    const bool rests = std::ranges::find(resting, alert.key) != resting.end();
    const bool is_silenced = std::ranges::find(silenced, alert.category) != silenced.end();
    (rests ? choice.hidden.resting : is_silenced ? choice.hidden.by_topic : choice.shown).push_back(&alert);
  }
  for (const auto& finding : alerts.silenced)
    if (finding.is_repeat) choice.hidden.repeating.push_back(&finding);
  return choice;
}

/// Both in one: what was found stands first.
UncheckedNote join(UncheckedNote hidden, const std::optional<UncheckedNote>& unchecked) {
  if (!unchecked) return hidden;
  hidden.topic = unchecked->topic;
  hidden.summary += "; " + unchecked->summary;
  hidden.detail += "\n\n" + unchecked->detail;
  hidden.rules.insert(hidden.rules.end(), unchecked->rules.begin(), unchecked->rules.end());
  return hidden;
}

}  // namespace

std::vector<Card> make_cards(const Evaluated& evaluated, const Alerts& alerts,
                             std::span<const std::string_view> resting, const CardOptions& options, CardIds& ids) {
  CardMaker maker(evaluated, options, ids);
  auto note = find_unchecked(evaluated, options);
  auto choice = choose(evaluated, alerts, resting);
  auto& shown = choice.shown;
  // The note is always told, but never in place of the only alert that may be shown.
  const size_t limit = limit_of(evaluated.call, options);
  if (limit == 0) choice.hidden.by_limit.swap(shown);
  if (shown.empty() && !choice.hidden.empty()) note = join(make_hidden_note(choice.hidden), note);
  const bool is_inside = note && limit == 1 && !shown.empty();
  if (note && !is_inside && limit > 0 && shown.size() >= limit) shown.resize(limit - 1);
  if (shown.size() > limit) shown.resize(limit);
  std::vector<Card> cards;
  for (const auto* alert : shown) cards.push_back(maker.make(*alert, is_inside ? &*note : nullptr));
  if (note && !is_inside) cards.push_back(maker.make_note(*note));
  return cards;
}

std::string to_response_body(const std::vector<Card>& cards) {
  if (cards.empty()) return R"({"cards":[]})";
  std::string body;
  JsonWriter out(body);
  bool has_action = false;
  size_t size = 0;
  for (const auto& card : cards) size += card.text.size() + 1;
  body.reserve(size + 64);
  out.open('{').key("cards").open('[');
  for (const auto& card : cards) {
    out.raw(card.text);
    has_action = has_action || !card.system_actions.empty();
  }
  out.close(']');
  if (has_action) {
    out.key("systemActions").open('[');
    for (const auto& card : cards)
      for (const auto& action : card.system_actions) out.raw(action);
    out.close(']');
  }
  out.close('}');
  // Outside of strings all is ASCII, so that what replaces wrong bytes stands in strings too.
  unsigned char bits = 0;
  for (const char c : body) bits |= static_cast<unsigned char>(c);
  return bits < 0x80 ? body : fhir::replace_invalid_utf8(body);
}

}  // namespace vigil::hooks
