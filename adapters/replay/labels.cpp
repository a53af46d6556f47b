// SPDX-License-Identifier: Apache-2.0
// Reads a table of labels.
#include "replay/labels.h"

#include <algorithm>
#include <array>

#include <vigil/primitives.h>

#include "replay/given_table.h"

namespace vigil::replay {

namespace {

constexpr std::array<std::string_view, 5> kColumns = {"patient", "instant", "rule", "label", "event"};
constexpr TableForm kForm = {"VGL1230", kColumns, 4};

std::optional<bool> truth_of(std::string_view text) {
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return std::nullopt;
}

}  // namespace

std::optional<Labels> Labels::parse(std::string_view csv, const std::string& name, DiagnosticSink& sink) {
  Labels labels;
  GivenTable table(csv, name, kForm, sink);
  while (table.next()) {
    const auto instant = parse_instant(table[1]);
    const auto is_right = truth_of(table[3]);
    const auto event = parse_instant(table[4]);
    if (!is_right)
      table.refuse("the label is neither true nor false");
    else if (!table[1].empty() && !instant)
      table.refuse("the instant cannot be read");
    else if (!table[4].empty() && !event)
      table.refuse("the event's instant cannot be read");
    else if (Label label{std::string(table[2]), instant ? to_instant(*instant) : kAlways, *is_right,
                         event ? std::optional(to_instant(*event)) : std::nullopt};
             labels.is_contradicted(table[0], label))
      table.refuse("another line says otherwise of the same alert");
    else
      labels.by_patient_[std::string(table[0])].push_back(std::move(label));
  }
  return table.is_whole() ? std::optional(std::move(labels)) : std::nullopt;
}

bool Labels::is_contradicted(std::string_view patient_id, const Label& label) const {
  const auto patient = by_patient_.find(patient_id);
  return patient != by_patient_.end() && std::ranges::any_of(patient->second, [&](const Label& other) {
           return other.rule == label.rule && other.at == label.at &&
                  (other.is_right != label.is_right || other.event != label.event);
         });
}

const Label* Labels::find(std::string_view patient_id, std::string_view rule, Instant at) const {
  const auto patient = by_patient_.find(patient_id);
  if (patient == by_patient_.end()) return nullptr;
  const Label* for_all = nullptr;
  for (const auto& label : patient->second) {
    if (label.rule != rule) continue;
    if (label.at == at) return &label;
    if (label.at == kAlways) for_all = &label;
  }
  return for_all;
}

}  // namespace vigil::replay
