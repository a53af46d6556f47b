// SPDX-License-Identifier: Apache-2.0
// Rows of decisions, feedback and checkpoints; feedback joined to its decision.
#include "decision-log/log_writer.h"

#include <algorithm>

#include "decision-log/row_json.h"
#include "decision-log/sealed_text.h"
#include "json/json_writer.h"

namespace vigil::decision_log {
namespace {

using Json = nlohmann::json;
using json::JsonWriter;

constexpr std::string_view kAcknowledgedContext = "acknowledged";

/// The alert of a card in the head of its decision; null where there is none.
const Json* find_alert(const Json& head, const std::string& card) {
  const auto alerts = head.find("alerts");
  if (alerts == head.end()) return nullptr;
  for (const auto& alert : *alerts)
    if (text_of(alert, "card") == card) return &alert;
  return nullptr;
}

/// The rules behind an alert, each once.
Json rules_of(const Json& alert) {
  Json rules = Json::array();
  for (const auto& finding : list_of(alert, "findings"))
    if (const auto rule = text_of(finding, "rule"); std::find(rules.begin(), rules.end(), rule) == rules.end())
      rules.push_back(rule);
  return rules;
}

void add_item(JsonWriter& json, const CardFeedback& item, int64_t decision) {
  json.open('{').key("card").string(item.card).key("outcome").string(item.accepted ? "accepted" : "overridden");
  json.key("at").number(item.at);
  if (decision != 0) json.key("decision").number(decision);
  if (!item.suggestions.empty()) {
    json.key("suggestions").open('[');
    for (const auto& id : item.suggestions) json.string(id);
    json.close(']');
  }
  json.text("reasonSystem", item.reason_system).text("reasonCode", item.reason_code).close('}');
}

/// Leaves the record out where a row that stays as long holds it: sealed, so that nobody without the key learns whose
/// decisions are of one patient. Else `id` tells it to those that come after.
void share_record(Entry& entry, const RecordMemory& records, std::optional<RecordId>& id) {
  const auto parts = split_secret(entry.secret);
  if (!parts || parts->record.size() < kShortRecord) return;
  id = records.id(parts->record);
  const int64_t holder = id ? records.find(*id, entry.at) : 0;
  if (holder == 0) return;
  id.reset();
  name_record(entry.secret, holder);
}

}  // namespace

std::optional<SealedEntry> seal(Entry entry, const KeyRing& keys, const RecordMemory* records) {
  SealedEntry sealed;
  if (records != nullptr) share_record(entry, *records, sealed.record);
  sealed.row.kind = RowKind::kDecision;
  sealed.row.at = entry.at;
  sealed.row.open = std::move(entry.open);
  if (!seal_text(entry.secret, keys, sealed.row)) return std::nullopt;
  sealed.cards = std::move(entry.cards);
  return sealed;
}

void LogWriter::keep() {
  kept_ = end_;
  for (const auto& one : new_records_) records_.remember(one.id, one.number, one.at);
  new_records_.clear();
}

void LogWriter::forget() {
  end_ = kept_;
  new_records_.clear();
}

std::string LogWriter::start() {
  auto problem = store_.read_end(kept_);
  end_ = kept_;
  return problem;
}

std::string LogWriter::add_row(LogRow row) {
  row.number = end_.number + 1;
  const auto hash = link(end_.hash, row, keys_);
  if (!hash) return "its key is not at hand";
  row.hash = *hash;
  auto problem = store_.add(row);
  if (problem.empty()) end_ = {row.number, row.hash};
  return problem;
}

std::string LogWriter::add_note(RowKind kind, std::string open, Instant at) {
  LogRow row;
  row.kind = kind;
  row.at = at;
  row.open = std::move(open);
  row.sealed_hash = crypto::sha256({});
  row.key_id = keys_.id();
  return add_row(std::move(row));
}

std::string LogWriter::add(const SealedEntry& entry) {
  auto problem = add_row(entry.row);
  if (problem.empty() && entry.record) new_records_.push_back({*entry.record, end_.number, entry.row.at});
  for (const auto& card : entry.cards)
    if (problem.empty()) problem = store_.add_card(card, end_.number);
  return problem;
}

std::string LogWriter::add_dropped(uint64_t count, Instant at) {
  return add_note(RowKind::kDropped, R"({"count":)" + std::to_string(count) + "}", at);
}

std::string LogWriter::find_decision(const CardFeedback& item, const Feedback& feedback,
                                     std::optional<LogRow>& decision) {
  auto problem = store_.find_decision(item.card, decision);
  if (!decision) return problem;
  // Another client's cards are none of this one's business.
  const auto open = parse_row_text(decision->open);
  const bool is_told = open.is_object() && (!open.contains("client") || open["client"].is_string());
  if (!is_told || text_of(open, "client") != feedback.client) decision.reset();
  return problem;
}

/// Remembers what was acknowledged, where the decision can still be read; `joined` gets who and where, as JSON.
std::string LogWriter::acknowledge(const CardFeedback& item, const Feedback& feedback, const LogRow& decision,
                                   std::string& joined) {
  const auto secret = open_text(decision, keys_);
  const auto parts = secret ? split_secret(*secret) : std::nullopt;
  const auto head = parts ? parse_row_text(parts->head) : Json();
  if (!head.is_object()) return {};
  Json who;
  for (const auto* name : {"patient", "user", "encounter", "location"})
    if (const auto text = text_of(head, name); !text.empty()) who[name] = text;
  const auto* alert = find_alert(head, item.card);
  if (alert != nullptr) {
    who["key"] = text_of(*alert, "key");
    who["tier"] = text_of(*alert, "tier");
    who["summary"] = text_of(*alert, "summary");
    who["rules"] = rules_of(*alert);
    who["orders"] = list_of(*alert, "orders");
    who["hook"] = text_of(head, "hook");
    who["shown"] = decision.at;
  }
  joined = who.dump(-1, ' ', false, Json::error_handler_t::replace);
  const auto user = text_of(head, "user");
  if (alert == nullptr || user.empty()) return {};
  Json memory{{"user", user},
              {"encounter", text_of(head, "encounter")},
              {"hook", text_of(head, "hook")},
              {"key", text_of(*alert, "key")},
              {"findings", list_of(*alert, "findings")},
              {"accepted", item.accepted},
              {"shown", decision.at}};
  Acknowledged one;
  one.card = item.card;
  one.person = person_of(keys_, feedback.client, text_of(head, "patient"), user);
  one.at = decision.at;
  one.key_id = keys_.id();
  auto sealed = keys_.seal(memory.dump(-1, ' ', false, Json::error_handler_t::replace), kAcknowledgedContext);
  if (!sealed) return "sealing failed";
  one.sealed = std::move(*sealed);
  return store_.add_acknowledged(one);
}

std::string LogWriter::add(const Feedback& feedback) {
  LogRow row;
  std::string secret;
  JsonWriter open(row.open);
  JsonWriter hidden(secret);
  open.open('{').text("request", feedback.request_id).text("client", feedback.client);
  open.text("service", feedback.service).key("items").open('[');
  hidden.open('[');
  for (const auto& item : feedback.items) {
    std::optional<LogRow> decision;
    std::string joined;
    auto problem = find_decision(item, feedback, decision);
    if (problem.empty() && decision) problem = acknowledge(item, feedback, *decision, joined);
    if (!problem.empty()) return problem;
    add_item(open, item, decision ? decision->number : 0);
    hidden.open('{').key("card").string(item.card).text("comment", item.comment).text("reason", item.reason_text);
    if (!joined.empty()) {
      hidden.key("of");
      secret += joined;
    }
    hidden.close('}');
  }
  open.close(']').close('}');
  hidden.close(']');
  row.kind = RowKind::kFeedback;
  row.at = feedback.at;
  if (!seal_text(secret, keys_, row)) return "sealing failed";
  return add_row(std::move(row));
}

std::string LogWriter::purge(Instant before, Instant now) {
  int64_t through = 0;
  if (auto problem = store_.find_before(before, /*with_sealed=*/false, through); !problem.empty()) return problem;
  if (through == 0) return {};
  // Another checkpoint alone is no reason to move the beginning.
  crypto::Hash last{};
  bool has_news = false;
  auto problem = store_.each(1, [&](const LogRow& row) {
    if (row.number > through) return false;
    has_news = has_news || row.kind == RowKind::kDecision || row.kind == RowKind::kFeedback;
    last = row.hash;
    return true;
  });
  if (!problem.empty() || !has_news) return problem;
  problem = add_note(RowKind::kPurged,
                     R"({"through":)" + std::to_string(through) + R"(,"hash":")" + crypto::to_hex(last) + "\"}", now);
  return problem.empty() ? store_.purge(through, before) : problem;
}

std::string LogWriter::erase(Instant before, Instant now) {
  int64_t through = 0;
  if (auto problem = store_.find_before(before, /*with_sealed=*/true, through); !problem.empty()) return problem;
  if (through == 0) return {};
  auto problem = add_note(RowKind::kErased, R"({"through":)" + std::to_string(through) + "}", now);
  return problem.empty() ? store_.erase_sealed(through) : problem;
}

Instant oldest_kept(Instant now, std::chrono::milliseconds kept) { return now - (kept + kRecordShared).count(); }

crypto::Hash person_of(const KeyRing& keys, std::string_view client, std::string_view patient, std::string_view user) {
  std::string bytes;
  for (const auto part : {client, patient, user}) (bytes += std::to_string(part.size()) + ":") += part;
  return keys.mac(bytes, keys.id()).value_or(crypto::Hash{});
}

std::vector<KnownAlert> known_alerts_of(const Acknowledged& one, const KeyRing& keys) {
  std::vector<KnownAlert> alerts;
  const auto text = keys.open(one.sealed, kAcknowledgedContext, one.key_id);
  const auto memory = text ? parse_row_text(*text) : Json();
  if (!memory.is_object()) return alerts;
  for (const auto& finding : list_of(memory, "findings")) {
    KnownAlert known;
    known.alert.rule = text_of(finding, "rule");
    known.alert.key = text_of(memory, "key");
    known.alert.user = text_of(memory, "user");
    known.alert.encounter = text_of(memory, "encounter");
    known.alert.shown = number_of(memory, "shown");
    known.alert.acknowledged = true;
    known.hook = text_of(memory, "hook");
    known.accepted = memory.contains("accepted") && memory["accepted"] == true;
    known.digest = std::strtoull(text_of(finding, "digest").c_str(), nullptr, 10);
    alerts.push_back(std::move(known));
  }
  return alerts;
}

}  // namespace vigil::decision_log
