// SPDX-License-Identifier: Apache-2.0
// Outcomes and prefetch keys to the note on what was not checked.
#include "cds-hooks/protocol/unchecked_note.h"

#include <algorithm>

#include "cds-hooks/protocol/card_text.h"
#include "cds-hooks/protocol/cards.h"

namespace vigil::hooks {
namespace {

constexpr size_t kMaxData = 4;      ///< missing data named a rule; what more there is, is counted
constexpr size_t kMaxNamed = 10;    ///< resources named of one kind, likewise
constexpr size_t kMaxLength = 200;  ///< code points of one of them: codes and ids come from the data

std::string shorten(std::string_view text) { return escape_markdown(to_summary(text, kMaxLength)); }

std::string list_missing(const RuleResult& result) {
  std::string text;
  for (size_t i = 0; i < result.missing.size() && i < kMaxData; ++i)
    text += (i == 0 ? "" : "; ") + shorten(result.missing[i].what);
  if (result.missing.size() > kMaxData)
    text += std::string("; and ") + (result.missing.size() < kMaxMissingData ? "" : "at least ") +
            std::to_string(result.missing.size() - kMaxData) + " more";
  return text;
}

std::string describe_failure(const RuleResult& result) {
  const std::string code(result.error ? result.error->code : "?");
  if (was_stopped(result)) return "it was not done in time";
  if (code == "VGL0904") return "it needed more steps than a rule may take (" + code + ")";
  if (code == "VGL0905") return "it needed more memory than one call may take (" + code + ")";
  return "the rule failed (" + code + ")";
}

/// A line each, the last one for what is beyond the limit.
void add_lines(const std::vector<std::string>& texts, std::string_view before, std::string& data) {
  for (size_t i = 0; i < texts.size() && i < kMaxNamed; ++i) data += "\n- " + std::string(before) + shorten(texts[i]);
  if (texts.size() > kMaxNamed)
    data += "\n- " + std::string(before) + "and " + std::to_string(texts.size() - kMaxNamed) + " more";
}

std::string describe_key(const KeyState& key) {
  const auto why = key.why == "absent" ? std::string("the call did not bring it") : escape_markdown(key.why);
  return "prefetch `" + key.asked->key + "`: " + why;
}

/// What the engine says of a resource type, "Observation: partial", in words, and why: the keys that were to bring it.
/// None where it speaks of something else.
std::string describe_type(std::string_view what, const std::vector<KeyState>& keys) {
  const auto type = what.substr(0, what.find(": "));
  const auto state = what.substr(std::min(type.size() + 2, what.size()));
  std::string text(type);
  if (state == name(Completeness::kPartial))
    text += ": only some of the records were obtained";
  else if (state == name(Completeness::kNotObtained))
    text += ": no records were obtained";
  else if (state == name(Completeness::kDamaged))
    text += ": a record could not be read, or is missing";
  else
    return {};
  std::string reasons;
  for (const auto& key : keys)
    if (key.completeness != Completeness::kComplete && key.asked->resource_type == type)
      reasons += (reasons.empty() ? " (" : "; ") + describe_key(key);
  return text + reasons + (reasons.empty() ? "" : ")");
}

/// Data that could not be had, read or recognised; empty where there is none that a rule reads.
std::string list_data(const Evaluated& evaluated) {
  std::string data;
  std::vector<std::string> resources;
  std::vector<std::string_view> types;
  for (const auto& what : evaluated.outcome.not_checked) {
    const auto line = describe_type(what, evaluated.keys);
    if (line.empty() && !what.starts_with("rule ")) {
      resources.push_back(what);
      continue;
    }
    if (!line.empty()) types.push_back(std::string_view(what).substr(0, what.find(": ")));
    data += "\n- " + (line.empty() ? escape_markdown(what) : line);
  }
  add_lines(resources, "", data);
  for (const auto& key : evaluated.keys)
    if (key.completeness != Completeness::kComplete &&
        std::ranges::find(types, key.asked->resource_type) == types.end())
      data += "\n- " + describe_key(key);
  return data;
}

bool is_unchecked(const RuleResult& result) {
  return result.outcome == RuleOutcome::kUnknown || result.outcome == RuleOutcome::kError;
}

std::string summary_of(const Evaluated& evaluated, const std::vector<uint32_t>& rules) {
  const auto infos = evaluated.service.pack->rulebook->rules();
  if (rules.empty()) return "Some data could not be read or is not recognised: checks that need it are incomplete";
  std::string text =
      rules.size() == 1 ? "1 check could not be made: " : std::to_string(rules.size()) + " checks could not be made: ";
  for (size_t i = 0; i < rules.size(); ++i) text += (i == 0 ? "" : ", ") + infos[rules[i]].name;
  return to_summary(text);
}

}  // namespace

std::optional<UncheckedNote> find_unchecked(const Evaluated& evaluated, const CardOptions& options) {
  const auto infos = evaluated.service.pack->rulebook->rules();
  const auto& unread = evaluated.unread;
  const bool source_failed = !evaluated.outcome.not_checked.empty() || !unread.orders.empty() ||
                             std::ranges::any_of(evaluated.keys, [](const KeyState& key) {
                               return key.completeness != Completeness::kComplete;
                             });
  UncheckedNote note;
  std::string rules;
  for (const auto& result : evaluated.outcome.results) {
    if (!is_unchecked(result) || infos[result.rule].shadow) continue;
    const bool failed = result.outcome == RuleOutcome::kError;
    const bool has_own_card = !failed && result.unknown_action != 0;
    if (has_own_card || (!failed && !source_failed && !options.names_every_unknown)) continue;
    note.rules.push_back(result.rule);
    rules += "\n- " + escape_markdown(infos[result.rule].name) + ": " +
             (failed ? describe_failure(result) : list_missing(result));
  }
  if (note.rules.empty() && evaluated.outcome.not_checked.empty() && unread.no_orders.empty()) return std::nullopt;
  std::string data = list_data(evaluated);
  add_lines(unread.no_orders, "", data);
  add_lines(unread.orders, "an order: ", data);
  add_lines(unread.records, "", data);
  note.summary = summary_of(evaluated, note.rules);
  if (!rules.empty()) note.detail = "Not checked:\n" + rules;
  if (!data.empty()) note.detail += (rules.empty() ? "" : "\n\n") + std::string("Data:\n") + data;
  return note;
}

bool was_stopped(const RuleResult& result) { return result.error && result.error->code == "VGL0915"; }

bool nothing_could_run(const Evaluated& evaluated) {
  const auto& results = evaluated.outcome.results;
  const auto infos = evaluated.service.pack->rulebook->rules();
  const bool lacks_data = std::ranges::any_of(
      evaluated.keys, [](const KeyState& key) { return key.completeness == Completeness::kNotObtained; });
  return lacks_data && !results.empty() && std::ranges::all_of(results, [&](const RuleResult& result) {
           return (is_unchecked(result) && !was_stopped(result)) || infos[result.rule].shadow;
         });
}

}  // namespace vigil::hooks
