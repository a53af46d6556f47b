// SPDX-License-Identifier: Apache-2.0
// Statistics of lists (CQL 1.5, B.11 Aggregate Functions). Nulls are left out; of no elements at all the result is
// null.
#include <algorithm>
#include <cmath>

#include "evaluation/equality.h"
#include "evaluation/numbers.h"
#include "evaluation/results.h"

namespace vigil {
namespace {

/// The numbers of a list of Decimals, or of Quantities in the unit of the first.
struct Numbers {
  std::vector<Decimal> values;
  std::string_view unit;
  bool of_quantities = false;
  bool commensurable = true;
};

Numbers numbers_of(const Value& list) {
  Numbers numbers;
  if (list.is_null()) return numbers;
  for (const auto& element : list) {
    if (element.is_null()) continue;
    if (element.kind == Kind::kUncertain) {
      numbers.commensurable = false;
      continue;
    }
    if (element.kind != Kind::kQuantity) {
      numbers.values.push_back(as_decimal(element));
      continue;
    }
    if (numbers.values.empty()) numbers.unit = element.quantity->unit;
    numbers.of_quantities = true;
    const auto converted = convert_to(*element.quantity, numbers.unit);
    numbers.commensurable = numbers.commensurable && converted;
    numbers.values.push_back(converted.value_or(Decimal{}));
  }
  return numbers;
}

/// Mean of the squared distances from the mean: over n, or over n - 1 for a sample.
std::optional<long double> variance(const std::vector<Decimal>& values, bool of_sample) {
  const auto count = static_cast<int64_t>(values.size());
  if (count == 0 || (of_sample && count == 1)) return std::nullopt;
  long double mean = 0;
  for (const auto value : values) mean += to_long_double(value) / static_cast<long double>(count);
  long double squares = 0;
  for (const auto value : values) squares += std::pow(to_long_double(value) - mean, 2.0L);
  return squares / static_cast<long double>(of_sample ? count - 1 : count);
}

/// A variance has the square of the elements' unit.
Value variance_of(Run& run, const Value& list, bool of_sample) {
  const auto numbers = numbers_of(list);
  const auto exact = numbers.commensurable ? variance(numbers.values, of_sample) : std::nullopt;
  const auto result = exact ? decimal_from(*exact) : std::nullopt;
  if (!result || !numbers.of_quantities) return value_of(result);
  const auto squared = mul(Quantity{kOneDecimal, numbers.unit}, Quantity{kOneDecimal, numbers.unit});
  return squared ? make_quantity(run, *result, run.arena().copy(squared->unit.view())) : Value::null();
}

Value deviation_of(Run& run, const Value& list, bool of_sample) {
  const auto numbers = numbers_of(list);
  const auto squared = numbers.commensurable ? variance(numbers.values, of_sample) : std::nullopt;
  // The root is of the variance before it is rounded.
  const auto result = squared ? decimal_from(std::sqrt(*squared)) : std::nullopt;
  if (!result || !numbers.of_quantities) return value_of(result);
  return make_quantity(run, *result, numbers.unit);
}

Value multiply_values(Run& run, const Value& a, const Value& b) {
  const Value operands[] = {a, b};
  const Call call{operands, 2, 0, 0, {}, {}};
  switch (a.kind) {
    case Kind::kInteger: return op_MultiplyInteger(run, call);
    case Kind::kLong: return op_MultiplyLong(run, call);
    case Kind::kDecimal: return op_MultiplyDecimal(run, call);
    case Kind::kQuantity: return op_MultiplyQuantity(run, call);
    default: return Value::null();
  }
}

}  // namespace

/// CQL 1.5, B.11 Product.
Value op_Product(Run& run, const Call& call) {
  Value product;
  if (call[0].is_null()) return product;
  bool first = true;
  for (const auto& element : call[0]) {
    if (element.is_null()) continue;
    product = first ? element : multiply_values(run, product, element);
    first = false;
    if (product.is_null()) break;
  }
  product.fhir_type = 0;
  product.flags = 0;
  return product;
}

/// CQL 1.5, B.11 GeometricMean: the n-th root of the product of n elements.
Value op_GeometricMean(Run&, const Call& call) {
  const auto numbers = numbers_of(call[0]);
  const auto& values = numbers.values;
  if (values.empty() || !numbers.commensurable) return Value::null();
  long double product = 1;
  for (const auto value : values) product *= to_long_double(value);
  const auto count = static_cast<long double>(values.size());
  if (product < 0 && values.size() % 2 == 0) return Value::null();
  const auto root = product < 0 ? -std::pow(-product, 1.0L / count) : std::pow(product, 1.0L / count);
  return value_of(decimal_from(root));
}

/// CQL 1.5, B.11 Mode: the most frequent element; of several, the least.
Value op_Mode(Run& run, const Call& call) {
  if (call[0].is_null()) return Value::null();
  const auto offset = run.default_offset();
  // Each with each: equal elements need not stand together in any order (codes, tuples, partial dates).
  Value mode;
  std::ptrdiff_t most = 0;
  for (const auto& candidate : call[0]) {
    if (candidate.is_null()) continue;
    const auto times = std::max<std::ptrdiff_t>(
        1, std::count_if(call[0].begin(), call[0].end(),
                         [&](const Value& other) { return !other.is_null() && same(candidate, other, offset); }));
    if (times < most || (times == most && sort_order(candidate, mode, offset) >= 0)) continue;
    most = times;
    mode = candidate;
  }
  mode.flags = 0;
  return mode;
}

/// CQL 1.5, B.11 Variance, of a sample.
Value op_Variance(Run& run, const Call& call) { return variance_of(run, call[0], true); }

/// CQL 1.5, B.11 StdDev, of a sample.
Value op_StdDev(Run& run, const Call& call) { return deviation_of(run, call[0], true); }

/// CQL 1.5, B.11 PopulationVariance.
Value op_PopulationVariance(Run& run, const Call& call) { return variance_of(run, call[0], false); }

/// CQL 1.5, B.11 PopulationStdDev.
Value op_PopulationStdDev(Run& run, const Call& call) { return deviation_of(run, call[0], false); }

}  // namespace vigil
