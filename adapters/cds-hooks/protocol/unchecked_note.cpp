// SPDX-License-Identifier: Apache-2.0
// Outcomes and prefetch keys to the note on what was not checked.
#include "cds-hooks/protocol/unchecked_note.h"

#include <algorithm>

#include "cds-hooks/protocol/card_text.h"
#include "cds-hooks/protocol/cards.h"

namespace vigil::hooks {
namespace {

constexpr size_t kMaxData = 4;  ///< missing data named a rule; what more there is, is counted

std::string list_missing(const RuleResult& result) {
  std::string text;
  for (size_t i = 0; i < result.missing.size() && i < kMaxData; ++i)
    text += (i == 0 ? "" : "; ") + escape_markdown(result.missing[i].what);
  if (result.missing.size() > kMaxData) text += "; and " + std::to_string(result.missing.size() - kMaxData) + " more";
  return text;
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
  const bool source_failed = !evaluated.outcome.not_checked.empty() || !evaluated.unread_orders.empty() ||
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
    rules += "\n- " + escape_markdown(infos[result.rule].name) + ": ";
    if (was_stopped(result))
      rules += "it was not done in time";
    else if (failed)
      rules += "the rule failed (" + std::string(result.error ? result.error->code : "?") + ")";
    else
      rules += list_missing(result);
  }
  std::string data;
  for (const auto& what : evaluated.outcome.not_checked) data += "\n- " + escape_markdown(what);
  if (note.rules.empty() && data.empty()) return std::nullopt;
  for (const auto& why : evaluated.unread_orders) data += "\n- an order: " + escape_markdown(why);
  for (const auto& key : evaluated.keys)
    if (key.completeness != Completeness::kComplete)
      data += "\n- prefetch `" + key.asked->key + "`: " + escape_markdown(key.why);
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
