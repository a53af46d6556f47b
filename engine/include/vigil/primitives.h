// SPDX-License-Identifier: Apache-2.0
// Text of FHIR primitives and of the command line to values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <vigil/value.h>

namespace vigil {

/// The value of a FHIR primitive's JSON text, for kinds kBoolean, kInteger, kLong, kDecimal, kDate, kDateTime and kTime
/// (FHIR R4, 2.24.0.1: regular expressions of the primitive types). Decimals beyond 8 fraction digits are rounded half
/// up, as CQL's Decimal holds no more. None where the text is no such value. No allocation.
std::optional<Value> parse_fhir_primitive(Kind kind, std::string_view text);

/// An instant such as 2026-11-22T09:30:00Z, as a DateTime with offset; a date alone is its midnight UTC.
std::optional<Temporal> parse_instant(std::string_view text);
/// Milliseconds since 1970-01-01T00:00:00Z; a DateTime without offset counts as UTC.
int64_t to_instant(const Temporal& date_time);

/// The shortest text with at least one fraction digit: "1.0", "-0.05".
std::string decimal_text(Decimal decimal);

}  // namespace vigil
