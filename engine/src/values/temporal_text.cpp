// SPDX-License-Identifier: Apache-2.0
// Dates and times from and to text: CQL literals and FHIR primitives, in one pass without allocation.
#include "values/temporal.h"

namespace vigil {
namespace {

/// Reads a text from left to right; after a failed read `ok` stays false.
struct Reader {
  const char* at;
  const char* end;
  bool ok = true;

  explicit Reader(std::string_view text) : at(text.data()), end(text.data() + text.size()) {}
  bool done() const { return at == end; }
  bool take(char c) {
    if (at == end || *at != c) return false;
    ++at;
    return true;
  }
  int digits(int count) {
    if (end - at < count) return fail();
    int value = 0;
    for (int i = 0; i < count; ++i, ++at) {
      if (*at < '0' || *at > '9') return fail();
      value = value * 10 + (*at - '0');
    }
    return value;
  }
  /// One or more digits as thousandths; the fourth and further ones are cut off.
  int milliseconds() {
    const char* first = at;
    int value = 0;
    for (; at != end && *at >= '0' && *at <= '9'; ++at) {
      if (at - first < 3) value = value * 10 + (*at - '0');
    }
    if (at == first) return fail();
    for (auto count = at - first; count < 3; ++count) value *= 10;
    return value;
  }

 private:
  int fail() {
    ok = false;
    return 0;
  }
};

void read_date(Reader& in, Temporal& t) {
  t.year = static_cast<int16_t>(in.digits(4));
  t.precision = Precision::kYear;
  if (!in.ok || !in.take('-')) return;
  t.month = static_cast<uint8_t>(in.digits(2));
  t.precision = Precision::kMonth;
  if (!in.ok || !in.take('-')) return;
  t.day = static_cast<uint8_t>(in.digits(2));
  t.precision = Precision::kDay;
}

void read_time(Reader& in, Temporal& t) {
  t.hour = static_cast<uint8_t>(in.digits(2));
  t.precision = Precision::kHour;
  if (!in.ok || !in.take(':')) return;
  t.minute = static_cast<uint8_t>(in.digits(2));
  t.precision = Precision::kMinute;
  if (!in.ok || !in.take(':')) return;
  t.second = static_cast<uint8_t>(in.digits(2));
  t.precision = Precision::kSecond;
  if (!in.ok || !in.take('.')) return;
  t.millisecond = static_cast<uint16_t>(in.milliseconds());
  t.precision = Precision::kMillisecond;
}

/// "Z", "+hh:mm", "-hh:mm" or nothing. False: minutes above 59 or beyond 14 hours.
bool read_offset(Reader& in, Temporal& t) {
  if (in.take('Z')) {
    t.offset_minutes = 0;
    return true;
  }
  const bool negative = in.take('-');
  if (!negative && !in.take('+')) return true;
  const int hours = in.digits(2);
  if (!in.ok || !in.take(':')) {
    in.ok = false;
    return true;
  }
  const int minutes = in.digits(2);
  const int total = hours * 60 + minutes;
  if (in.ok && (minutes > 59 || total > kMaxOffsetMinutes)) return false;
  t.offset_minutes = static_cast<int16_t>(negative ? -total : total);
  return true;
}

ParsedTemporal finish(const Reader& in, Kind kind, const Temporal& t, bool offset_in_range) {
  if (!in.ok || !in.done()) return {};
  if (!offset_in_range) return {Kind::kNull, {}, TemporalError::kOffset};
  if (const auto error = validate(kind, t); error != TemporalError::kNone) return {Kind::kNull, {}, error};
  return {kind, t, TemporalError::kNone};
}

ParsedTemporal read_time_only(Reader& in, bool offset_accepted) {
  Temporal t;
  read_time(in, t);
  bool in_range = true;
  if (in.ok && offset_accepted) {
    in_range = read_offset(in, t);
    t.offset_minutes = Temporal::kNoOffset;
  }
  return finish(in, Kind::kTime, t, in_range);
}

/// After the 'T' of a date and time: nothing, or a time with or without offset. A time asks for a full date.
ParsedTemporal read_rest_of_date_time(Reader& in, Temporal& t) {
  if (in.done()) return finish(in, Kind::kDateTime, t, true);
  if (t.precision != Precision::kDay) return {};
  read_time(in, t);
  const bool in_range = !in.ok || read_offset(in, t);
  return finish(in, Kind::kDateTime, t, in_range);
}

void append_date(TemporalText& text, const Temporal& t) {
  text.append_number(static_cast<unsigned>(t.year), 4);
  if (t.precision >= Precision::kMonth) text.append('-').append_number(t.month, 2);
  if (t.precision >= Precision::kDay) text.append('-').append_number(t.day, 2);
}

void append_time(TemporalText& text, const Temporal& t) {
  text.append_number(t.hour, 2);
  if (t.precision >= Precision::kMinute) text.append(':').append_number(t.minute, 2);
  if (t.precision >= Precision::kSecond) text.append(':').append_number(t.second, 2);
  if (t.precision >= Precision::kMillisecond) text.append('.').append_number(t.millisecond, 3);
}

void append_offset(TemporalText& text, int offset) {
  if (offset == Temporal::kNoOffset) return;
  const auto minutes = static_cast<unsigned>(offset < 0 ? -offset : offset);
  text.append(offset < 0 ? '-' : '+').append_number(minutes / 60, 2).append(':').append_number(minutes % 60, 2);
}

}  // namespace

TemporalError validate(Kind kind, const Temporal& t) {
  if (kind != Kind::kTime) {
    if (t.year < kMinYear || t.year > kMaxYear) return TemporalError::kYear;
    if (t.month < 1 || t.month > 12) return TemporalError::kMonth;
    if (t.day < 1 || t.day > days_in_month(t.year, t.month)) return TemporalError::kDay;
  }
  if (t.hour > 23) return TemporalError::kHour;
  if (t.minute > 59) return TemporalError::kMinute;
  if (t.second > 59 || t.millisecond > 999) return TemporalError::kSecond;
  const bool offset_in_range = t.offset_minutes == Temporal::kNoOffset ||
                               (t.offset_minutes <= kMaxOffsetMinutes && t.offset_minutes >= -kMaxOffsetMinutes);
  return offset_in_range ? TemporalError::kNone : TemporalError::kOffset;
}

ParsedTemporal parse_temporal_literal(std::string_view text) {
  Reader in(text);
  if (in.take('T')) return read_time_only(in, false);
  Temporal t;
  read_date(in, t);
  if (!in.ok || !in.take('T')) return finish(in, Kind::kDate, t, true);
  return read_rest_of_date_time(in, t);
}

ParsedTemporal parse_temporal(Kind kind, std::string_view text) {
  Reader in(text);
  if (kind == Kind::kTime) {
    in.take('T');
    return read_time_only(in, true);
  }
  Temporal t;
  read_date(in, t);
  if (kind == Kind::kDate || !in.ok || !in.take('T')) return finish(in, kind, t, true);
  return read_rest_of_date_time(in, t);
}

TemporalText to_string(Kind kind, const Temporal& value) {
  TemporalText text;
  if (kind == Kind::kTime) {
    append_time(text, value);
    return text;
  }
  append_date(text, value);
  if (value.precision >= Precision::kHour) {
    text.append('T');
    append_time(text, value);
    append_offset(text, value.offset_minutes);
  }
  return text;
}

TemporalText to_literal(Kind kind, const Temporal& value) {
  TemporalText text;
  if (kind == Kind::kTime) text.append('T');
  text.append(to_string(kind, value).view());
  if (kind == Kind::kDateTime && value.precision < Precision::kHour) text.append('T');
  return text;
}

}  // namespace vigil
