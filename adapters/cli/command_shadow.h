// SPDX-License-Identifier: Apache-2.0
// `vigil shadow`: what candidates in shadow would have said.
#pragma once

#include <memory>

#include "cli/command.h"

namespace vigil::cli {

std::unique_ptr<Command> make_shadow_command(CLI::App& program);

}  // namespace vigil::cli
