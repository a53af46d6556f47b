// SPDX-License-Identifier: Apache-2.0
// Everything that can be set, as vigil.toml has it, and what holds without one.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <vigil/diagnostic.h>

#include "cds-hooks/activation/pack_settings.h"
#include "cds-hooks/auth/token_authenticator.h"
#include "cds-hooks/fhir-client/fhir_fetcher.h"
#include "cds-hooks/fhir-client/key_fetcher.h"
#include "cds-hooks/protocol/service_set.h"
#include "cds-hooks/service/service_host.h"
#include "cds-hooks/service/service_log.h"

namespace vigil::hooks {

/// The decision log: where, and how.
struct DecisionLogSettings {
  std::string file;      ///< SQLite; where there is neither this nor a database, decisions are not recorded
  std::string database;  ///< PostgreSQL: a connection string
  std::string instance;  ///< whose chain in the database
  decision_log::KeyRing keys;
  decision_log::LogOptions options;
  bool survives_power_loss = true;
};

struct Settings {
  HostOptions host;
  LogOptions log;
  DecisionLogSettings decisions;
  ProtocolOptions protocol;
  std::vector<HookAlias> aliases;
  std::string not_held_place;             ///< where the file has prefetch.not_held
  std::vector<std::string> alias_places;  ///< where the file has each, "vigil.toml:3:1"
  TokenOptions tokens;
  std::optional<bool> requires_tokens;  ///< none: wherever others than this machine can call
  bool allows_plain_http = false;       ///< off loopback too
  FetchOptions fetch;
  std::string ca_file;  ///< for servers that are asked; empty: the machine's
  std::vector<PackSettings> packs = {PackSettings{}};
  ActivationSettings activation;
};

/// Settings without a file.
Settings default_settings();

/// "did you mean `X`?", or nothing.
using Suggester = std::function<std::string(std::string_view name, std::span<const std::string> known)>;

/// Reads a file. Unknown keys, wrong types and values out of range are errors, each with its place; none where there is
/// one. Relative paths in the file are relative to its folder.
std::optional<Settings> read_settings(const std::filesystem::path& file, const Suggester& suggest,
                                      DiagnosticSink& sink);

/// What may not go together: plain HTTP where others can listen, no authentication where others can call, and the like.
/// Fills in what follows from the rest: the public address, whether tokens are required.
bool complete_settings(Settings& settings, DiagnosticSink& sink);

bool is_loopback(std::string_view address);
/// "127.0.0.1:8080", "[::1]:0"; false where the text is none.
bool read_listen(std::string_view text, HttpOptions& http);

}  // namespace vigil::hooks
