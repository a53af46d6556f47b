// SPDX-License-Identifier: Apache-2.0
#include "values/arena.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <utility>

#include "vigil/value.h"

using vigil::Arena;

TEST_CASE("an arena hands out aligned, separate memory") {
  Arena arena;
  auto* byte = static_cast<char*>(arena.allocate(1, 1));
  auto* number = arena.make<uint64_t>(7u);
  auto* aligned = arena.allocate(3, 16);
  CHECK(reinterpret_cast<uintptr_t>(number) % alignof(uint64_t) == 0);
  CHECK(reinterpret_cast<uintptr_t>(aligned) % 16 == 0);
  *byte = 'x';
  CHECK(*number == 7);
  CHECK(arena.bytes_used() == 12);
  CHECK(arena.allocate(0) != nullptr);
  CHECK(Arena().allocate(0) != nullptr);
}

TEST_CASE("arrays are value-initialised and texts copied") {
  Arena arena;
  const auto* values = arena.array<vigil::Value>(100);
  for (int i = 0; i < 100; ++i) CHECK(values[i].is_null());
  char text[] = "mg/dL";
  const auto copy = arena.copy(text);
  text[0] = 'k';
  CHECK(copy == "mg/dL");
  CHECK(arena.copy("").empty());
}

TEST_CASE("the steady state takes nothing from the heap") {
  Arena arena;
  const auto fill = [&arena](size_t seed) {
    for (size_t i = 0; i < 2000; ++i) arena.allocate((i * 7919 + seed) % 700 + 1, 8);
    arena.allocate(Arena::kLargestBlock + seed);  // a block of its own
    arena.allocate(100);
  };
  fill(1);
  arena.reset();
  fill(0);
  const size_t reserved = arena.bytes_reserved();
  for (int round = 0; round < 5; ++round) {
    arena.reset();
    CHECK(arena.bytes_used() == 0);
    fill(0);
    CHECK(arena.bytes_reserved() == reserved);
  }
}

TEST_CASE("a large request skips no kept block") {
  Arena arena;
  arena.allocate(Arena::kFirstBlock);      // block 1
  arena.allocate(Arena::kFirstBlock * 3);  // block 2
  arena.reset();
  const size_t reserved = arena.bytes_reserved();
  arena.allocate(Arena::kFirstBlock * 3);  // from block 2, found past block 1
  arena.allocate(8);
  CHECK(arena.bytes_reserved() <= reserved + Arena::kFirstBlock);
}

TEST_CASE("past its limit an arena says so and goes on giving valid memory") {
  Arena arena(1000);
  CHECK(arena.fits(1000));
  CHECK_FALSE(arena.fits(1001));
  arena.allocate(1000);
  CHECK_FALSE(arena.exceeded());
  CHECK(arena.fits(0));
  auto* more = static_cast<char*>(arena.allocate(500));
  more[499] = 1;
  CHECK(arena.exceeded());
  CHECK_FALSE(arena.fits(0));
  arena.reset();
  CHECK_FALSE(arena.exceeded());
}

TEST_CASE("a moved arena takes its memory along") {
  Arena first;
  const auto text = first.copy("kept");
  Arena second = std::move(first);
  CHECK(text == "kept");
  CHECK(second.bytes_used() == 4);
  // A moved arena is usable again, empty: what is tested here.
  first.allocate(8);  // NOLINT(bugprone-use-after-move)
  CHECK(first.bytes_used() == 8);
}
