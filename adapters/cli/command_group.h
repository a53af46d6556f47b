// SPDX-License-Identifier: Apache-2.0
// A command that only has commands below it, such as `vigil kb`.
#pragma once

#include <initializer_list>
#include <memory>
#include <vector>

#include "cli/command.h"

namespace vigil::cli {

/// Runs the one of its commands that the command line names.
class CommandGroup : public Command {
 public:
  using Maker = std::unique_ptr<Command> (*)(CLI::App&);
  /// `footer` stands below the list of commands in the help.
  CommandGroup(CLI::App& app, const char* footer, std::initializer_list<Maker> makers);
  int run(const Console& console) override;

 private:
  std::vector<std::unique_ptr<Command>> commands_;
};

}  // namespace vigil::cli
