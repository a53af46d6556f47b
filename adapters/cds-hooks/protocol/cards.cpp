// SPDX-License-Identifier: Apache-2.0
// One alert to one card; the order and the number of cards.
#include "cds-hooks/protocol/cards.h"

#include <algorithm>

#include "cds-hooks/protocol/card_text.h"
#include "cds-hooks/protocol/override_reasons.h"
#include "cds-hooks/protocol/suggestions.h"
#include "cds-hooks/protocol/unchecked_note.h"
#include "cds-hooks/protocol/write_json.h"

namespace vigil::hooks {
namespace {

std::string_view indicator_of(Tier tier) {
  switch (tier) {
    case Tier::kHardStop: return "critical";
    case Tier::kInterruptive: return "warning";
    case Tier::kPassive:
    case Tier::kSilent: break;
  }
  return "info";
}

/// An object with room for its members: ordered_json copies those it has, deeply, when it must grow.
Json object_of(size_t members) {
  Json object = Json::object();
  object.get_ref<Json::object_t&>().reserve(members);
  return object;
}

class CardMaker {
 public:
  CardMaker(const Evaluated& evaluated, const CardOptions& options, CardIds& ids)
      : evaluated_(evaluated), pack_(*evaluated.service.pack), options_(options), ids_(ids) {}

  Card make(const Alert& alert) {
    Card card;
    card.uuid = ids_.next();
    card.rules = alert.rules;
    card.is_note = alert.is_note;
    card.key = alert.key;
    Json& json = card.json = object_of(10);
    json["uuid"] = card.uuid;
    json["summary"] = to_summary(alert.summary);
    if (auto detail = detail_of(alert); !detail.empty()) json["detail"] = std::move(detail);
    json["indicator"] = indicator_of(alert.tier);
    json["source"] = source_of(alert);
    add_suggestions(alert, card);
    auto reasons = make_override_reasons(alert, options_);
    if (!reasons.empty()) json["overrideReasons"] = std::move(reasons);
    add_links(alert, json);
    json["extension"] = extension_of(alert);
    return card;
  }

  /// What could not be checked, as a card of its own.
  Card make_note(const UncheckedNote& note) {
    Alert alert;
    alert.is_note = true;
    alert.tier = Tier::kPassive;
    alert.rules = note.rules;
    alert.summary = note.summary;
    Card card = make(alert);
    card.json["detail"] = note.detail;
    return card;
  }

 private:
  std::string detail_of(const Alert& alert) const {
    std::string detail;
    const auto add = [&](const std::string& paragraph) {
      if (!paragraph.empty()) detail += (detail.empty() ? "" : "\n\n") + paragraph;
    };
    if (to_summary(alert.summary) != to_summary(alert.summary, alert.summary.size() + 1))
      add(escape_markdown(alert.summary));
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

  Json source_of(const Alert& alert) const {
    Json source = object_of(4);
    source["label"] = !options_.source_label.empty() ? options_.source_label
                      : alert.cites.empty()          ? pack_.title
                                                     : to_summary(alert.cites.front());
    if (!options_.source_url.empty()) source["url"] = options_.source_url;
    if (!options_.source_icon.empty()) source["icon"] = options_.source_icon;
    const std::string category = alert.category.empty() ? (alert.is_note ? "not-checked" : "other") : alert.category;
    Json& topic = source["topic"] = object_of(3);
    topic["system"] = options_.topic_system;
    topic["code"] = category;
    topic["display"] = category;
    return source;
  }

  /// What a rule performs is done by clients that have agreed to it, and chosen by the users of others.
  void add_suggestions(const Alert& alert, Card& card) {
    for (const auto& one : alert.suggestions) {
      if (one.kind == Suggestion::Kind::kPerformed && evaluated_.client.system_actions) {
        auto actions = make_actions(one, evaluated_.call);
        for (auto& action : actions) card.system_actions.push_back(std::move(action));
        if (!actions.empty()) continue;
      }
      card.json["suggestions"].push_back(make_suggestion(one, evaluated_.call, evaluated_.client, ids_.next()));
    }
    if (card.json.contains("suggestions")) card.json["selectionBehavior"] = "at-most-one";
  }

  /// A card whose link starts by itself may never be seen (CDS Hooks 2.0.1, "Link"): so warnings have none such.
  static void add_links(const Alert& alert, Json& json) {
    for (const auto& link : alert.links) {
      if (!link.url.starts_with("https://") && !link.url.starts_with("http://")) continue;
      Json one{{"label", link.label}, {"url", link.url}, {"type", link.launches_app ? "smart" : "absolute"}};
      if (link.launches_app && !link.app_context.empty()) one["appContext"] = link.app_context;
      if (link.is_automatic && alert.tier <= Tier::kPassive) one["autolaunchable"] = true;
      json["links"].push_back(std::move(one));
    }
  }

  Json extension_of(const Alert& alert) const {
    Json extension = object_of(2);
    for (const auto& order : alert.orders)
      if (parse_reference(order)) extension["davinci-crd.associated-resource"].push_back(order);
    Json& rules = extension["vigil.rules"] = object_of(5);
    rules["pack"] = pack_.id;
    if (!pack_.version.empty()) rules["packVersion"] = pack_.version;
    rules["rulesDigest"] = pack_.rules_digest;
    rules["knowledgeDigest"] = pack_.knowledge_digest;
    for (const uint32_t index : alert.rules) {
      const auto& rule = pack_.rulebook->rules()[index];
      Json one = object_of(3);
      one["name"] = rule.name;
      one["library"] = rule.library;
      if (!rule.library_version.empty()) one["version"] = rule.library_version;
      rules["rules"].push_back(std::move(one));
    }
    return extension;
  }

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

}  // namespace

std::vector<Card> make_cards(const Evaluated& evaluated, const Alerts& alerts,
                             std::span<const std::string_view> resting, const CardOptions& options, CardIds& ids) {
  CardMaker maker(evaluated, options, ids);
  const auto note = find_unchecked(evaluated, options);
  const size_t limit = limit_of(evaluated.call, options);
  const size_t for_alerts = note && limit > 0 ? limit - 1 : limit;
  const auto& silenced = evaluated.call.silenced_topics;
  std::vector<Card> cards;
  for (const auto& alert : alerts.alerts) {
    if (cards.size() >= for_alerts) break;
    if (alert.key == kNotCheckedKey) continue;  // part of the note
    if (std::ranges::find(silenced, alert.category) != silenced.end()) continue;
    if (std::ranges::find(resting, alert.key) != resting.end()) continue;
    cards.push_back(maker.make(alert));
  }
  if (note) cards.push_back(maker.make_note(*note));
  return cards;
}

std::string to_response_body(const std::vector<Card>& cards) {
  if (cards.empty()) return R"({"cards":[]})";
  std::string body = R"({"cards":[)";
  Json actions = Json::array();
  for (const auto& card : cards) {
    if (body.back() == '}') body += ',';
    append_json(card.json, body);
    for (const auto& action : card.system_actions) actions.push_back(action);
  }
  body += ']';
  if (!actions.empty()) append_json(actions, body += R"(,"systemActions":)");
  return body + '}';
}

}  // namespace vigil::hooks
