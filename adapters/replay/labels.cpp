// SPDX-License-Identifier: Apache-2.0
// Reads a table of labels.
#include "replay/labels.h"

#include <algorithm>
#include <array>

#include <vigil/primitives.h>

#include "knowledge/csv_reader.h"

namespace vigil::replay {

namespace {

constexpr std::array<std::string_view, 4> kColumns = {"patient", "instant", "rule", "label"};

std::optional<bool> truth_of(std::string_view text) {
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return std::nullopt;
}

}  // namespace

std::optional<Labels> Labels::parse(std::string_view csv, const std::string& name, DiagnosticSink& sink) {
  Labels labels;
  CsvReader reader(csv);
  CsvRow row;
  const auto refuse = [&](std::string_view why) {
    sink.add(data_diagnostic("VGL1230", name, {std::to_string(row.line), why})
                 .with_hint("the columns are patient, instant, rule, label"));
  };
  if (!reader.next(row) || !std::ranges::equal(row.cells, kColumns)) {
    refuse("it is not the header");
    return std::nullopt;
  }
  while (reader.next(row)) {
    if (row.cells.size() != kColumns.size()) {
      refuse(row.problem.empty() ? "the number of columns is another than the header's" : row.problem);
      continue;
    }
    const auto instant = row.cells[1].empty() ? std::nullopt : parse_instant(row.cells[1]);
    const auto is_right = truth_of(row.cells[3]);
    if (!is_right || (!row.cells[1].empty() && !instant)) {
      refuse(is_right ? "the instant cannot be read" : "the label is neither true nor false");
      continue;
    }
    labels.by_patient_[std::string(row.cells[0])].push_back(
        {std::string(row.cells[2]), instant ? to_instant(*instant) : kAlways, *is_right});
  }
  return sink.has_errors() ? std::nullopt : std::optional(std::move(labels));
}

std::optional<bool> Labels::find(std::string_view patient_id, std::string_view rule, Instant at) const {
  const auto patient = by_patient_.find(patient_id);
  if (patient == by_patient_.end()) return std::nullopt;
  std::optional<bool> for_all;
  for (const auto& label : patient->second) {
    if (label.rule != rule) continue;
    if (label.at == at) return label.is_right;
    if (label.at == kAlways) for_all = label.is_right;
  }
  return for_all;
}

}  // namespace vigil::replay
