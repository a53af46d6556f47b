// SPDX-License-Identifier: Apache-2.0
// The grammar of UCUM expressions, as a scanner that hands out the factors of the product; private to this room.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "values/ucum.h"

namespace vigil::ucum {

inline constexpr int kMaxExponent = 99;

/// One factor of an expression. The exponent has the signs of the solidi and parentheses it stands under worked in.
struct Factor {
  std::string_view symbol;  ///< a unit symbol or digits, without exponent and annotation
  int exponent = 1;
  bool is_number = false;
};

/// Reads one expression from left to right:
///
///   main      = ["/"] term
///   term      = component {("." | "/") component}
///   component = "(" term ")" | symbol [exponent] [annotation] | digits [annotation] | annotation
///
/// `next` gives the factors one by one; annotations are passed over, having no meaning in UCUM.
class Scanner {
 public:
  explicit Scanner(std::string_view expression) : rest_(expression), failed_(expression.size() > kMaxLength) {
    if (rest_.empty()) {
      wants_component_ = false;
    } else if (take('/')) {
      sign_ = -1;
    }
  }

  /// The next factor; nullopt at the end or at an error.
  std::optional<Factor> next() {
    while (!failed_ && !(rest_.empty() && !wants_component_)) {
      if (!wants_component_) {
        read_operator();
      } else if (rest_.empty()) {
        failed_ = true;
      } else if (take('(')) {
        open();
      } else if (take('{')) {
        read_annotation();
        wants_component_ = false;
      } else {
        return read_factor();
      }
    }
    failed_ = failed_ || depth_ != 0;
    return std::nullopt;
  }

  bool failed() const { return failed_; }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view take_front(size_t count) {
    const auto front = rest_.substr(0, count);
    rest_.remove_prefix(front.size());
    return front;
  }

  void open() {
    if (depth_ == kMaxDepth) {
      failed_ = true;
      return;
    }
    outer_signs_[depth_++] = outer_;
    outer_ *= sign_;
    sign_ = 1;
  }

  void read_operator() {
    if (take(')')) {
      failed_ = depth_ == 0;
      if (!failed_) outer_ = outer_signs_[--depth_];
    } else if (take('.')) {
      sign_ = 1;
      wants_component_ = true;
    } else if (take('/')) {
      sign_ = -1;
      wants_component_ = true;
    } else {
      failed_ = true;
    }
  }

  void read_annotation() {
    const size_t end = rest_.find('}');
    failed_ = end == std::string_view::npos || rest_.substr(0, end).find('{') != std::string_view::npos;
    if (!failed_) rest_.remove_prefix(end + 1);
  }

  std::optional<Factor> read_factor() {
    Factor factor;
    factor.exponent = sign_ * outer_;
    if (is_digit(rest_.front()) && !rest_.starts_with("10*") && !rest_.starts_with("10^")) {
      factor.is_number = true;
      factor.symbol = take_front(digits_at_front());
    } else {
      factor.symbol = take_front(symbol_at_front());
      factor.exponent *= read_exponent();
    }
    wants_component_ = false;
    if (take('{')) read_annotation();
    failed_ = failed_ || factor.symbol.empty();
    if (failed_) return std::nullopt;
    return factor;
  }

  size_t digits_at_front() const {
    size_t count = 0;
    while (count < rest_.size() && is_digit(rest_[count])) ++count;
    return count;
  }

  /// Up to an operator, exponent, annotation or the end; digits and operators within brackets belong to the symbol.
  size_t symbol_at_front() const {
    if (is_digit(rest_.front())) return 3;  // 10* and 10^
    bool bracketed = false;
    size_t count = 0;
    for (; count < rest_.size(); ++count) {
      const char c = rest_[count];
      if (c == '[') bracketed = true;
      if (c == ']') bracketed = false;
      if (!bracketed && (is_digit(c) || std::string_view("./()+-{}").find(c) != std::string_view::npos)) break;
    }
    return count;
  }

  int read_exponent() {
    const bool negative = take('-');
    const bool signed_exponent = negative || take('+');
    const auto digits = take_front(digits_at_front());
    if (digits.empty()) {
      failed_ = failed_ || signed_exponent;
      return 1;
    }
    int exponent = 0;
    for (const char c : digits) exponent = std::min(exponent * 10 + (c - '0'), kMaxExponent + 1);
    failed_ = failed_ || exponent > kMaxExponent;
    return negative ? -exponent : exponent;
  }

  std::string_view rest_;
  int depth_ = 0;
  int sign_ = 1;   ///< of the next component
  int outer_ = 1;  ///< of the parentheses around it
  std::array<int, kMaxDepth> outer_signs_{};
  bool wants_component_ = true;
  bool failed_;
};

}  // namespace vigil::ucum
