// SPDX-License-Identifier: Apache-2.0
// Aggregates (B.10): over what is not null; of nothing, null.
#include <algorithm>
#include <boost/multiprecision/cpp_bin_float.hpp>

#include "differential/oracle/operations.h"

namespace vigil::oracle {
namespace {

std::vector<Value> present(const Value& elements) {
  std::vector<Value> kept;
  for (const auto& element : elements.parts) {
    if (element.kind == Kind::kUncertain) throw NotCovered("aggregates of uncertain numbers");
    if (!element.is_null()) kept.push_back(element);
  }
  return kept;
}

/// All quantities in the finest of their units; empty where they cannot be.
std::vector<Value> in_one_unit(std::vector<Value> values) {
  if (values.empty() || values[0].kind != Kind::kQuantity) return values;
  std::string unit = values[0].text;
  for (const auto& value : values)
    if (value.text != unit && is_finer_unit(value.text, unit)) unit = value.text;
  for (auto& value : values) {
    const auto converted = convert_unit(value.number, value.text, unit);
    if (!converted) return {};
    value = quantity(divide_rounded(converted->numerator, converted->denominator), unit);
    if (value.is_null()) return {};
  }
  return values;
}

/// A number of the kind, and unit, that `like` has.
Value number_like(const Value& like, const BigInteger& number) {
  if (like.kind == Kind::kQuantity) return quantity(number, like.text);
  return like.kind == Kind::kDecimal ? decimal(number) : whole(like.kind, number);
}

BigInteger total(const std::vector<Value>& values) {
  BigInteger sum = 0;
  for (const auto& value : values) sum += value.number;
  return sum;
}

Value sum(const Call& c) {
  const auto values = in_one_unit(present(c[0]));
  return values.empty() ? Value() : number_like(values[0], total(values));
}

Value average(const Call& c) {
  const auto values = in_one_unit(present(c[0]));
  return values.empty() ? Value() : number_like(values[0], divide_rounded(total(values), values.size()));
}

Value extreme(const Call& c, int wanted) {
  const auto values = present(c[0]);
  if (values.empty()) return {};
  // The first that is certainly no less (or no more) than each other.
  for (const auto& candidate : values) {
    const bool best = std::all_of(values.begin(), values.end(), [&](const Value& other) {
      return &other == &candidate || compare(candidate, other, c.now).value_or(-wanted) != -wanted;
    });
    if (best) return candidate;
  }
  return {};
}

Value median(const Call& c) {
  auto values = present(c[0]);
  for (const auto& value : values)
    if (!compare(values[0], value, c.now)) return {};  // without an order there is no middle
  if (values.empty()) return {};
  std::stable_sort(values.begin(), values.end(),
                   [&](const Value& a, const Value& b) { return compare(a, b, c.now) == -1; });
  const auto middle = values.size() / 2;
  if (values.size() % 2 == 1) return values[middle];
  const auto both = in_one_unit({values[middle - 1], values[middle]});
  return both.empty() ? Value() : number_like(both[0], divide_rounded(both[0].number + both[1].number, 2));
}

Value product(const Call& c) {
  const auto values = present(c[0]);
  if (values.empty()) return {};
  if (values[0].kind == Kind::kQuantity) throw NotCovered("Product of quantities");
  BigInteger result = values[0].kind == Kind::kDecimal ? kDecimalUnit : BigInteger(1);
  for (const auto& value : values) {
    result *= value.number;
    if (value.kind == Kind::kDecimal) result = divide_rounded(result, kDecimalUnit);
    if (number_like(value, result).is_null()) return {};
  }
  return number_like(values[0], result);
}

/// The most frequent value; of equally frequent ones the specification names none, so nor does the oracle.
Value mode(const Call& c) {
  const auto values = present(c[0]);
  std::vector<Value> best;
  size_t most = 0;
  for (const auto& candidate : distinct(values, c.now)) {
    size_t times = 0;
    for (const auto& value : values) {
      if (!same_element(value, candidate, c.now).is_true()) continue;
      if (to_text(value) != to_text(candidate)) throw NotCovered("Mode of equal values written differently");
      ++times;
    }
    if (times == 0) throw NotCovered("Mode of what does not equal itself");
    if (times > most) best.clear();
    if (times >= most) best.push_back(candidate);
    most = std::max(most, times);
  }
  if (best.size() > 1) throw NotCovered("Mode of equally frequent values");
  return best.empty() ? Value() : best[0];
}

using Real = boost::multiprecision::cpp_bin_float_100;

/// The mean of the squared deviations, times kDecimalUnit squared; over n or n - 1.
std::optional<Real> squared_deviation(const std::vector<Value>& values, bool population) {
  if (values.empty() || (!population && values.size() < 2)) return std::nullopt;
  for (const auto& value : values) {
    if (abs(value.number) > 1'000'000 * kDecimalUnit || value.number % 100 != 0)
      throw NotCovered("spread of very large or fine numbers");
  }
  const Real mean = Real(total(values)) / values.size();
  Real result = 0;
  for (const auto& value : values) result += (Real(value.number) - mean) * (Real(value.number) - mean);
  return result / (population ? values.size() : values.size() - 1);
}

Value rounded(const Value& like, const Real& scaled) {
  if (scaled > Real("1e40")) return {};
  return number_like(like, BigInteger(boost::multiprecision::round(scaled)));
}

template <bool population, bool root>
Value spread(const Call& c) {
  const auto given = present(c[0]);
  for (const auto& value : given)
    if (value.text != given[0].text) throw NotCovered("spread of quantities in several units");
  const auto values = in_one_unit(given);
  const auto squared = squared_deviation(values, population);
  if (!squared) return {};
  return rounded(values[0], root ? Real(sqrt(*squared)) : Real(*squared / Real(kDecimalUnit)));
}

Value geometric_mean(const Call& c) {
  const auto values = present(c[0]);
  if (values.empty()) return {};
  Real logarithm = 0;
  for (const auto& value : values) {
    if (value.number < 0) throw NotCovered("GeometricMean of a negative number");
    if (value.number > 1'000'000 * kDecimalUnit) throw NotCovered("GeometricMean of very large numbers");
    if (value.number == 0) return decimal(0);
    logarithm += log(Real(value.number) / Real(kDecimalUnit));
  }
  return rounded(values[0], exp(logarithm / values.size()) * Real(kDecimalUnit));
}

}  // namespace

void add_aggregate(Operations& to) {
  to["Count"] = [](const Call& c) { return whole(Kind::kInteger, present(c[0]).size()); };
  to["Sum"] = sum;
  to["Avg"] = average;
  to["Min"] = [](const Call& c) { return extreme(c, -1); };
  to["Max"] = [](const Call& c) { return extreme(c, 1); };
  to["Median"] = median;
  to["Mode"] = mode;
  to["Product"] = product;
  to["Variance"] = spread<false, false>;
  to["StdDev"] = spread<false, true>;
  to["PopulationVariance"] = spread<true, false>;
  to["PopulationStdDev"] = spread<true, true>;
  to["GeometricMean"] = geometric_mean;
  to["AllTrue"] = [](const Call& c) {
    const auto values = present(c[0]);
    return boolean(std::all_of(values.begin(), values.end(), [](const Value& v) { return v.boolean; }));
  };
  to["AnyTrue"] = [](const Call& c) {
    const auto values = present(c[0]);
    return boolean(std::any_of(values.begin(), values.end(), [](const Value& v) { return v.boolean; }));
  };
}

}  // namespace vigil::oracle
