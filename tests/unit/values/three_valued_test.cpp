// SPDX-License-Identifier: Apache-2.0
#include "values/three_valued.h"

#include <doctest/doctest.h>

using namespace vigil;

namespace {
constexpr Truth F = Truth::kFalse, T = Truth::kTrue, N = Truth::kUnknown;

/// A row of the truth tables of CQL 1.5, Appendix B, Logical Operators.
struct Row {
  Truth a, b, both, either, exclusive, implied;
};
constexpr Row kTable[] = {
    {T, T, T, T, F, T}, {T, F, F, T, T, F}, {T, N, N, T, N, N}, {F, T, F, T, T, T}, {F, F, F, F, F, T},
    {F, N, F, N, N, T}, {N, T, N, T, N, T}, {N, F, F, N, N, N}, {N, N, N, N, N, N},
};
}  // namespace

TEST_CASE("and, or, xor, implies: all nine rows") {
  for (const Row& row : kTable) {
    CAPTURE(static_cast<int>(row.a));
    CAPTURE(static_cast<int>(row.b));
    CHECK(logical_and(row.a, row.b) == row.both);
    CHECK(logical_or(row.a, row.b) == row.either);
    CHECK(logical_xor(row.a, row.b) == row.exclusive);
    CHECK(logical_implies(row.a, row.b) == row.implied);
  }
}

TEST_CASE("not") { static_assert(logical_not(T) == F && logical_not(F) == T && logical_not(N) == N); }

TEST_CASE("truths and optionals") {
  static_assert(truth_of(true) == T && truth_of(std::optional<bool>()) == N && truth_of(std::optional(false)) == F);
  static_assert(to_optional(T) == true && !to_optional(N).has_value());
}

TEST_CASE("an undecided comparison is null for every operator") {
  for (const auto test : {is_equal, is_less, is_greater, is_less_or_equal, is_greater_or_equal}) {
    CHECK(test(Comparison::kUnknown) == N);
  }
  CHECK(is_less_or_equal(Comparison::kEqual) == T);
  CHECK(is_less_or_equal(Comparison::kGreater) == F);
  CHECK(is_greater_or_equal(Comparison::kGreater) == T);
  CHECK(is_greater_or_equal(Comparison::kLess) == F);
  CHECK(reverse(Comparison::kLess) == Comparison::kGreater);
  CHECK(reverse(Comparison::kUnknown) == Comparison::kUnknown);
}
