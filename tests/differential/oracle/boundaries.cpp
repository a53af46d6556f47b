// SPDX-License-Identifier: Apache-2.0
// How precise a value is, and the least and greatest it can be to a precision (B.5 LowBoundary, HighBoundary,
// Precision).
#include "differential/oracle/operations.h"

namespace vigil::oracle {
namespace {

/// Digits up to and with a part: 4 for a year, 17 for a full DateTime.
int digits_to(int first, int part) {
  static constexpr int kDigits[] = {4, 2, 2, 2, 2, 2, 3};
  int digits = 0;
  for (int each = first; each <= part; ++each) digits += kDigits[each];
  return digits;
}

Value precision(const Call& c) {
  if (c.any_null()) return {};
  if (c[0].kind != Kind::kDecimal) return whole(Kind::kInteger, digits_to(c[0].moment.first, c[0].moment.finest()));
  BigInteger rest = abs(c[0].number) % kDecimalUnit;
  int digits = rest == 0 ? 0 : 8;
  for (; digits > 0 && rest % 10 == 0; rest /= 10) --digits;
  // Trailing zeros are not kept: 1.0 has one digit.
  if (digits == 0) throw NotCovered("digits of a whole Decimal");
  return whole(Kind::kInteger, digits);
}

Value boundary(const Call& c, bool high) {
  if (c[0].is_null()) return {};
  if (c[0].kind == Kind::kDecimal) throw NotCovered("boundaries of a Decimal");
  const int end = c[0].kind == Kind::kDate ? kHour : kPartCount;
  int last = -1;
  for (int part = c[0].moment.first; part < end; ++part)
    if (c[1].is_null() ? part == end - 1 : c[1].number == digits_to(c[0].moment.first, part)) last = part + 1;
  if (last < 0) return {};
  if (last < c[0].moment.last) throw NotCovered("boundary coarser than the value");
  Value out = c[0];
  auto& m = out.moment;
  static constexpr int kGreatest[] = {9999, 12, 0, 23, 59, 59, 999};
  for (int part = m.last; part < last; ++part)
    if (high)
      m.parts[static_cast<size_t>(part)] =
          part == kDay ? days_in_month(m.parts[kYear], m.parts[kMonth]) : kGreatest[part];
  m.last = last;
  return out;
}

}  // namespace

void add_boundaries(Operations& to) {
  to["PrecisionOf"] = precision;
  to["LowBoundary"] = [](const Call& c) { return boundary(c, false); };
  to["HighBoundary"] = [](const Call& c) { return boundary(c, true); };
}

}  // namespace vigil::oracle
