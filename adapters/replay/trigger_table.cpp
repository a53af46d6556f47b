// SPDX-License-Identifier: Apache-2.0
// Triggers from a CSV table.
#include <algorithm>
#include <array>
#include <optional>

#include <vigil/primitives.h>

#include "replay/given_table.h"
#include "replay/triggers.h"

namespace vigil::replay {

namespace {

constexpr std::array<std::string_view, 6> kColumns = {"patient", "instant", "hook", "orders", "encounter", "user"};
constexpr TableForm kForm = {"VGL1223", kColumns, 3};

/// "Type/id Type/id"; false where a word is no such reference.
bool add_orders(std::string_view text, Trigger& trigger) {
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    const size_t slash = word.find('/');
    if (slash == std::string_view::npos || slash == 0 || slash + 1 == word.size()) return false;
    trigger.orders.push_back({std::string(word.substr(0, slash)), std::string(word.substr(slash + 1))});
  }
  return true;
}

}  // namespace

std::optional<TriggerTable> read_trigger_table(std::string_view csv, const std::string& name, DiagnosticSink& sink) {
  TriggerTable triggers;
  GivenTable table(csv, name, kForm, sink);
  while (table.next()) {
    const auto instant = parse_instant(table[1]);
    ReplayTrigger trigger;
    trigger.trigger.hook = table[2];
    if (!instant || table[0].empty() || trigger.trigger.hook.empty() || !add_orders(table[3], trigger.trigger)) {
      table.refuse(!instant ? "the instant cannot be read" : "a cell is not as needed");
      continue;
    }
    trigger.now = *instant;
    trigger.at = to_instant(*instant);
    trigger.trigger.encounter = table[4];
    trigger.trigger.user = table[5];
    for (const auto& order : trigger.trigger.orders)
      trigger.key.append(trigger.key.empty() ? "" : "+").append(order.type).append("/").append(order.id);
    triggers[std::string(table[0])].push_back(std::move(trigger));
  }
  for (auto& [patient, of_patient] : triggers) std::sort(of_patient.begin(), of_patient.end());
  return table.is_whole() ? std::optional(std::move(triggers)) : std::nullopt;
}

}  // namespace vigil::replay
