// SPDX-License-Identifier: Apache-2.0
// Reads a table of delays, and finds the row that fits best.
#include "replay/delay_model.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "replay/given_table.h"

namespace vigil::replay {

namespace {

constexpr std::array<std::string_view, 5> kColumns = {"resource_type", "system", "code", "site", "delay_hours"};
constexpr TableForm kForm = {"VGL1222", kColumns, kColumns.size()};
constexpr double kMillisecondsAnHour = 3'600'000;
constexpr double kMostHours = 24.0 * 366 * 100;

}  // namespace

std::optional<DelayModel> DelayModel::parse(std::string_view csv, const std::string& name, DiagnosticSink& sink) {
  DelayModel model;
  GivenTable table(csv, name, kForm, sink);
  while (table.next()) {
    double hours = 0;
    const auto text = table[4];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hours);
    if (error != std::errc{} || end != text.data() + text.size() || !(hours >= 0 && hours <= kMostHours)) {
      table.refuse("the delay is no number of hours");
      continue;
    }
    model.rows_.push_back({std::string(table[0]), std::string(table[1]), std::string(table[2]), std::string(table[3]),
                           static_cast<Instant>(std::llround(hours * kMillisecondsAnHour))});
  }
  const auto filled = [](const Row& r) {
    return !r.resource_type.empty() + !r.system.empty() + !r.code.empty() + !r.site.empty();
  };
  std::ranges::stable_sort(model.rows_, [&](const Row& a, const Row& b) { return filled(a) > filled(b); });
  return table.is_whole() ? std::optional(std::move(model)) : std::nullopt;
}

std::optional<Instant> DelayModel::delay_of(const Question& question) const {
  const auto fits = [](std::string_view cell, std::string_view value) { return cell.empty() || cell == value; };
  for (const auto& row : rows_)
    if (fits(row.resource_type, question.resource_type) && fits(row.system, question.system) &&
        fits(row.code, question.code) && fits(row.site, question.site))
      return row.delay;
  return std::nullopt;
}

}  // namespace vigil::replay
