// SPDX-License-Identifier: Apache-2.0
// Builders of rules and tests. Private to parser/*.cpp.
#pragma once

#include "parser/build_context.h"

namespace vigil::parsing {

ast::Rule build_rule(BuildContext& build, P::Rule_Context* context);
ast::Test build_test(BuildContext& build, P::TestContext* context);

}  // namespace vigil::parsing
