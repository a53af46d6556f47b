// SPDX-License-Identifier: Apache-2.0
// Texts of databases to texts of FHIR.
#include "tables/times.h"

#include <algorithm>

namespace vigil::tables {
namespace {

bool is_date(std::string_view text) {
  if (text.size() < 10) return false;
  for (size_t i = 0; i < 10; ++i)
    if (i == 4 || i == 7 ? text[i] != '-' : text[i] < '0' || text[i] > '9') return false;
  return true;
}

/// A zone as FHIR has it, "+01:00", from that or PostgreSQL's "+01"; "Z" where there is none.
std::string zone_of(std::string_view text) {
  const auto is_digit = [&](size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-') || !is_digit(1) || !is_digit(2)) return "Z";
  if (text.size() == 3) return std::string(text) + ":00";
  return text.size() == 6 && text[3] == ':' && is_digit(4) && is_digit(5) ? std::string(text) : "Z";
}

}  // namespace

std::string fhir_time(std::string_view date, std::string_view date_time) {
  if (!is_date(date)) date = date_time;
  if (!is_date(date)) return {};
  std::string time(date.substr(0, 10));
  if (!is_date(date_time) || date_time.size() < 19) return time;
  const auto clock = date_time.substr(11, 8);
  if (clock[2] != ':' || clock[5] != ':' || clock == "00:00:00") return time;
  time.assign(date_time.substr(0, 10)).append(1, 'T').append(clock);
  auto zone = date_time.substr(19);
  if (zone.starts_with('.')) zone.remove_prefix(std::min(zone.find_first_of("Z+-"), zone.size()));
  return time.append(zone_of(zone));
}

}  // namespace vigil::tables
