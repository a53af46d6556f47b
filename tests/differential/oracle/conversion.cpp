// SPDX-License-Identifier: Apache-2.0
// Conversions (B.2): text to values and back, numbers to wider numbers.
#include "differential/oracle/operations.h"
#include "differential/oracle/parse.h"

namespace vigil::oracle {
namespace {

std::string lower(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return text;
}

Value parse_boolean(const std::string& given) {
  const auto text = lower(given);
  for (const char* word : {"true", "t", "yes", "y", "1"})
    if (text == word) return boolean(true);
  for (const char* word : {"false", "f", "no", "n", "0"})
    if (text == word) return boolean(false);
  return {};
}

/// (+|-)?#0
Value parse_whole(const std::string& text, Kind kind) {
  const size_t from = !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
  if (text.size() == from) return {};
  BigInteger value = 0;
  for (size_t i = from; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') return {};
    value = value * 10 + (text[i] - '0');
  }
  return whole(kind, text[0] == '-' ? BigInteger(-value) : value);
}

Value parse_decimal_value(const std::string& text) {
  const auto scaled = parse_decimal(text);
  return scaled ? decimal(*scaled) : Value();
}

/// (+|-)?#0(.0#)?('<unit>')?, with spaces before the unit; a calendar word stands without quotes.
Value parse_quantity(const std::string& text) {
  const auto end = text.find_first_not_of("+-.0123456789");
  const auto scaled = parse_decimal(text.substr(0, end));
  if (!scaled) return {};
  if (end == std::string::npos) return quantity(*scaled, "1");
  const auto unit_at = text.find_first_not_of(' ', end);
  if (unit_at == std::string::npos) return {};  // blanks stand before a unit
  auto unit = text.substr(unit_at);
  if (unit.front() == '\'') {
    if (unit.size() < 3 || unit.back() != '\'') return {};
    return quantity(*scaled, unit.substr(1, unit.size() - 2));
  }
  return is_calendar_unit(unit) && unit_at > end ? quantity(*scaled, unit) : Value();
}

/// As the examples have it: 4 days, not 4.0 days.
std::string shortest(const BigInteger& scaled) {
  return scaled % kDecimalUnit == 0 ? BigInteger(scaled / kDecimalUnit).str() : decimal_text(scaled);
}

std::string quantity_text(const Value& v) {
  const auto unit = v.text.empty() ? "1" : v.text;
  if (is_calendar_unit(unit)) return shortest(v.number) + " " + unit;
  return shortest(v.number) + " '" + unit + "'";
}

Value to_string(const Value& v) {
  switch (v.kind) {
    case Kind::kNull: return v;
    case Kind::kQuantity: return string(quantity_text(v));
    case Kind::kRatio: return string(quantity_text(v.parts[0]) + ":" + quantity_text(v.parts[1]));
    case Kind::kLong: return string(v.number.str());
    case Kind::kTime: return string(moment_text(v).substr(1));
    case Kind::kDateTime: {
      auto text = moment_text(v);
      if (text.ends_with('T')) text.pop_back();
      return string(text);
    }
    case Kind::kDate: return string(moment_text(v));
    default: return string(to_text(v));
  }
}

Value wider(const Value& v, Kind kind) {
  if (v.is_null()) return v;
  if (kind == Kind::kLong) return whole(kind, v.number);
  const BigInteger scaled = v.kind == Kind::kDecimal ? v.number : BigInteger(v.number * kDecimalUnit);
  return kind == Kind::kDecimal ? decimal(scaled) : quantity(scaled, "1");
}

Value to_concept(const Value& v) {
  if (v.is_null()) return v;
  Value made = string(v.kind == Kind::kCode && !v.parts[2].is_null() ? v.parts[2].text : "");
  made.kind = Kind::kConcept;
  if (v.kind == Kind::kCode)
    made.parts = {v};
  else
    made.parts = v.parts;
  return made;
}

template <Value (*Parse)(const std::string&)>
Value parsed(const Call& c) {
  return c.any_null() ? Value() : Parse(c[0].text);
}

template <Kind kind>
Value parse_temporal(const std::string& text) {
  return parse_moment(kind, text).value_or(Value());
}

/// The time of a date and time is left out.
Value parse_date(const std::string& text) {
  if (text.find('T') != std::string::npos && !parse_moment(Kind::kDateTime, text)) return {};
  return parse_moment(Kind::kDate, text.substr(0, text.find('T'))).value_or(Value());
}

template <Kind kind>
Value parse_number(const std::string& text) {
  return parse_whole(text, kind);
}

/// <quantity>:<quantity>
Value parse_ratio(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) return {};
  Value ratio;
  ratio.kind = Kind::kRatio;
  ratio.parts = {parse_quantity(text.substr(0, colon)), parse_quantity(text.substr(colon + 1))};
  return ratio.parts[0].is_null() || ratio.parts[1].is_null() ? Value() : ratio;
}

Value number_of(const Call& c) {
  if (c.any_null()) return {};
  const auto type = c.module.types.name(c.expr.type);
  const int number = c[0].boolean ? 1 : 0;
  if (type == "Decimal") return decimal(number * kDecimalUnit);
  return whole(type == "Long" ? Kind::kLong : Kind::kInteger, number);
}

Value boolean_of(const Call& c) {
  if (c.any_null()) return {};
  const BigInteger one = c[0].kind == Kind::kDecimal ? kDecimalUnit : BigInteger(1);
  if (c[0].number != 0 && c[0].number != one) return {};
  return boolean(c[0].number == one);
}

void add_widening(Operations& to) {
  to["ConvertIntegerToLong"] = [](const Call& c) { return wider(c[0], Kind::kLong); };
  to["ConvertIntegerToDecimal"] = [](const Call& c) { return wider(c[0], Kind::kDecimal); };
  to["ConvertLongToDecimal"] = to["ConvertIntegerToDecimal"];
  to["ConvertDecimalToQuantity"] = [](const Call& c) { return wider(c[0], Kind::kQuantity); };
  to["ConvertIntegerToQuantity"] = to["ConvertDecimalToQuantity"];
  to["ConvertLongToQuantity"] = to["ConvertDecimalToQuantity"];
  to["ConvertDateToDateTime"] = [](const Call& c) {
    return c.any_null() ? Value() : temporal(Kind::kDateTime, c[0].moment);
  };
  to["ConvertDateTimeToDate"] = [](const Call& c) {
    if (c.any_null()) return Value();
    return temporal(Kind::kDate, cut(c[0].moment, kHour));
  };
  to["ConvertCodeToConcept"] = [](const Call& c) { return to_concept(c[0]); };
  to["ConvertCodesToConcept"] = to["ConvertCodeToConcept"];
}

}  // namespace

void add_conversion(Operations& to) {
  add_widening(to);
  to["ConvertBooleanToNumber"] = number_of;
  to["ConvertNumberToBoolean"] = boolean_of;
  to["ConvertLongToInteger"] = [](const Call& c) {
    return c.any_null() ? Value() : whole(Kind::kInteger, c[0].number);
  };
  to["Converts"] = [](const Call& c) { return c[0].is_null() ? Value() : boolean(!c[1].is_null()); };
  to["ParseRatio"] = parsed<parse_ratio>;
  to["ToText"] = [](const Call& c) { return to_string(c[0]); };
  to["ParseBoolean"] = parsed<parse_boolean>;
  to["ParseInteger"] = parsed<parse_number<Kind::kInteger>>;
  to["ParseLong"] = parsed<parse_number<Kind::kLong>>;
  to["ParseDecimal"] = parsed<parse_decimal_value>;
  to["ParseQuantity"] = parsed<parse_quantity>;
  to["ParseDate"] = parsed<parse_date>;
  to["ParseDateTime"] = parsed<parse_temporal<Kind::kDateTime>>;
  to["ParseTime"] = parsed<parse_temporal<Kind::kTime>>;
  to["Message"] = [](const Call& c) {
    if (c[1].is_true() && c[3].text == "Error") throw EvaluationError("message");
    return c[0];
  };
}

}  // namespace vigil::oracle
