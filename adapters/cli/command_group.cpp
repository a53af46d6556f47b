// SPDX-License-Identifier: Apache-2.0
// Commands below a command.
#include "cli/command_group.h"

#include <CLI/CLI.hpp>

namespace vigil::cli {

CommandGroup::CommandGroup(CLI::App& app, const char* footer, std::initializer_list<Maker> makers) : Command(app) {
  app.footer(footer);
  app.require_subcommand(1);
  for (const auto make : makers) commands_.push_back(make(app));
}

int CommandGroup::run(const Console& console) {
  for (const auto& command : commands_)
    if (command->chosen()) return command->run(console);
  return kWrongUse;  // CLI11 asks for one
}

}  // namespace vigil::cli
