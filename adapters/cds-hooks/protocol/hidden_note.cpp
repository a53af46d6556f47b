// SPDX-License-Identifier: Apache-2.0
// Alerts without a card to the note on them.
#include "cds-hooks/protocol/hidden_note.h"

#include <algorithm>

#include "cds-hooks/protocol/card_text.h"

namespace vigil::hooks {
namespace {

constexpr size_t kMaxNamed = 5;  ///< alerts named; what more there is, is counted

std::string summary_of(size_t by_settings, size_t acknowledged) {
  const size_t count = by_settings + acknowledged;
  const auto text = (count == 1 ? "1 alert was found, " : std::to_string(count) + " alerts were found, ");
  if (by_settings == 0) return text + "which you acknowledged before";
  if (acknowledged == 0) return text + "not shown by this client's settings";
  return text + "not shown by this client's settings, or acknowledged before";
}

std::string describe_settings(const HiddenAlerts& hidden) {
  std::string text = "Found and not shown, by davinci-crd.configuration:\n";
  std::vector<std::string_view> topics;
  for (const auto* alert : hidden.by_topic)
    if (std::ranges::find(topics, alert->category) == topics.end()) topics.push_back(alert->category);
  for (const auto topic : topics)
    text += "\n- " + std::to_string(std::ranges::count(hidden.by_topic, topic, &Alert::category)) + ": topic " +
            escape_markdown(topic) + " is switched off";
  if (!hidden.by_limit.empty()) text += "\n- " + std::to_string(hidden.by_limit.size()) + ": max-cards is 0";
  return text;
}

std::string describe_acknowledged(const HiddenAlerts& hidden) {
  std::vector<std::string_view> summaries;
  for (const auto* alert : hidden.resting) summaries.push_back(alert->summary);
  for (const auto* finding : hidden.repeating) summaries.push_back(finding->summary);
  std::string text = "Found and not repeated: the same user has acknowledged it, and the facts are unchanged:\n";
  for (size_t i = 0; i < summaries.size() && i < kMaxNamed; ++i)
    text += "\n- " + escape_markdown(to_summary(summaries[i]));
  if (summaries.size() > kMaxNamed) text += "\n- and " + std::to_string(summaries.size() - kMaxNamed) + " more";
  return text;
}

}  // namespace

UncheckedNote make_hidden_note(const HiddenAlerts& hidden) {
  UncheckedNote note;
  note.topic = kNotShownTopic;
  const auto add = [&](uint32_t rule) {
    if (std::ranges::find(note.rules, rule) == note.rules.end()) note.rules.push_back(rule);
  };
  for (const auto* alerts : {&hidden.by_limit, &hidden.by_topic, &hidden.resting})
    for (const auto* alert : *alerts) std::ranges::for_each(alert->rules, add);
  for (const auto* finding : hidden.repeating) add(finding->rule);
  const size_t by_settings = hidden.by_limit.size() + hidden.by_topic.size();
  const size_t acknowledged = hidden.resting.size() + hidden.repeating.size();
  note.summary = summary_of(by_settings, acknowledged);
  if (by_settings > 0) note.detail = describe_settings(hidden);
  if (acknowledged > 0) note.detail += (note.detail.empty() ? "" : "\n\n") + describe_acknowledged(hidden);
  return note;
}

}  // namespace vigil::hooks
