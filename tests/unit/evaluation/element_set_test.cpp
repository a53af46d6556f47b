// SPDX-License-Identifier: Apache-2.0
#include "evaluation/element_set.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "evaluation/equality.h"
#include "values/decimal.h"
#include "values/temporal.h"

using namespace vigil;

namespace {

/// Values of many kinds, some of them the same in another form.
std::vector<Value> mixed_values(std::vector<std::string>& texts, std::vector<Quantity>& quantities) {
  std::vector<Value> values;
  for (int i = 0; i < 30; ++i) {
    values.push_back(Value::of(i % 7));
    values.push_back(Value::of_long(i % 5));
    values.push_back(Value::of(decimal_from_int64(i % 3)));
    texts.push_back(std::to_string(i % 11));
    quantities.push_back({decimal_from_int64(i % 4), "g"});
    quantities.push_back({decimal_from_int64(1000 * (i % 4)), "mg"});
  }
  for (const auto& text : texts) values.push_back(Value::of(std::string_view(text)));
  for (const auto& quantity : quantities) values.push_back(Value::of(&quantity));
  for (const auto* text :
       {"2026-03-01T10:00:00Z", "2026-03-01T12:00:00.000+02:00", "2026-03-01", "2026-03", "2026-03-01T10:00"}) {
    values.push_back(Value::of(Kind::kDateTime, parse_temporal(Kind::kDateTime, text).value));
  }
  values.push_back(Value::null());
  values.push_back(Value::null());
  return values;
}

}  // namespace

TEST_CASE("values that are the same have one hash") {
  std::vector<std::string> texts;
  std::vector<Quantity> quantities;
  const auto values = mixed_values(texts, quantities);
  for (const auto& a : values)
    for (const auto& b : values)
      if (same(a, b, 0)) CHECK(hash_of(a, 0) == hash_of(b, 0));
}

TEST_CASE("a large set finds what going through the elements finds") {
  std::vector<std::string> texts;
  std::vector<Quantity> quantities;
  const auto values = mixed_values(texts, quantities);
  Arena arena;
  ElementSet set(arena, values.size(), 0);
  std::vector<Value> kept;
  for (const auto& value : values) {
    uint32_t plain = ElementSet::kNone;
    for (uint32_t i = 0; i < kept.size() && plain == ElementSet::kNone; ++i)
      if (same(kept[i], value, 0)) plain = i;
    CHECK(set.find(kept, value) == plain);
    if (plain != ElementSet::kNone) continue;
    kept.push_back(value);
    set.add(value);
  }
  CHECK(kept.size() < values.size());
}

TEST_CASE("a million different elements: who compared each with each would not come to an end") {
  Arena arena;
  constexpr int kCount = 1'000'000;
  ElementSet set(arena, kCount, 0);
  std::vector<Value> kept;
  int found = 0;
  for (int i = 0; i < kCount; ++i) {
    const auto value = Value::of(i);
    found += set.find(kept, value) == ElementSet::kNone ? 0 : 1;
    kept.push_back(value);
    set.add(value);
  }
  CHECK(found == 0);
}
