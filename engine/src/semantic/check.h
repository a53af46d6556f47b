// SPDX-License-Identifier: Apache-2.0
// Ast to typed module: names, types, overloads, conversions.
#pragma once

#include <span>

#include "semantic/typed_module.h"

namespace vigil {

/// Checks libraries that are compiled together. Includes are looked up among `libraries` by name (and version, where
/// the include gives one); FHIRHelpers is built in. Errors go to `sink`; what has an error is left out of the module
/// (Definition::failed, Rule::failed), everything else is complete.
typed::Module check(std::span<const ast::Library> libraries, DiagnosticSink& sink);

}  // namespace vigil
