// SPDX-License-Identifier: Apache-2.0
// Instants as text, and what a day's calendar says of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <vigil/snapshot.h>
#include <vigil/value.h>

namespace vigil::replay {

/// "2026-11-22T09:30:00Z", with milliseconds where there are any; empty for kAlways and kForever.
std::string instant_text(Instant instant);
/// "2026-11-22" of the moment's own offset.
std::string day_text(const Temporal& moment);
/// 1 Monday to 7 Sunday (ISO 8601).
int weekday_of(const Temporal& moment);
/// "day" from 7, "evening" from 15, "night" from 23.
std::string_view shift_of(const Temporal& moment);
/// Full years from a birth date to a moment; a year or month stands for its first day.
int age_at(const Temporal& born, const Temporal& moment);
std::string_view age_band_of(int age);

}  // namespace vigil::replay
