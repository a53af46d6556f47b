// SPDX-License-Identifier: Apache-2.0
#include "differential/oracle/parse.h"

#include "differential/oracle/operations.h"

namespace vigil::oracle {
namespace {

/// Reads text from the left; each step fails for good.
class Reader {
 public:
  explicit Reader(const std::string& text) : text_(text) {}
  bool at_end() const { return at_ == text_.size(); }
  bool skip(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  /// Exactly `count` digits.
  std::optional<int> number(size_t count) {
    if (at_ + count > text_.size()) return std::nullopt;
    int value = 0;
    for (size_t i = 0; i < count; ++i) {
      const char c = text_[at_ + i];
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    at_ += count;
    return value;
  }
  /// Digits of a fraction of a second, as milliseconds: what is finer is cut off.
  std::optional<int> fraction() {
    std::string digits;
    while (!at_end() && text_[at_] >= '0' && text_[at_] <= '9') digits += text_[at_++];
    if (digits.empty()) return std::nullopt;
    return std::stoi((digits + "00").substr(0, 3));
  }

 private:
  const std::string& text_;
  size_t at_ = 0;
};

bool in_range(const Moment& m) {
  const auto& p = m.parts;
  if (m.first == kYear && (p[kYear] < 1 || p[kYear] > 9999)) return false;
  if (m.has(kMonth) && (p[kMonth] < 1 || p[kMonth] > 12)) return false;
  if (m.has(kDay) && (p[kDay] < 1 || p[kDay] > days_in_month(p[kYear], p[kMonth]))) return false;
  return p[kHour] <= 23 && p[kMinute] <= 59 && p[kSecond] <= 59;
}

bool read_offset(Reader& reader, Moment& m) {
  if (reader.skip('Z')) {
    m.offset = 0;
    return true;
  }
  const bool negative = reader.skip('-');
  if (!negative && !reader.skip('+')) return reader.at_end();
  const auto hours = reader.number(2);
  if (!hours || !reader.skip(':')) return false;
  const auto minutes = reader.number(2);
  if (!minutes || *hours > 14 || *minutes > 59) return false;
  m.offset = (negative ? -1 : 1) * (*hours * 60 + *minutes);
  return true;
}

}  // namespace

std::optional<Value> parse_moment(Kind kind, const std::string& text) {
  Moment m;
  Reader reader(text);
  const auto part = [&](int which, size_t digits) {
    const auto number = which == kMillisecond ? reader.fraction() : reader.number(digits);
    if (!number) return false;
    m.parts[static_cast<size_t>(which)] = *number;
    m.last = which + 1;
    return true;
  };
  if (kind == Kind::kTime) {
    m.first = kHour;
    reader.skip('T');
  } else {
    if (!part(kYear, 4)) return std::nullopt;
    if (reader.skip('-') && (!part(kMonth, 2) || (reader.skip('-') && !part(kDay, 2)))) return std::nullopt;
  }
  const bool time = kind == Kind::kTime || (kind == Kind::kDateTime && reader.skip('T') && !reader.at_end());
  if (time) {
    if (kind == Kind::kDateTime && m.last != kHour) return std::nullopt;
    if (!part(kHour, 2)) return std::nullopt;
    if (reader.skip(':') && (!part(kMinute, 2) || (reader.skip(':') && !part(kSecond, 2)))) return std::nullopt;
    if (m.last == kMillisecond && reader.skip('.') && !part(kMillisecond, 3)) return std::nullopt;
    if (kind == Kind::kDateTime && !read_offset(reader, m)) return std::nullopt;
  }
  if (!reader.at_end() || !in_range(m)) return std::nullopt;
  return temporal(kind, m);
}

void check_interval(const Value& interval, const Value& now) {
  if (interval.low().is_null() || interval.high().is_null()) return;
  const auto order = compare(interval.low(), interval.high(), now);
  const bool empty = order == 0 && !(interval.low_closed && interval.high_closed);
  if (order == 1 || empty) throw EvaluationError("interval");
}

}  // namespace vigil::oracle
