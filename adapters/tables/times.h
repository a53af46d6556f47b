// SPDX-License-Identifier: Apache-2.0
// Dates and times of databases as FHIR writes them.
#pragma once

#include <string>
#include <string_view>

namespace vigil::tables {

/// Whether a text is a date of the calendar, "2020-01-31", alone or with a time of the day behind it.
bool is_time(std::string_view text);

/// A date and a date with time ("2020-01-31 13:05:00.000", also with a T and a zone), either of them empty or not, as a
/// FHIR dateTime: with a time where there is one besides midnight, which most databases fill in; in UTC where no zone
/// tells otherwise. Empty where neither is a date.
std::string fhir_time(std::string_view date, std::string_view date_time);

}  // namespace vigil::tables
