// SPDX-License-Identifier: Apache-2.0
// Dates in texts, moved.
#pragma once

#include <string>
#include <string_view>

namespace vigil::replay {

/// How many days a patient's dates are moved back: 1 to 365, by the pseudonym.
int days_of_shift(std::string_view patient_key);
/// The text with each date such as 2026-11-22, alone or at the head of a date and time, moved back.
std::string shift_dates(std::string_view text, int days);

}  // namespace vigil::replay
