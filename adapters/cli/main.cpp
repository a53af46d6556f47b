// SPDX-License-Identifier: Apache-2.0
// The `vigil` program.
#include "cli/program.h"

int main(int argument_count, char** arguments) {
  return vigil::cli::run_program(argument_count, arguments, vigil::cli::standard_console());
}
