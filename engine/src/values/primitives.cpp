// SPDX-License-Identifier: Apache-2.0
// The public readers of FHIR primitives and instants.
#include <charconv>

#include <vigil/primitives.h>

#include "values/decimal.h"
#include "values/temporal.h"

namespace vigil {
namespace {

std::optional<Value> parse_temporal_value(Kind kind, std::string_view text) {
  const auto parsed = parse_temporal(kind, text);
  if (parsed.error != TemporalError::kNone) return std::nullopt;
  return Value::of(kind, parsed.value);
}

template <class Integer>
std::optional<Integer> parse_integer(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  Integer value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Value> parse_fhir_primitive(Kind kind, std::string_view text) {
  switch (kind) {
    case Kind::kBoolean:
      if (text == "true") return Value::of(true);
      if (text == "false") return Value::of(false);
      return std::nullopt;
    case Kind::kInteger:
      if (const auto i = parse_integer<int32_t>(text)) return Value::of(*i);
      return std::nullopt;
    case Kind::kLong:
      if (const auto i = parse_integer<int64_t>(text)) return Value::of_long(*i);
      return std::nullopt;
    case Kind::kDecimal:
      if (const auto d = parse_decimal_rounding(text)) return Value::of(*d);
      return std::nullopt;
    case Kind::kDate:
    case Kind::kDateTime:
    case Kind::kTime: return parse_temporal_value(kind, text);
    default: return std::nullopt;
  }
}

std::optional<Temporal> parse_instant(std::string_view text) {
  const auto parsed = parse_temporal(Kind::kDateTime, text);
  if (parsed.error != TemporalError::kNone || parsed.value.precision < Precision::kDay) return std::nullopt;
  auto instant = parsed.value;
  instant.precision = Precision::kMillisecond;  // parts not given are at their minimum already
  if (instant.offset_minutes == Temporal::kNoOffset) instant.offset_minutes = 0;
  return instant;
}

int64_t to_instant(const Temporal& date_time) { return to_milliseconds(date_time, 0); }

std::string decimal_text(Decimal decimal) { return std::string(to_string(decimal).view()); }

}  // namespace vigil
