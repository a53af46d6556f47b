// SPDX-License-Identifier: Apache-2.0
// Numbers known within a range (CQL 1.5, language semantics, Uncertainty): an operator is tried at both ends of each.
#include <algorithm>

#include "differential/oracle/operations.h"

namespace vigil::oracle {
namespace {

bool computes(const std::string& name) {
  for (const std::string start : {"Add", "Subtract", "Multiply", "Negate"})
    for (const std::string type : {"Integer", "Long", "Decimal", "Quantity"})
      if (name == start + type) return true;
  return name == "ConvertIntegerToLong" || name == "ConvertIntegerToDecimal" || name == "ConvertIntegerToQuantity" ||
         name == "ConvertLongToDecimal" || name == "ConvertDecimalToQuantity";
}

bool compares(const std::string& name) {
  return name == "Less" || name == "LessOrEqual" || name == "Greater" || name == "GreaterOrEqual";
}

}  // namespace

Value uncertain(const Value& low, const Value& high) {
  if (low.is_null() || high.is_null()) return {};
  if (low.number == high.number) return low;
  Value v;
  v.kind = Kind::kUncertain;
  v.parts = {low, high};
  return v;
}

Value apply_uncertain(const std::string& name, Operation operation, const Call& c) {
  if (name == "IsNull" || name == "Equivalent") return boolean(false);
  if (name == "Equal") return equal(c[0], c[1], c.now);
  if (!computes(name) && !compares(name)) return {};
  std::vector<Value> results;
  for (size_t corner = 0; corner < (size_t{1} << c.size()); ++corner) {
    std::vector<Value> ends;
    for (size_t i = 0; i < c.size(); ++i)
      ends.push_back(c[i].kind == Kind::kUncertain ? c[i].parts[corner >> i & 1] : c[i]);
    results.push_back(operation({c.module, c.expr, ends, c.now}));
    if (results.back().is_null()) return {};
  }
  if (compares(name)) {
    const bool same =
        std::all_of(results.begin(), results.end(), [&](const Value& v) { return v.boolean == results[0].boolean; });
    return same ? results[0] : Value();
  }
  const auto by_number = [](const Value& a, const Value& b) { return a.number < b.number; };
  return uncertain(*std::min_element(results.begin(), results.end(), by_number),
                   *std::max_element(results.begin(), results.end(), by_number));
}

}  // namespace vigil::oracle
