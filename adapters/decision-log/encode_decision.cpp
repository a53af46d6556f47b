// SPDX-License-Identifier: Apache-2.0
// A decision to its two texts: what may be read by operators, and what is a patient's.
#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

#include <vigil/primitives.h>

#include "decision-log/log_entry.h"
#include "json/json_writer.h"

namespace vigil::decision_log {

using json::JsonWriter;

namespace {

constexpr size_t kOutcomes = 5;
/// Bytes of most texts, to take memory once.
constexpr size_t kUsualOpen = 2048;
constexpr size_t kUsualHead = 2048;

std::array<std::string_view, 3> rule_name(const RuleInfo& rule) { return {rule.library, ".", rule.name}; }

class DecisionEncoder {
 public:
  explicit DecisionEncoder(const Decision& decision) : decision_(decision), rules_(decision.rulebook.rules()) {}

  std::string open() const {
    std::string text;
    text.reserve(kUsualOpen);
    JsonWriter json(text);
    json.open('{').text("request", decision_.request_id).text("client", decision_.client);
    json.text("service", decision_.service).text("hook", decision_.hook).text("pack", decision_.pack);
    json.text("packVersion", decision_.pack_version).text("rules", decision_.rules_digest);
    json.text("knowledge", decision_.knowledge_digest).text("engine", decision_.engine_version);
    json.key("status").number(decision_.status);
    json.key("readingMicros").number(micros(decision_.reading));
    json.key("evaluatingMicros").number(micros(decision_.evaluating));
    add_keys(json);
    add_outcomes(json);
    add_cards(json);
    json.close('}');
    return text;
  }

  void head(std::string& text) const {
    JsonWriter json(text);
    const auto& trigger = decision_.trigger;
    json.open('{').key("now").string(instant_text(decision_.now));
    json.text("instance", decision_.hook_instance).text("patient", decision_.patient).text("user", trigger.user);
    json.text("encounter", trigger.encounter).text("location", decision_.location);
    json.key("hook").string(trigger.hook);
    json.key("orders").open('[');
    for (const auto& order : trigger.orders) json.open('[').string(order.type).string(order.id).close(']');
    json.close(']');
    add_completeness(json);
    add_history(json);
    add_alerts(json);
    add_silenced(json);
    add_missing(json);
    json.close('}');
  }

 private:
  static int64_t micros(std::chrono::nanoseconds time) {
    return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
  }

  void add_keys(JsonWriter& json) const {
    if (std::ranges::all_of(decision_.keys,
                            [](const KeyNote& one) { return one.completeness == Completeness::kComplete; }))
      return;
    json.key("keys").open('{');
    for (const auto& one : decision_.keys)
      if (one.completeness != Completeness::kComplete) json.text(one.key, name(one.completeness));
    json.close('}');
  }

  /// Rules by outcome and library: names are long, and most rules share these. Results stand in the order of rules, and
  /// the rules of a library together.
  void add_outcomes(JsonWriter& json) const {
    json.key("outcomes").open('{');
    for (size_t i = 0; i < kOutcomes; ++i) {
      const auto outcome = static_cast<RuleOutcome>(i);
      std::optional<std::string_view> library;
      for (const auto& result : decision_.outcome.results) {
        if (result.outcome != outcome) continue;
        const auto& rule = rules_[result.rule];
        if (!library) json.key(name(outcome)).open('{');
        if (library != rule.library) {
          if (library) json.close(']');
          library = rule.library;
          json.key(*library).open('[');
        }
        json.string(rule.name);
      }
      if (library) json.close(']').close('}');
    }
    json.close('}');
    for (const auto& result : decision_.outcome.results) {
      if (!result.error) continue;
      json.key("errors").open('{');
      for (const auto& one : decision_.outcome.results)
        if (one.error) json.key(rule_name(rules_[one.rule])).string(one.error->code);
      json.close('}');
      break;
    }
  }

  void add_cards(JsonWriter& json) const {
    json.key("cards").open('[');
    for (const auto& card : decision_.cards) json.string(card.uuid);
    json.close(']');
  }

  /// What the evaluation took for incomplete, whatever the reason: replay sets it again.
  void add_completeness(JsonWriter& json) const {
    json.key("completeness").open('{');
    for (const auto& type : decision_.rulebook.read_plan().types())
      if (const auto state = decision_.snapshot.completeness(type.fhir_type);
          type.is_resource && state != Completeness::kComplete)
        json.key(type.name).number(static_cast<int>(state));
    json.close('}');
  }

  void add_history(JsonWriter& json) const {
    const auto& history = decision_.history;
    if (history.alerts.empty() && history.readable) return;
    json.key("history").open('{').key("readable").boolean(history.readable);
    json.key("alerts").open('[');
    for (const auto& past : history.alerts) {
      json.open('{').key("rule").string(past.rule).key("key").string(past.key).text("user", past.user);
      json.text("encounter", past.encounter).key("shown").number(past.shown);
      json.key("acknowledged").boolean(past.acknowledged).close('}');
    }
    json.close(']').close('}');
  }

  std::string_view card_of(const Alert& alert) const {
    for (const auto& card : decision_.cards)
      if (!card.alert_key.empty() && card.alert_key == alert.key) return card.uuid;
    return {};
  }

  void add_alerts(JsonWriter& json) const {
    json.key("alerts").open('[');
    for (const auto& alert : decision_.alerts.alerts) {
      json.open('{').text("card", card_of(alert)).key("key").string(alert.key);
      json.key("tier").string(name(alert.tier)).key("summary").string(alert.summary);
      json.key("orders").open('[');
      for (const auto& order : alert.orders) json.string(order);
      json.close(']').key("findings").open('[');
      for (const auto& finding : decision_.findings)
        if (finding.key == alert.key)
          json.open('{')
              .key("rule")
              .string(rules_[finding.rule].name)
              .key("digest")
              .string(std::to_string(finding.digest))
              .close('}');
      json.close(']').close('}');
    }
    json.close(']');
    if (decision_.resting.empty()) return;
    json.key("resting").open('[');
    for (const auto key : decision_.resting) json.string(key);
    json.close(']');
  }

  void add_silenced(JsonWriter& json) const {
    if (decision_.alerts.silenced.empty()) return;
    json.key("silenced").open('[');
    for (const auto& one : decision_.alerts.silenced)
      json.open('{')
          .key("rule")
          .string(rule_name(rules_[one.rule]))
          .key("summary")
          .string(one.summary)
          .key("reason")
          .string(one.reason)
          .close('}');
    json.close(']');
  }

  void add_missing(JsonWriter& json) const {
    json.key("missing").open('{');
    for (const auto& result : decision_.outcome.results) {
      if (result.outcome != RuleOutcome::kUnknown) continue;
      json.key(rule_name(rules_[result.rule])).open('[');
      for (const auto& datum : result.missing) json.string(datum.what);
      json.close(']');
    }
    json.close('}');
  }

  const Decision& decision_;
  std::span<const RuleInfo> rules_;
};

/// A part is its size, high byte first, and its text.
constexpr size_t kSizeOfSize = 4;
void set_size(std::string& text, size_t at, size_t size) {
  for (size_t i = 0; i < kSizeOfSize; ++i) text[at + i] = static_cast<char>(size >> (24 - 8 * i) & 0xFF);
}
void append_part(std::string& text, std::string_view part) {
  const size_t at = text.size();
  text.append(kSizeOfSize, '\0');
  set_size(text, at, part.size());
  text += part;
}

}  // namespace

std::string instant_text(const Temporal& instant) {
  const int offset = instant.offset_minutes == Temporal::kNoOffset ? 0 : instant.offset_minutes;
  const int minutes = std::abs(offset);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03d%c%02d:%02d", instant.year, instant.month,
                instant.day, instant.hour, instant.minute, instant.second, instant.millisecond, offset < 0 ? '-' : '+',
                minutes / 60, minutes % 60);
  return text.data();
}

Entry encode(const Decision& decision) {
  const DecisionEncoder encoder(decision);
  Entry entry;
  entry.at = to_instant(decision.now);
  entry.open = encoder.open();
  entry.secret.reserve(kUsualHead + decision.record.size() + decision.drafts.size() + decision.body.size());
  entry.secret.assign(kSizeOfSize, '\0');
  encoder.head(entry.secret);
  set_size(entry.secret, 0, entry.secret.size() - kSizeOfSize);
  for (const auto part : {decision.record, decision.drafts, decision.body}) append_part(entry.secret, part);
  entry.cards.reserve(decision.cards.size());
  for (const auto& card : decision.cards) entry.cards.emplace_back(card.uuid);
  return entry;
}

std::optional<SecretParts> split_secret(std::string_view secret) {
  SecretParts parts;
  for (auto* part : {&parts.head, &parts.record, &parts.drafts, &parts.body}) {
    if (secret.size() < 4) return std::nullopt;
    uint32_t size = 0;
    for (size_t i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(secret[i]);
    secret.remove_prefix(4);
    if (secret.size() < size) return std::nullopt;
    *part = secret.substr(0, size);
    secret.remove_prefix(size);
  }
  return secret.empty() ? std::optional(parts) : std::nullopt;
}

void name_record(std::string& secret, int64_t row) {
  const auto parts = split_secret(secret);
  if (!parts) return;
  const auto begin = static_cast<size_t>(parts->record.data() - secret.data());
  const auto digits = std::to_string(row);
  secret.replace(begin, parts->record.size(), digits);
  set_size(secret, begin - kSizeOfSize, digits.size());
}

}  // namespace vigil::decision_log
