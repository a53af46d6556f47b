// SPDX-License-Identifier: Apache-2.0
// Unit expressions as lists of symbols with powers, merged and written out again.
#include "values/unit_product.h"

#include <array>

#include "values/ucum_scan.h"
#include "values/ucum_table.h"

namespace vigil {
namespace {

class Product {
 public:
  bool multiply(std::string_view expression, int sign) {
    ucum::Scanner scanner(expression);
    while (const auto factor = scanner.next()) {
      if (!known(*factor) || !multiply_factor(*factor, sign)) return false;
    }
    return !scanner.failed();
  }

  bool write(UnitText& text) const {
    for (size_t i = 0; i < count_; ++i) {
      if (factors_[i].exponent > 0) append(text, factors_[i], text.size() == 0 ? "" : ".");
    }
    for (size_t i = 0; i < count_; ++i) {
      if (factors_[i].exponent < 0) append(text, factors_[i], "/");
    }
    if (text.size() == 0) text.append('1');
    return !text.overflowed();
  }

 private:
  static bool known(const ucum::Factor& factor) {
    if (factor.is_number) return true;
    const auto symbol = ucum::resolve_symbol(factor.symbol);
    return symbol.atom != nullptr && symbol.atom->special == ucum::Special::kNone;
  }

  bool multiply_factor(const ucum::Factor& factor, int sign) {
    if (factor.is_number && factor.symbol == "1") return true;
    size_t i = 0;
    while (i < count_ && factors_[i].symbol != factor.symbol) ++i;
    if (i == factors_.size()) return false;
    if (i == count_) factors_[count_++] = {factor.symbol, 0, factor.is_number};
    factors_[i].exponent += factor.exponent * sign;
    return factors_[i].exponent <= ucum::kMaxExponent && factors_[i].exponent >= -ucum::kMaxExponent;
  }

  static void append(UnitText& text, const ucum::Factor& factor, std::string_view separator) {
    const auto exponent = static_cast<unsigned>(factor.exponent < 0 ? -factor.exponent : factor.exponent);
    if (factor.is_number) {  // a number takes no exponent
      for (unsigned i = 0; i < exponent; ++i) {
        text.append(i > 0 && separator.empty() ? "." : separator).append(factor.symbol);
      }
      return;
    }
    text.append(separator).append(factor.symbol);
    if (exponent > 1) text.append_number(exponent);
  }

  std::array<ucum::Factor, 16> factors_{};
  size_t count_ = 0;
};

}  // namespace

bool join_units(std::string_view a, std::string_view b, bool divide, UnitText& result) {
  Product product;
  return product.multiply(a, 1) && product.multiply(b, divide ? -1 : 1) && product.write(result);
}

}  // namespace vigil
