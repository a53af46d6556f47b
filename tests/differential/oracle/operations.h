// SPDX-License-Identifier: Apache-2.0
// The oracle's operators: one function an operation, by the operation's name, each written from the words of CQL 1.5,
// appendix B, and not from the engine.
#pragma once

#include <map>
#include <string_view>

#include "differential/oracle/value.h"
#include "semantic/typed_module.h"

namespace vigil::oracle {

/// One use of an operator, its operands evaluated.
struct Call {
  const typed::Module& module;
  const typed::Expr& expr;
  const std::vector<Value>& arguments;
  const Value& now;  ///< a DateTime with offset: when the evaluation was asked for

  const Value& operator[](size_t i) const { return arguments[i]; }
  size_t size() const { return arguments.size(); }
  bool any_null() const;
  /// The static type of an operand, or of its elements or points.
  std::string operand_type(size_t i) const;
  /// The precision named in the text (`before day of`); none: as fine as the operands are.
  std::optional<int> precision() const;
};

using Operation = Value (*)(const Call&);
using Operations = std::map<std::string, Operation, std::less<>>;

void add_logical(Operations& to);
void add_comparison(Operations& to);
void add_arithmetic(Operations& to);
void add_quantity_arithmetic(Operations& to);
void add_string(Operations& to);
void add_date_time(Operations& to);
void add_date_time_arithmetic(Operations& to);
void add_interval(Operations& to);
void add_interval_sets(Operations& to);
void add_list(Operations& to);
void add_aggregate(Operations& to);
void add_expand_collapse(Operations& to);
void add_patterns(Operations& to);
void add_boundaries(Operations& to);
void add_conversion(Operations& to);

// --- what several groups need ------------------------------------------------------------------------------------

/// `=` and `~` (B.4); equal() is null where it cannot be told.
Value equal(const Value& a, const Value& b, const Value& now);
bool equivalent(const Value& a, const Value& b, const Value& now);
/// Whether a list's elements count as the same: equal, or both null; null is no other element (B.9).
Value same_element(const Value& a, const Value& b, const Value& now);
/// A number from `low` to `high`; the number itself where they are the same.
Value uncertain(const Value& low, const Value& high);
/// An operator of which an operand is uncertain.
Value apply_uncertain(const std::string& name, Operation operation, const Call& call);
/// -1, 0, 1; none where it cannot be told. Numbers, strings, quantities, dates and times.
std::optional<int> compare(const Value& a, const Value& b, const Value& now);
Value less(const Value& a, const Value& b, const Value& now);
Value less_or_equal(const Value& a, const Value& b, const Value& now);
/// As compare(), of dates and times down to `precision` (B.8.1); none: to the finest of both.
std::optional<int> compare_moments(const Value& a, const Value& b, std::optional<int> precision, const Value& now);

/// The least and greatest value, one step up or down (B.6.12, B.6.13, B.6.20, B.6.21); null beyond the range.
Value minimum(const std::string& type);
Value maximum(const std::string& type);
Value successor(const Value& value);
Value predecessor(const Value& value);
/// The ends of an interval (B.9.6, B.9.27); null where it is unknown.
Value start_of(const Value& interval);
Value end_of(const Value& interval);
/// A list without what is the same as an earlier element.
std::vector<Value> distinct(const std::vector<Value>& elements, const Value& now);

/// The moment without its parts finer than `last - 1`, and without offset.
Moment cut(Moment moment, int last);
/// Adds a number of whole parts (years … milliseconds) to a date or time; null beyond the range.
Value add_parts(const Value& to, int part, const BigInteger& count);
/// Days since 0001-01-01, and their number in a month.
int64_t day_number(int year, int month, int day);
int days_in_month(int year, int month);

/// The value in another unit as an exact fraction of kDecimalUnit; none where the units have different dimensions.
struct Fraction {
  BigInteger numerator;
  BigInteger denominator = 1;
};
std::optional<Fraction> convert_unit(const BigInteger& scaled, const std::string& from, const std::string& to);
/// Of two commensurable units the one of which a quantity needs more.
bool is_finer_unit(const std::string& a, const std::string& b);
/// Whether both measure, among others, the same: "mg/mL" and "g".
bool shares_dimensions(const std::string& a, const std::string& b);
bool is_calendar_unit(const std::string& unit);
/// "mg" and "mL" to "mg/mL"; power -1 divides.
std::string unit_product(const std::string& a, const std::string& b, int power);

}  // namespace vigil::oracle
