// SPDX-License-Identifier: Apache-2.0
// Texts of databases to texts of FHIR.
#include "tables/times.h"

#include <algorithm>

namespace vigil::tables {
namespace {

/// Two digits below a bound; the bound where they are none.
unsigned two_digits(std::string_view text, size_t at, unsigned bound) {
  const auto digit = [&](size_t i) { return static_cast<unsigned>(text[i]) - unsigned{'0'}; };
  return digit(at) > 9 || digit(at + 1) > 9 ? bound : std::min(10 * digit(at) + digit(at + 1), bound);
}

bool is_date(std::string_view text) {
  if (text.size() < 10) return false;
  for (size_t i = 0; i < 10; ++i)
    if (i == 4 || i == 7 ? text[i] != '-' : text[i] < '0' || text[i] > '9') return false;
  const auto month = two_digits(text, 5, 13);
  const auto day = two_digits(text, 8, 32);
  const auto year = 100 * two_digits(text, 0, 100) + two_digits(text, 2, 100);
  const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  const unsigned days = month == 2                                              ? (is_leap ? 29 : 28)
                        : month == 4 || month == 6 || month == 9 || month == 11 ? 30
                                                                                : 31;
  return month >= 1 && month <= 12 && day >= 1 && day <= days;
}

/// A zone as FHIR has it, "+01:00", from that or PostgreSQL's "+01"; "Z" where there is none.
std::string zone_of(std::string_view text) {
  const auto is_digit = [&](size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-') || !is_digit(1) || !is_digit(2)) return "Z";
  if (text.size() == 3) return std::string(text) + ":00";
  return text.size() == 6 && text[3] == ':' && is_digit(4) && is_digit(5) ? std::string(text) : "Z";
}

}  // namespace

bool is_time(std::string_view text) {
  if (!is_date(text)) return false;
  if (text.size() == 10) return true;
  if (text.size() < 16 || (text[10] != ' ' && text[10] != 'T') || text[13] != ':') return false;
  const bool has_seconds = text.size() >= 19 && text[16] == ':';
  return two_digits(text, 11, 24) < 24 && two_digits(text, 14, 60) < 60 &&
         (!has_seconds || two_digits(text, 17, 61) < 61);
}

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
