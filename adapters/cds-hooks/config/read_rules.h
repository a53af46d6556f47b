// SPDX-License-Identifier: Apache-2.0
// The part of vigil.toml on rules: packs, whom to trust with them, where they are kept, and whose hooks run them.
#pragma once

#include "cds-hooks/config/toml_section.h"

namespace vigil::hooks {

/// Reads [hooks], [[pack]], [trust] and [activation]; mistakes are reported.
void read_rules(TomlSection& root, Settings& settings);

}  // namespace vigil::hooks
