// SPDX-License-Identifier: Apache-2.0
// The commands below `vigil pack`, and what they share.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/write_whole.h"
#include "packs/pack_file.h"
#include "packs/try_pack.h"

namespace vigil::cli {

/// `vigil pack` itself.
std::unique_ptr<Command> make_pack_command(CLI::App& program);
std::unique_ptr<Command> make_pack_build_command(CLI::App& pack);
std::unique_ptr<Command> make_pack_keygen_command(CLI::App& pack);
std::unique_ptr<Command> make_pack_sign_command(CLI::App& pack);
std::unique_ptr<Command> make_pack_verify_command(CLI::App& pack);
std::unique_ptr<Command> make_pack_show_command(CLI::App& pack);

std::unique_ptr<Command> make_pack_activate_command(CLI::App& pack);
std::unique_ptr<Command> make_pack_stage_command(CLI::App& pack);
std::unique_ptr<Command> make_pack_withdraw_command(CLI::App& pack);
std::unique_ptr<Command> make_pack_rollback_command(CLI::App& pack);
std::unique_ptr<Command> make_pack_status_command(CLI::App& pack);

/// The knowledge of the options, or the default one, as packs are tried against it.
PackSurroundings surroundings_of(const KnowledgeOptions& options);

/// The public keys of PEM files; VGL1244.
std::vector<PublicKey> read_public_keys(const std::vector<std::string>& files, DiagnosticSink& sink);

/// What trying a pack told: diagnostics of its rules, and its failed tests.
void report_trial(const Console& console, const TriedPack& tried);

}  // namespace vigil::cli
