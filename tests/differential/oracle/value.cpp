// SPDX-License-Identifier: Apache-2.0
#include "differential/oracle/value.h"

#include <cstdio>

namespace vigil::oracle {

Value boolean(bool value) {
  Value v;
  v.kind = Kind::kBoolean;
  v.boolean = value;
  return v;
}

Value whole(Kind kind, const BigInteger& value) {
  const BigInteger limit = BigInteger(1) << (kind == Kind::kInteger ? 31 : 63);
  if (value >= limit || value < -limit) return {};
  Value v;
  v.kind = kind;
  v.number = value;
  return v;
}

namespace {

/// B.1 Decimal gives 28 digits and 8 of them fractional, but allows more: Vigil carries 28 digits before the point.
bool is_representable(const BigInteger& scaled) {
  static const BigInteger kLimit("1000000000000000000000000000000000000");
  return scaled < kLimit && scaled > -kLimit;
}

}  // namespace

Value decimal(const BigInteger& scaled) {
  if (!is_representable(scaled)) return {};
  Value v;
  v.kind = Kind::kDecimal;
  v.number = scaled;
  return v;
}

Value string(std::string text) {
  Value v;
  v.kind = Kind::kString;
  v.text = std::move(text);
  return v;
}

Value quantity(const BigInteger& scaled, std::string unit) {
  if (!is_representable(scaled)) return {};
  Value v;
  v.kind = Kind::kQuantity;
  v.number = scaled;
  v.text = std::move(unit);
  return v;
}

Value temporal(Kind kind, const Moment& moment) {
  Value v;
  v.kind = kind;
  v.moment = moment;
  return v;
}

Value interval(std::string point_type, Value low, Value high, bool low_closed, bool high_closed) {
  Value v;
  v.kind = Kind::kInterval;
  v.type = std::move(point_type);
  v.parts = {std::move(low), std::move(high)};
  v.low_closed = low_closed;
  v.high_closed = high_closed;
  return v;
}

Value list(std::vector<Value> elements) {
  Value v;
  v.kind = Kind::kList;
  v.parts = std::move(elements);
  return v;
}

Value not_(const Value& a) { return a.is_null() ? Value() : boolean(!a.boolean); }

Value and_(const Value& a, const Value& b) {
  if (a.is_false() || b.is_false()) return boolean(false);
  if (a.is_true() && b.is_true()) return boolean(true);
  return {};
}

Value or_(const Value& a, const Value& b) { return not_(and_(not_(a), not_(b))); }

BigInteger divide_rounded(const BigInteger& numerator, const BigInteger& denominator) {
  const bool negative = (numerator < 0) != (denominator < 0);
  const BigInteger n = abs(numerator);
  const BigInteger d = abs(denominator);
  const BigInteger rounded = (2 * n + d) / (2 * d);
  return negative ? BigInteger(-rounded) : rounded;
}

std::optional<BigInteger> parse_decimal(const std::string& text) {
  size_t at = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) at = 1;
  const auto digits = [&] {
    std::string found;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') found += text[at++];
    return found;
  };
  const auto before = digits();
  std::string after;
  if (before.empty()) return std::nullopt;
  if (at < text.size()) {
    if (text[at++] != '.') return std::nullopt;
    after = digits();
    if (after.empty() || at < text.size()) return std::nullopt;
  }
  BigInteger value = 0;
  for (const char c : before + after) value = value * 10 + (c - '0');
  for (size_t i = after.size(); i < 8; ++i) value *= 10;
  BigInteger divisor = 1;
  for (size_t i = 8; i < after.size(); ++i) divisor *= 10;
  value = divide_rounded(value, divisor);
  if (!is_representable(value)) return std::nullopt;
  return negative ? BigInteger(-value) : value;
}

std::string decimal_text(const BigInteger& scaled) {
  const BigInteger magnitude = abs(scaled);
  std::string fraction = BigInteger(magnitude % kDecimalUnit).str();
  fraction.insert(0, 8 - fraction.size(), '0');
  while (fraction.size() > 1 && fraction.back() == '0') fraction.pop_back();
  return (scaled < 0 ? "-" : "") + BigInteger(magnitude / kDecimalUnit).str() + "." + fraction;
}

std::string moment_text(const Value& value) {
  const auto& m = value.moment;
  static constexpr const char* kFormats[] = {"%04d", "-%02d", "-%02d", "%02d", ":%02d", ":%02d", ".%03d"};
  std::string out;
  for (int part = m.first; part < m.last; ++part) {
    if (part == kHour) out += 'T';
    char buffer[16];
    std::snprintf(buffer, sizeof buffer, kFormats[part], m.parts[static_cast<size_t>(part)]);
    out += buffer;
  }
  if (value.kind == Kind::kDateTime && m.last > kYear && m.last <= kHour) out += 'T';
  if (m.offset && m.last > kHour) {
    const int minutes = std::abs(*m.offset);
    char buffer[16];
    std::snprintf(buffer, sizeof buffer, "%c%02d:%02d", *m.offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
    out += buffer;
  }
  return out;
}

namespace {

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (c == '\t')
      out += "\\t";
    else
      out += c;
  }
  return out + "'";
}

std::string quantity_text(const Value& v) {
  return decimal_text(v.number) + " " + quoted(v.text.empty() ? "1" : v.text);
}

std::string joined(const std::vector<Value>& values) {
  std::string out;
  for (const auto& value : values) out += (out.empty() ? "" : ", ") + to_text(value);
  return out;
}

std::string code_text(const Value& v) {
  std::string out = "Code { code: " + quoted(v.text);
  static constexpr const char* kNames[] = {"system", "version", "display"};
  for (size_t i = 0; i < v.parts.size(); ++i)
    if (!v.parts[i].is_null()) out += std::string(", ") + kNames[i] + ": " + quoted(v.parts[i].text);
  return out + " }";
}

}  // namespace

std::string to_text(const Value& v) {
  switch (v.kind) {
    case Kind::kNull: return "null";
    case Kind::kBoolean: return v.boolean ? "true" : "false";
    case Kind::kInteger: return v.number.str();
    case Kind::kLong: return v.number.str() + "L";
    case Kind::kDecimal: return decimal_text(v.number);
    case Kind::kString: return quoted(v.text);
    case Kind::kDate:
    case Kind::kDateTime:
    case Kind::kTime: return "@" + moment_text(v);
    case Kind::kQuantity: return quantity_text(v);
    case Kind::kRatio: return quantity_text(v.parts[0]) + ":" + quantity_text(v.parts[1]);
    case Kind::kCode: return code_text(v);
    case Kind::kConcept:
      return "Concept { codes: { " + joined(v.parts) + " }" + (v.text.empty() ? "" : ", display: " + quoted(v.text)) +
             " }";
    case Kind::kUncertain:
    case Kind::kInterval:
      return std::string("Interval") + (v.low_closed ? "[" : "(") + joined(v.parts) + (v.high_closed ? "]" : ")");
    case Kind::kList: return v.parts.empty() ? "{}" : "{ " + joined(v.parts) + " }";
    case Kind::kTuple: {
      std::string out;
      for (size_t i = 0; i < v.parts.size(); ++i) out += (i == 0 ? "" : ", ") + v.names[i] + ": " + to_text(v.parts[i]);
      return "Tuple { " + out + " }";
    }
  }
  return "?";
}

}  // namespace vigil::oracle
