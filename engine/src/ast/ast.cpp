// SPDX-License-Identifier: Apache-2.0
// Names of operators and of qualified names.
#include "ast/ast.h"

namespace vigil::ast {

std::string_view spelling(Operator op) {
  static constexpr std::string_view kSpellings[] = {
#define VIGIL_OPERATOR(name, text) text,
#include "ast/operators.def"
#undef VIGIL_OPERATOR
  };
  return kSpellings[static_cast<size_t>(op)];
}

std::string_view elm_name(Operator op) {
  static constexpr std::string_view kNames[] = {
#define VIGIL_OPERATOR(name, text) #name,
#include "ast/operators.def"
#undef VIGIL_OPERATOR
  };
  return kNames[static_cast<size_t>(op)];
}

std::string join(const std::vector<Name>& parts) {
  std::string joined;
  for (const auto& part : parts) {
    if (!joined.empty()) joined += '.';
    joined += part.text;
  }
  return joined;
}

}  // namespace vigil::ast
