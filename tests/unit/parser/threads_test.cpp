// SPDX-License-Identifier: Apache-2.0
// Parsers in several threads share the prediction cache and agree.
#include <doctest/doctest.h>

#include <thread>

#include "unit/parser/parsed.h"

TEST_CASE("Threads that parse at once get what one gets") {
  const std::string text =
      "define A: [X: \"v\"] x where x.a starts 3 days or more before start y and exists x.b return Tuple { c: x.c }\n"
      "define B: case when a between 1 and 2 then { 1, 2 } else expand z per day end\n"
      "define C: 1 +\n"
      "rule \"R\" for ordered [X] x when x.y alert '{x.y} and {z}' if unknown note\n";
  constexpr size_t kThreads = 8;
  std::vector<std::string> results(kThreads);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < kThreads; ++i)
    threads.emplace_back([&, i] {
      for (int k = 0; k < 20; ++k) {
        const auto parsed = vigil::test::parse(text);
        results[i] = parsed.errors() + parsed.dump();
      }
    });
  for (auto& thread : threads) thread.join();
  const auto alone = vigil::test::parse(text);
  for (const auto& result : results) CHECK(result == alone.errors() + alone.dump());
}
