// SPDX-License-Identifier: Apache-2.0
// Logic (B.1), equality, equivalence and order (B.4).
#include <algorithm>

#include "differential/oracle/operations.h"

namespace vigil::oracle {
namespace {

/// Minutes to add so that a DateTime is in the offset of the evaluation.
Value normalized(const Value& v, const Value& now) {
  if (v.kind != Kind::kDateTime || !v.moment.has(kHour)) return v;
  const int own = v.moment.offset.value_or(*now.moment.offset);
  const int shift = *now.moment.offset - own;
  Value moved = v;
  // Of an hour whose minutes are not known only whole hours can be moved.
  if (shift != 0) moved = v.moment.has(kMinute) ? add_parts(v, kMinute, shift) : add_parts(v, kHour, shift / 60);
  if (moved.is_null()) return v;
  moved.moment.offset = now.moment.offset;
  return moved;
}

/// Text in which case and kind of white space make no difference (B.5.3, strings).
std::string folded(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 'A' && c <= 'Z')
      out += static_cast<char>(c - 'A' + 'a');
    else if (c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == ' ')
      out += ' ';
    else if (c == 0xC3 && i + 1 < text.size()) {  // À … Þ of Latin-1
      auto next = static_cast<unsigned char>(text[++i]);
      if (next >= 0x80 && next <= 0x9E && next != 0x97) next = static_cast<unsigned char>(next + 0x20);
      (out += static_cast<char>(c)) += static_cast<char>(next);
    } else {
      out += static_cast<char>(c);
    }
  }
  return out;
}

/// Rounds both to the digits after the point of the one that has fewer.
bool equivalent_decimals(const BigInteger& a, const BigInteger& b) {
  const auto step = [](const BigInteger& scaled) {
    BigInteger found = 1;
    while (found < kDecimalUnit && scaled % (found * 10) == 0) found *= 10;
    return found;
  };
  const BigInteger coarser = std::max(step(a), step(b));
  return divide_rounded(a, coarser) == divide_rounded(b, coarser);
}

Value equal_quantities(const Value& a, const Value& b) {
  const auto converted = convert_unit(a.number, a.text, b.text);
  if (!converted) return {};
  return boolean(converted->numerator == b.number * converted->denominator);
}

/// A conjunction of the parts; both null counts as equal, one null leaves it open.
Value equal_parts(const std::vector<Value>& a, const std::vector<Value>& b, const Value& now) {
  Value result = boolean(true);
  for (size_t i = 0; i < a.size(); ++i)
    result = and_(result, a[i].is_null() && b[i].is_null() ? boolean(true) : equal(a[i], b[i], now));
  return result;
}

/// An end that has no next point is not known here, rather than an error.
Value equal_intervals(const Value& a, const Value& b, const Value& now) {
  const auto end = [](Value (*of)(const Value&), const Value& interval) {
    try {
      return of(interval);
    } catch (const EvaluationError&) {
      throw NotCovered("an interval that begins or ends beyond the last value");
    }
  };
  return and_(equal(end(start_of, a), end(start_of, b), now), equal(end(end_of, a), end(end_of, b), now));
}

/// By code and system: so docs/decisions has it, where B.12.7 would compare version and display as well.
Value equal_codes(const Value& a, const Value& b, const Value& now) {
  return and_(boolean(a.text == b.text), equal(a.parts[0], b.parts[0], now));
}

}  // namespace

std::optional<int> compare_moments(const Value& a, const Value& b, std::optional<int> precision, const Value& now) {
  const int finest = precision.value_or(std::max(a.moment.finest(), b.moment.finest()));
  const auto x = finest >= kHour ? normalized(a, now).moment : a.moment;
  const auto y = finest >= kHour ? normalized(b, now).moment : b.moment;
  for (int part = x.first; part <= finest; ++part) {
    // Seconds and milliseconds are one number: without milliseconds it ends in .000 (B.1 DateTime), but where the
    // milliseconds themselves are asked for (docs/conformance.md).
    const bool has_x = x.has(part) || (part == kMillisecond && x.has(kSecond) && !precision);
    const bool has_y = y.has(part) || (part == kMillisecond && y.has(kSecond) && !precision);
    if (!has_x && !has_y && !precision) return 0;
    if (!has_x || !has_y) return std::nullopt;
    const auto at = static_cast<size_t>(part);
    if (x.parts[at] != y.parts[at]) return x.parts[at] < y.parts[at] ? -1 : 1;
  }
  return 0;
}

std::optional<int> compare(const Value& a, const Value& b, const Value& now) {
  if (a.is_null() || b.is_null()) return std::nullopt;
  if (a.kind == Kind::kUncertain || b.kind == Kind::kUncertain) {
    const auto& a_most = a.kind == Kind::kUncertain ? a.high() : a;
    const auto& a_least = a.kind == Kind::kUncertain ? a.low() : a;
    const auto& b_most = b.kind == Kind::kUncertain ? b.high() : b;
    const auto& b_least = b.kind == Kind::kUncertain ? b.low() : b;
    if (compare(a_most, b_least, now) == -1) return -1;
    return compare(a_least, b_most, now) == 1 ? std::optional(1) : std::nullopt;
  }
  switch (a.kind) {
    case Kind::kInteger:
    case Kind::kLong:
    case Kind::kDecimal: return a.number.compare(b.number) < 0 ? -1 : a.number == b.number ? 0 : 1;
    case Kind::kString: {
      const int order = a.text.compare(b.text);  // UTF-8 keeps the order of code points
      return order < 0 ? -1 : order > 0 ? 1 : 0;
    }
    case Kind::kQuantity: {
      const auto converted = convert_unit(a.number, a.text, b.text);
      if (!converted) return std::nullopt;
      const BigInteger right = b.number * converted->denominator;
      return converted->numerator < right ? -1 : converted->numerator == right ? 0 : 1;
    }
    case Kind::kDate:
    case Kind::kDateTime:
    case Kind::kTime: return compare_moments(a, b, std::nullopt, now);
    default: throw NotCovered("order");
  }
}

Value less(const Value& a, const Value& b, const Value& now) {
  const auto order = compare(a, b, now);
  return order ? boolean(*order < 0) : Value();
}
Value less_or_equal(const Value& a, const Value& b, const Value& now) {
  const auto order = compare(a, b, now);
  return order ? boolean(*order <= 0) : Value();
}

Value equal(const Value& a, const Value& b, const Value& now) {
  if (a.is_null() || b.is_null()) return {};
  if (a.kind == Kind::kUncertain || b.kind == Kind::kUncertain) {
    const auto order = compare(a, b, now);
    return order ? boolean(*order == 0) : Value();
  }
  if (a.kind != b.kind) return boolean(false);
  switch (a.kind) {
    case Kind::kBoolean: return boolean(a.boolean == b.boolean);
    case Kind::kQuantity: return equal_quantities(a, b);
    case Kind::kRatio: return and_(equal_quantities(a.parts[0], b.parts[0]), equal_quantities(a.parts[1], b.parts[1]));
    case Kind::kCode: return equal_codes(a, b, now);
    case Kind::kConcept:
      if (a.parts.size() != b.parts.size()) return boolean(false);
      return equal_parts(a.parts, b.parts, now);
    case Kind::kInterval: return equal_intervals(a, b, now);
    case Kind::kList: {
      Value result = boolean(a.parts.size() == b.parts.size());
      for (size_t i = 0; result.is_true() || result.is_null(); ++i) {
        if (i == a.parts.size()) break;
        result = and_(result, same_element(a.parts[i], b.parts[i], now));
      }
      return result;
    }
    case Kind::kTuple:
      if (a.names != b.names) return boolean(false);
      return equal_parts(a.parts, b.parts, now);
    default: {
      const auto order = compare(a, b, now);
      return order ? boolean(*order == 0) : Value();
    }
  }
}

bool equivalent(const Value& a, const Value& b, const Value& now) {
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  const auto all = [&](const std::vector<Value>& x, const std::vector<Value>& y) {
    bool same = x.size() == y.size();
    for (size_t i = 0; same && i < x.size(); ++i) same = equivalent(x[i], y[i], now);
    return same;
  };
  const auto any_code = [&](const Value& concept_value, const Value& code) {
    return std::any_of(concept_value.parts.begin(), concept_value.parts.end(),
                       [&](const Value& own) { return equivalent(own, code, now); });
  };
  if (a.kind == Kind::kConcept && b.kind == Kind::kCode) return any_code(a, b);
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Kind::kString: return folded(a.text) == folded(b.text);
    case Kind::kDecimal: return equivalent_decimals(a.number, b.number);
    case Kind::kQuantity: {
      if (a.text == b.text) return equivalent_decimals(a.number, b.number);
      const auto converted = convert_unit(a.number, a.text, b.text);
      return converted && equivalent_decimals(divide_rounded(converted->numerator, converted->denominator), b.number);
    }
    case Kind::kRatio: throw NotCovered("Ratio ~");
    case Kind::kCode: return a.text == b.text && equivalent(a.parts[0], b.parts[0], now);
    case Kind::kConcept:
      return std::any_of(b.parts.begin(), b.parts.end(), [&](const Value& code) { return any_code(a, code); });
    case Kind::kInterval: return equivalent(start_of(a), start_of(b), now) && equivalent(end_of(a), end_of(b), now);
    case Kind::kList: return all(a.parts, b.parts);
    case Kind::kTuple: return a.names == b.names && all(a.parts, b.parts);
    default: return equal(a, b, now).is_true();
  }
}

Value same_element(const Value& a, const Value& b, const Value& now) {
  return a.is_null() || b.is_null() ? boolean(a.is_null() && b.is_null()) : equal(a, b, now);
}

void add_logical(Operations& to) {
  to["Not"] = [](const Call& c) { return not_(c[0]); };
  to["Xor"] = [](const Call& c) { return c.any_null() ? Value() : boolean(c[0].boolean != c[1].boolean); };
  to["IsNull"] = [](const Call& c) { return boolean(c[0].is_null()); };
  to["IsTrue"] = [](const Call& c) { return boolean(c[0].is_true()); };
  to["IsFalse"] = [](const Call& c) { return boolean(c[0].is_false()); };
  to["CoalesceList"] = [](const Call& c) {
    for (const auto& element : c[0].parts)
      if (!element.is_null()) return element;
    return Value();
  };
}

void add_comparison(Operations& to) {
  to["Equal"] = [](const Call& c) { return equal(c[0], c[1], c.now); };
  // "This operator will always return true or false": ends beyond the range are equivalent to nothing.
  to["Equivalent"] = [](const Call& c) {
    try {
      return boolean(equivalent(c[0], c[1], c.now));
    } catch (const EvaluationError&) {
      return boolean(false);
    }
  };
  to["Less"] = [](const Call& c) { return less(c[0], c[1], c.now); };
  to["LessOrEqual"] = [](const Call& c) { return less_or_equal(c[0], c[1], c.now); };
  to["Greater"] = [](const Call& c) { return less(c[1], c[0], c.now); };
  to["GreaterOrEqual"] = [](const Call& c) { return less_or_equal(c[1], c[0], c.now); };
}

}  // namespace vigil::oracle
