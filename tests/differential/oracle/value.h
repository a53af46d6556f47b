// SPDX-License-Identifier: Apache-2.0
// The values of the oracle: boxed, copied, exact. Nothing here is shared with the engine's values.
#pragma once

#include <array>
#include <boost/multiprecision/cpp_int.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace vigil::oracle {

/// Wide enough for products of Decimals and of units' factors: the largest have some 80 digits.
using BigInteger = boost::multiprecision::number<
    boost::multiprecision::cpp_int_backend<512, 512, boost::multiprecision::signed_magnitude,
                                           boost::multiprecision::unchecked, void>,
    boost::multiprecision::et_off>;

enum class Kind {
  kNull,
  kBoolean,
  kInteger,
  kLong,
  kDecimal,
  kString,
  kDate,
  kDateTime,
  kTime,
  kQuantity,
  kRatio,
  kCode,
  kConcept,
  kUncertain,  ///< a number from low() to high()
  kInterval,
  kList,
  kTuple,
};

/// Places in Moment::parts.
enum Part { kYear, kMonth, kDay, kHour, kMinute, kSecond, kMillisecond, kPartCount };

/// A date, a time or both: the parts [first, last) are known. A Date has year to day at most, a Time begins with the
/// hour.
struct Moment {
  std::array<int, kPartCount> parts{1, 1, 1, 0, 0, 0, 0};
  int first = kYear;
  int last = kYear;
  std::optional<int> offset;  ///< minutes; of a DateTime that names one

  bool has(int part) const { return part >= first && part < last; }
  int finest() const { return last - 1; }
};

/// Decimals are whole numbers of this fraction (CQL 1.5, B.1 Decimal: 8 digits after the point).
inline const BigInteger kDecimalUnit = 100'000'000;

struct Value {
  Kind kind = Kind::kNull;
  bool boolean = false;
  BigInteger number;         ///< of Integer and Long; of Decimal and Quantity times kDecimalUnit
  std::string text;          ///< of String; a Quantity's unit; a Code's code; the display of a Concept
  std::string type;          ///< an Interval's point type, as its CQL name
  Moment moment;             ///< of Date, DateTime, Time
  std::vector<Value> parts;  ///< elements; both ends of an interval; numerator, denominator; codes; system, version,
                             ///< display of a Code
  std::vector<std::string> names;  ///< of a tuple's elements
  bool low_closed = true;
  bool high_closed = true;

  bool is_null() const { return kind == Kind::kNull; }
  bool is_true() const { return kind == Kind::kBoolean && boolean; }
  bool is_false() const { return kind == Kind::kBoolean && !boolean; }
  const Value& low() const { return parts[0]; }
  const Value& high() const { return parts[1]; }
};

/// The run-time errors CQL defines.
struct EvaluationError : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// What the oracle does not cover: the case is not compared.
struct NotCovered : std::runtime_error {
  using std::runtime_error::runtime_error;
};

Value boolean(bool value);
Value whole(Kind kind, const BigInteger& value);  ///< Integer or Long; null where it is out of range
Value decimal(const BigInteger& scaled);          ///< null where it is out of range
Value string(std::string text);
Value quantity(const BigInteger& scaled, std::string unit);
Value temporal(Kind kind, const Moment& moment);
Value interval(std::string point_type, Value low, Value high, bool low_closed, bool high_closed);
Value list(std::vector<Value> elements);

/// Three-valued logic (CQL 1.5, B.1).
Value not_(const Value& a);
Value and_(const Value& a, const Value& b);
Value or_(const Value& a, const Value& b);

/// numerator / denominator, rounded half away from zero.
BigInteger divide_rounded(const BigInteger& numerator, const BigInteger& denominator);
/// "-1.5" times kDecimalUnit; none where the text is no decimal, or has more digits than CQL's Decimal.
std::optional<BigInteger> parse_decimal(const std::string& text);
std::string decimal_text(const BigInteger& scaled);
std::string moment_text(const Value& value);
/// As `vigil eval` writes it.
std::string to_text(const Value& value);

}  // namespace vigil::oracle
