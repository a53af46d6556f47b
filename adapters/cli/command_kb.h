// SPDX-License-Identifier: Apache-2.0
// The commands below `vigil kb`, and how they find and read the knowledge base.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/command.h"
#include "knowledge/knowledge_sources.h"

namespace vigil::cli {

std::unique_ptr<Command> make_kb_info_command(CLI::App& kb);
std::unique_ptr<Command> make_kb_lookup_command(CLI::App& kb);
std::unique_ptr<Command> make_kb_check_command(CLI::App& kb);
std::unique_ptr<Command> make_kb_build_command(CLI::App& kb);
std::unique_ptr<Command> make_kb_diff_command(CLI::App& kb);
std::unique_ptr<Command> make_kb_import_command(CLI::App& kb);

/// `path`, else $VIGIL_KNOWLEDGE, else the knowledge base beside the program; what is wrong with its files goes to
/// `sink`. None, and an error, where there is nothing to read.
std::optional<KnowledgeInventory> read_knowledge_base(const std::string& path, DiagnosticSink& sink);

}  // namespace vigil::cli
