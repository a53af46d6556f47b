// SPDX-License-Identifier: Apache-2.0
#include "evaluation/sort_places.h"

#include <algorithm>
#include <limits>

#include "evaluation/equality.h"
#include "values/temporal.h"

namespace vigil {
namespace {

bool is_date_like(const Value& v) { return v.kind == Kind::kDate || v.kind == Kind::kDateTime; }
bool is_temporal(const Value& v) { return is_date_like(v) || v.kind == Kind::kTime; }

/// All instants that a key can be, without the end; where it is one, and for what is no date or time, the two are the
/// same. Seconds and milliseconds are one decimal (CQL 1.5, "Comparing Dates and Times").
struct Extent {
  int64_t begin = 0;
  int64_t end = 0;
  bool is_exact() const { return begin == end; }
};

Extent extent_of(const Value& key, int default_offset) {
  if (!is_temporal(key)) return {};
  const auto kind = key.kind == Kind::kTime ? Kind::kTime : Kind::kDateTime;  // a Date has the bits of a DateTime
  const auto milliseconds = [&](const Temporal& t) {
    return kind == Kind::kTime ? milliseconds_of_day(t) : to_milliseconds(t, default_offset);
  };
  const auto begin = milliseconds(key.temporal);
  if (key.temporal.precision >= Precision::kSecond) return {begin, begin};
  return {begin, milliseconds(high_boundary(kind, key.temporal, Precision::kMillisecond)) + 1};
}

class Places {
 public:
  Places(const SortedKeys& sorted, std::span<Value> rows) : sorted_(sorted), rows_(rows) {}

  bool any() const { return any_; }

  /// Of the rows from `from` to `to`, whose keys before `item` are the same.
  void flag(size_t from, size_t to, size_t item) {
    if (to - from < 2) return;
    if (!has_order(from, to, item)) return flag_all(from, to);
    const bool falls = sorted_.sort[item].descending;
    const auto rising = [&](size_t number) { return falls ? to - 1 - number : from + number; };
    const auto count = to - from;
    auto end_before = std::numeric_limits<int64_t>::min();
    for (size_t first = 0; first < count;) {
      auto next = first + 1;
      while (next < count && is_same(rising(first), rising(next), item)) ++next;
      const auto extent = extent_at(rising(first), item);
      const bool overlaps =
          end_before > extent.begin || (next < count && extent.end > extent_at(rising(next), item).begin);
      const auto [low, high] = std::minmax({rising(first), rising(next - 1)});
      if (overlaps)
        flag_all(low, high + 1);
      else
        flag_same(low, high + 1, item, extent.is_exact());
      end_before = std::max(end_before, extent.end);
      first = next;
    }
  }

 private:
  /// Rows with the same key: the next key tells. Without one, those of the same instant stay as they came; those of the
  /// same day could be either way round.
  void flag_same(size_t from, size_t to, size_t item, bool is_exact) {
    if (to - from < 2) return;
    if (item + 1 < sorted_.sort.size()) return flag(from, to, item + 1);
    if (!is_exact) flag_all(from, to);
  }

  void flag_all(size_t from, size_t to) {
    for (auto& row : rows_.subspan(from, to - from)) row = row.with_flags(Value::kPlace);
    any_ = true;
  }

  /// Whether all keys are known and can be compared, dates of other precisions aside.
  bool has_order(size_t from, size_t to, size_t item) const {
    for (size_t at = from; at < to; ++at) {
      const auto& key = sorted_.at(at, item);
      if (key.is_null() || key.undetermined() || key.kind == Kind::kUncertain) return false;
      if (at == from) continue;
      const auto& before = sorted_.at(at - 1, item);
      const bool by_time = is_date_like(key) ? is_date_like(before) : is_temporal(key) && key.kind == before.kind;
      if (!by_time && order(before, key, sorted_.default_offset) == Comparison::kUnknown) return false;
    }
    return true;
  }

  bool is_same(size_t a, size_t b, size_t item) const {
    return sort_order(sorted_.at(a, item), sorted_.at(b, item), sorted_.default_offset) == 0;
  }
  Extent extent_at(size_t place, size_t item) const {
    return extent_of(sorted_.at(place, item), sorted_.default_offset);
  }

  const SortedKeys& sorted_;
  std::span<Value> rows_;
  bool any_ = false;
};

}  // namespace

bool flag_uncertain_places(const SortedKeys& sorted, std::span<Value> rows) {
  Places places(sorted, rows);
  places.flag(0, rows.size(), 0);
  return places.any();
}

}  // namespace vigil
