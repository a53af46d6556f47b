// SPDX-License-Identifier: Apache-2.0
// Paths of the command line to the files they mean.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/rulebook.h>

namespace vigil::cli {

/// Files as they are named, and those below folders with one of the extensions, hidden ones apart, sorted within a
/// folder; each once. VGL1202 for what does not exist, VGL1201 for a folder without such a file.
std::vector<std::filesystem::path> find_files(std::span<const std::string> paths,
                                              std::initializer_list<std::string_view> extensions, DiagnosticSink& sink);

/// The text of a rule file; VGL0005 where it cannot be read.
std::optional<RuleText> read_rule_text(const std::filesystem::path& path, DiagnosticSink& sink);

/// The first that exists of: folder/../share/vigil/PLACE (installed), folder/../../../PLACE (build/release/bin), where
/// `folder` is that of the running program.
std::optional<std::filesystem::path> find_beside_program(std::string_view place);

}  // namespace vigil::cli
