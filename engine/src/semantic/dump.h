// SPDX-License-Identifier: Apache-2.0
// The typed module as text (`--dump=check`).
#pragma once

#include <string>

#include "semantic/typed_module.h"

namespace vigil::typed {

/// A line a declaration with its type, and its expression as an s-expression with types.
std::string dump(const Module& module);

}  // namespace vigil::typed
