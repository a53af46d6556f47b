// SPDX-License-Identifier: Apache-2.0
// Triggers from a CSV table.
#include <algorithm>
#include <array>
#include <optional>

#include <vigil/primitives.h>

#include "knowledge/csv_reader.h"
#include "replay/triggers.h"

namespace vigil::replay {

namespace {

constexpr std::array<std::string_view, 6> kColumns = {"patient", "instant", "hook", "orders", "encounter", "user"};
constexpr size_t kNeeded = 3;

/// Where each of the known columns stands in the table.
using Places = std::array<std::optional<size_t>, kColumns.size()>;

std::string_view cell(const CsvRow& row, const std::optional<size_t>& place) {
  return place && *place < row.cells.size() ? row.cells[*place] : std::string_view{};
}

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
  CsvReader reader(csv);
  CsvRow row;
  Places places;
  const auto refuse = [&](std::string_view why) {
    sink.add(data_diagnostic("VGL1223", name, {std::to_string(row.line), why})
                 .with_hint("the columns are patient, instant and hook, and may be orders, encounter and user"));
  };
  const bool has_header = reader.next(row);
  for (size_t c = 0; c < kColumns.size(); ++c) {
    const auto found = std::ranges::find(row.cells, kColumns[c]);
    if (found != row.cells.end()) places[c] = static_cast<size_t>(found - row.cells.begin());
    if (c < kNeeded && !places[c]) {
      refuse(has_header ? "the header lacks a column" : "the table is empty");
      return std::nullopt;
    }
  }
  TriggerTable table;
  while (reader.next(row)) {
    const auto instant = parse_instant(cell(row, places[1]));
    ReplayTrigger trigger;
    trigger.trigger.hook = cell(row, places[2]);
    if (!row.problem.empty() || !instant || cell(row, places[0]).empty() || trigger.trigger.hook.empty() ||
        !add_orders(cell(row, places[3]), trigger.trigger)) {
      refuse(!row.problem.empty() ? row.problem : !instant ? "the instant cannot be read" : "a cell is not as needed");
      continue;
    }
    trigger.now = *instant;
    trigger.at = to_instant(*instant);
    trigger.trigger.encounter = cell(row, places[4]);
    trigger.trigger.user = cell(row, places[5]);
    for (const auto& order : trigger.trigger.orders)
      trigger.key.append(trigger.key.empty() ? "" : "+").append(order.type).append("/").append(order.id);
    table[std::string(cell(row, places[0]))].push_back(std::move(trigger));
  }
  for (auto& [patient, triggers] : table) std::sort(triggers.begin(), triggers.end());
  return sink.has_errors() ? std::nullopt : std::optional(std::move(table));
}

}  // namespace vigil::replay
