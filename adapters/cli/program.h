// SPDX-License-Identifier: Apache-2.0
// The whole program as a function of its arguments and streams.
#pragma once

#include "cli/console.h"

namespace vigil::cli {

/// Parses the command line, runs the command it names and returns an ExitCode. Throws nothing.
int run_program(int argument_count, const char* const* arguments, const Console& console);

}  // namespace vigil::cli
