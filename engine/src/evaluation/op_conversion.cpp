// SPDX-License-Identifier: Apache-2.0
// Conversions between System types, to text and from text (CQL 1.5, in the order of B.3 Type Operators). Text that
// is not of the form wanted gives null.
#include <vigil/source.h>

#include <charconv>

#include "evaluation/numbers.h"
#include "evaluation/results.h"
#include "evaluation/text_case.h"
#include "values/temporal.h"

namespace vigil {
namespace {

template <class Integer>
std::optional<Integer> parse_integer(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  Integer value{};
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end ? std::optional<Integer>(value) : std::nullopt;
}

Value parse_as(Kind kind, std::string_view text) {
  const auto parsed = parse_temporal(kind, text);
  return parsed ? Value::of(kind, parsed.value) : Value::null();
}

Value concept_of(Run& run, const Value* codes, uint32_t count) {
  const ConceptValue made{codes, count, count == 1 ? codes[0].code->display : std::string_view()};
  return Value::of(static_cast<const ConceptValue*>(run.arena().make<ConceptValue>(made)));
}

}  // namespace

// CQL 1.5, B.3.13 ToLong, B.3.10 ToDecimal.
Value op_ConvertIntegerToLong(Run&, const Call& call) { return Value::of_long(call[0].integer); }
Value op_ConvertIntegerToDecimal(Run&, const Call& call) { return Value::of(decimal_from_int64(call[0].integer)); }
Value op_ConvertLongToDecimal(Run&, const Call& call) { return Value::of(decimal_from_int64(call[0].long_integer)); }

/// CQL 1.5, B.3.9 ToDateTime of a Date: the time is unspecified.
Value op_ConvertDateToDateTime(Run&, const Call& call) {
  return Value::of(Kind::kDateTime, date_to_date_time(call[0].temporal));
}

/// CQL 1.5, B.3.8 ToDate of a DateTime.
Value op_ConvertDateTimeToDate(Run&, const Call& call) { return Value::of(Kind::kDate, date_from(call[0].temporal)); }

/// CQL 1.5, B.3.7 ToConcept of a Code.
Value op_ConvertCodeToConcept(Run& run, const Call& call) {
  auto* const codes = run.arena().array<Value>(1);
  codes[0] = call[0];
  return concept_of(run, codes, 1);
}

/// CQL 1.5, B.3.7 ToConcept of a list of Codes; nulls in it are left out.
Value op_ConvertCodesToConcept(Run& run, const Call& call) {
  auto* const codes = run.arena().array<Value>(call[0].count);
  uint32_t count = 0;
  for (const auto& code : call[0])
    if (!code.is_null()) codes[count++] = code;
  return concept_of(run, codes, count);
}

// CQL 1.5, B.3.14 ToQuantity of a number: the default unit is '1'.
Value op_ConvertDecimalToQuantity(Run& run, const Call& call) { return make_quantity(run, call[0].decimal, "1"); }
Value op_ConvertIntegerToQuantity(Run& run, const Call& call) {
  return make_quantity(run, decimal_from_int64(call[0].integer), "1");
}

/// CQL 1.5, B.3.16 ToString.
Value op_ToText(Run& run, const Call& call) {
  const auto& value = call[0];
  switch (value.kind) {
    case Kind::kBoolean: return Value::of(value.boolean ? std::string_view("true") : std::string_view("false"));
    case Kind::kInteger:
    case Kind::kLong: {
      const int64_t number = value.kind == Kind::kInteger ? value.integer : value.long_integer;
      FixedText<24> text;
      if (number < 0) text.append('-');
      text.append_number(number < 0 ? 0 - static_cast<uint64_t>(number) : static_cast<uint64_t>(number));
      return run.make_text(text.view());
    }
    case Kind::kDecimal: return run.make_text(to_string(value.decimal).view());
    case Kind::kString: return Value::of(value.string());
    case Kind::kQuantity: return run.make_text(to_string(*value.quantity).view());
    case Kind::kRatio: {
      FixedText<400> text;
      text.append(to_string(value.ratio->numerator).view())
          .append(':')
          .append(to_string(value.ratio->denominator).view());
      return run.make_text(text.view());
    }
    case Kind::kDate:
    case Kind::kDateTime:
    case Kind::kTime: return run.make_text(to_string(value.kind, value.temporal).view());
    default: return Value::null();
  }
}

/// CQL 1.5, B.3.6 ToBoolean.
Value op_ParseBoolean(Run& run, const Call& call) {
  const auto text = map_text(call[0].string(), to_lower, run.arena());
  for (const std::string_view yes : {"true", "t", "yes", "y", "1"})
    if (text == yes) return Value::of(true);
  for (const std::string_view no : {"false", "f", "no", "n", "0"})
    if (text == no) return Value::of(false);
  return Value::null();
}

/// CQL 1.5, B.3.12 ToInteger.
Value op_ParseInteger(Run&, const Call& call) {
  const auto value = parse_integer<int32_t>(call[0].string());
  return value ? Value::of(*value) : Value::null();
}

/// CQL 1.5, B.3.13 ToLong.
Value op_ParseLong(Run&, const Call& call) {
  const auto value = parse_integer<int64_t>(call[0].string());
  return value ? Value::of_long(*value) : Value::null();
}

/// CQL 1.5, B.3.10 ToDecimal.
Value op_ParseDecimal(Run&, const Call& call) { return value_of(parse_decimal(call[0].string())); }

/// CQL 1.5, B.3.14 ToQuantity.
Value op_ParseQuantity(Run& run, const Call& call) {
  const auto parsed = parse_quantity(call[0].string());
  return parsed ? make_quantity(run, parsed->value, parsed->unit) : Value::null();
}

/// CQL 1.5, B.3 ToInteger, ToLong, ToDecimal of a Boolean: 1 for true, 0 for false.
Value op_ConvertBooleanToNumber(Run&, const Call& call) {
  const int32_t number = call[0].boolean ? 1 : 0;
  if (call.type == model::kLong) return Value::of_long(number);
  return call.type == model::kDecimal ? Value::of(decimal_from_int64(number)) : Value::of(number);
}

/// CQL 1.5, B.3 ToBoolean of a number: 1 is true, 0 is false, others are null.
Value op_ConvertNumberToBoolean(Run&, const Call& call) {
  const auto number = as_decimal(call[0]);
  if (number == kOneDecimal) return Value::of(true);
  return is_zero(number) ? Value::of(false) : Value::null();
}

/// CQL 1.5, B.3 ToInteger of a Long: null beyond its range.
Value op_ConvertLongToInteger(Run&, const Call& call) { return integer_of(call[0].long_integer); }

/// CQL 1.5, B.3 ToQuantity of a Ratio: the numerator divided by the denominator.
Value op_ConvertRatioToQuantity(Run& run, const Call& call) {
  return value_of(run, div(call[0].ratio->numerator, call[0].ratio->denominator));
}

/// CQL 1.5, B.3 ToRatio: two quantities with a colon between.
Value op_ParseRatio(Run& run, const Call& call) {
  const auto text = call[0].string();
  for (auto colon = text.find(':'); colon != std::string_view::npos; colon = text.find(':', colon + 1)) {
    const auto numerator = parse_quantity(text.substr(0, colon)), denominator = parse_quantity(text.substr(colon + 1));
    if (numerator && denominator)
      return Value::of(static_cast<const Ratio*>(run.arena().make<Ratio>(Ratio{*numerator, *denominator})));
  }
  return Value::null();
}

/// CQL 1.5, B.3 ToChars: the characters, each a string.
Value op_ToChars(Run& run, const Call& call) {
  const auto mark = run.scratch().size();
  for (auto rest = call[0].string(); !rest.empty();) {
    const auto size = std::min(byte_of_code_point(rest, 1), rest.size());
    run.scratch().push_back(Value::of(rest.substr(0, size)));
    rest.remove_prefix(size);
  }
  return run.finish_list(mark);
}

/// CQL 1.5, B.3 ToList: of one element; null is the empty list.
Value op_ToList(Run& run, const Call& call) {
  const auto mark = run.scratch().size();
  if (!call[0].is_null()) run.scratch().push_back(call[0]);
  return run.finish_list(mark, element_flags(run.scratch().data() + mark, run.scratch().size() - mark));
}

/// CQL 1.5, B.3 ConvertsTo...: whether the conversion gives a value; null for null.
Value op_Converts(Run&, const Call& call) { return call[0].is_null() ? Value::null() : Value::of(!call[1].is_null()); }

/// CQL 1.5, B.3.8 ToDate; of the text of a DateTime, its date.
Value op_ParseDate(Run&, const Call& call) {
  const auto date = parse_as(Kind::kDate, call[0].string());
  if (!date.is_null()) return date;
  const auto date_time = parse_as(Kind::kDateTime, call[0].string());
  return date_time.is_null() ? Value::null() : Value::of(Kind::kDate, date_from(date_time.temporal));
}

/// CQL 1.5, B.3.9 ToDateTime.
Value op_ParseDateTime(Run&, const Call& call) { return parse_as(Kind::kDateTime, call[0].string()); }

/// CQL 1.5, B.3.17 ToTime.
Value op_ParseTime(Run&, const Call& call) { return parse_as(Kind::kTime, call[0].string()); }

/// CQL 1.5, B.3.5 Convert to a unit: null where the units are not commensurable.
Value op_ConvertQuantity(Run& run, const Call& call) {
  const auto unit = call[1].string();
  const auto converted = convert_to(*call[0].quantity, unit);
  return converted ? make_quantity(run, *converted, unit) : Value::null();
}

}  // namespace vigil
