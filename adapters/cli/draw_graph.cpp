// SPDX-License-Identifier: Apache-2.0
// Runs `dot`, its input a temporary file, its output a pipe.
#include "cli/draw_graph.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <memory>

namespace vigil::cli {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 65536> buffer;
  for (ssize_t got = 0; (got = read(descriptor, buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<size_t>(got));
  return text;
}

/// Starts `dot -Tsvg`; an errno value, 0 on success.
int start_dot(int input, int output, pid_t& process) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  std::string program = "dot";
  std::string format = "-Tsvg";
  const std::array<char*, 3> arguments = {program.data(), format.data(), nullptr};
  const int error = posix_spawnp(&process, "dot", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace

std::optional<std::string> draw_svg(const std::string& dot, std::string& problem) {
  const File input(std::tmpfile(), &std::fclose);
  std::array<int, 2> ends{};
  if (input == nullptr || std::fwrite(dot.data(), 1, dot.size(), input.get()) != dot.size() ||
      std::fflush(input.get()) != 0 || pipe(ends.data()) != 0) {
    problem = std::strerror(errno);
    return std::nullopt;
  }
  std::rewind(input.get());
  pid_t process = 0;
  const int error = start_dot(fileno(input.get()), ends[1], process);
  close(ends[1]);
  std::string svg = error == 0 ? read_all(ends[0]) : std::string();
  close(ends[0]);
  int status = 0;
  if (error == 0 && waitpid(process, &status, 0) == process && WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
      !svg.empty())
    return svg;
  problem = error == ENOENT ? "Graphviz's `dot` was not found"
            : error != 0    ? std::strerror(error)
                            : "Graphviz's `dot` failed";
  return std::nullopt;
}

}  // namespace vigil::cli
