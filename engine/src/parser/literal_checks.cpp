// SPDX-License-Identifier: Apache-2.0
// Ranges of CQL 1.5, Author's Guide, "Simple values", and the calendar.
#include "parser/literal_checks.h"

namespace vigil::parsing {
namespace {

std::string_view without_leading_zeros(std::string_view digits) {
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return digits;
}

/// Reads fields of digits off the front of a text.
class Fields {
 public:
  explicit Fields(std::string_view text) : rest_(text) {}
  bool at(char c) const { return !rest_.empty() && rest_.front() == c; }
  bool take(char c) {
    if (!at(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Exactly `count` digits.
  int number(size_t count) {
    int value = 0;
    for (size_t i = 0; i < count && !rest_.empty(); ++i) {
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }
  void skip_digits() {
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') rest_.remove_prefix(1);
  }
  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

int days_of(int year, int month) {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

std::string_view clock_mistake(Fields& fields) {
  if (fields.number(2) > 23) return "hours go from 00 to 23";
  if (fields.take(':') && fields.number(2) > 59) return "minutes go from 00 to 59";
  if (fields.take(':') && fields.number(2) > 59) return "seconds go from 00 to 59";
  if (fields.take('.')) fields.skip_digits();
  if (fields.take('Z') || fields.done()) return {};
  if (!fields.take('+')) fields.take('-');
  const int hours = fields.number(2);
  fields.take(':');
  const int minutes = fields.number(2);
  return minutes > 59 || hours * 60 + minutes > 14 * 60 ? "a time zone goes from -14:00 to +14:00" : std::string_view{};
}

}  // namespace

bool fits(std::string_view digits, bool negative, std::string_view limit) {
  digits = without_leading_zeros(digits);
  if (digits.size() != limit.size()) return digits.size() < limit.size();
  if (digits <= limit) return true;
  // One more is there on the negative side; the limits end in 7.
  return negative && digits.substr(0, digits.size() - 1) == limit.substr(0, limit.size() - 1) && digits.back() == '8';
}

bool is_integer(std::string_view digits, bool negative) { return fits(digits, negative, "2147483647"); }
bool is_long(std::string_view digits, bool negative) { return fits(digits, negative, "9223372036854775807"); }

bool is_decimal(std::string_view number) {
  const auto point = number.find('.');
  const auto whole = without_leading_zeros(number.substr(0, point));
  return whole.size() <= 28 && (point == std::string_view::npos || number.size() - point - 1 <= 8);
}

std::string_view calendar_mistake(std::string_view text) {
  Fields fields(text);
  if (fields.take('T')) return clock_mistake(fields);
  const int year = fields.number(4);
  if (year == 0) return "years go from 0001 to 9999";
  if (fields.take('-')) {
    const int month = fields.number(2);
    if (month < 1 || month > 12) return "months go from 01 to 12";
    if (fields.take('-')) {
      const int day = fields.number(2);
      if (day < 1 || day > days_of(year, month)) return "the month has no such day";
    }
  }
  return fields.take('T') && !fields.done() ? clock_mistake(fields) : std::string_view{};
}

}  // namespace vigil::parsing
