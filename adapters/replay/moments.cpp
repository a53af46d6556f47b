// SPDX-License-Identifier: Apache-2.0
// Calendar arithmetic of the proleptic Gregorian calendar.
#include "replay/moments.h"

#include <chrono>
#include <tuple>

namespace vigil::replay {

namespace {

std::string two(unsigned number) {
  return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

std::string year_text(int year) {
  std::string text = std::to_string(year);
  return text.size() < 4 ? std::string(4 - text.size(), '0') + text : text;
}

std::string date_text(std::chrono::year_month_day date) {
  return year_text(static_cast<int>(date.year())) + "-" + two(static_cast<unsigned>(date.month())) + "-" +
         two(static_cast<unsigned>(date.day()));
}

}  // namespace

std::string instant_text(Instant instant) {
  if (instant == kAlways || instant == kForever) return {};
  const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(instant)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const auto in_day = (time - day).count();
  std::string text =
      date_text(std::chrono::year_month_day(day)) + "T" + two(static_cast<unsigned>(in_day / 3'600'000)) + ":" +
      two(static_cast<unsigned>(in_day / 60'000 % 60)) + ":" + two(static_cast<unsigned>(in_day / 1000 % 60));
  if (const auto rest = static_cast<unsigned>(in_day % 1000); rest != 0)
    text += "." + std::string(1, static_cast<char>('0' + rest / 100)) + two(rest % 100);
  return text + "Z";
}

std::string day_text(const Temporal& moment) {
  return date_text({std::chrono::year(moment.year), std::chrono::month(moment.month), std::chrono::day(moment.day)});
}

int weekday_of(const Temporal& moment) {
  const std::chrono::year_month_day date{std::chrono::year(moment.year), std::chrono::month(moment.month),
                                         std::chrono::day(moment.day)};
  return static_cast<int>(std::chrono::weekday(std::chrono::sys_days(date)).iso_encoding());
}

std::string_view shift_of(const Temporal& moment) {
  return moment.hour >= 23 || moment.hour < 7 ? "night" : moment.hour < 15 ? "day" : "evening";
}

int age_at(const Temporal& born, const Temporal& moment) {
  const bool had_birthday = std::tie(moment.month, moment.day) >= std::tie(born.month, born.day);
  return moment.year - born.year - (had_birthday ? 0 : 1);
}

std::string_view age_band_of(int age) {
  return age < 18 ? "0-17" : age < 40 ? "18-39" : age < 65 ? "40-64" : age < 80 ? "65-79" : "80+";
}

}  // namespace vigil::replay
