// SPDX-License-Identifier: Apache-2.0
// Settings or bytes to a pack that may be served: signed by whom the site trusts, tested here, with the site's overlay.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cds-hooks/activation/pack_settings.h"
#include "cds-hooks/protocol/service_set.h"
#include "packs/try_pack.h"

namespace vigil::hooks {

/// Says what is wrong to whoever runs the service.
using Reporter = std::function<void(std::span<const Diagnostic>, const SourceSet&)>;
/// Compiles the rules of a pack's folders; null, and what is wrong reported, where that fails.
using FolderLoader = std::function<std::shared_ptr<const Rulebook>(const PackSettings&)>;

/// What loading needs beside the pack.
struct PackLoading {
  PackTrust trust;
  PackSurroundings surroundings;  ///< where a pack's settings name no knowledge of their own
  FolderLoader load_folders;
  Reporter report;
};

/// A pack that was loaded, or why not.
struct LoadedPack {
  std::shared_ptr<const RulePack> pack;  ///< null: it may not be used
  std::string why;                       ///< the diagnostics as text, as they were reported
  std::string code;                      ///< of the first error; empty where there is none
};

/// The code of the first error; empty where there is none.
std::string first_error(std::span<const Diagnostic> diagnostics);

/// Loads the bytes of a pack for the place that `settings` describe. `check` may refuse it once its signature is found
/// to hold, and before anything of it is compiled.
using PackCheck = std::function<bool(const PackFile&, DiagnosticSink&)>;
LoadedPack load_pack_bytes(std::string_view bytes, const std::string& name, const PackSettings& settings,
                           const PackLoading& loading, const PackCheck& check = {});
/// Loads the rules of folders.
LoadedPack load_pack_folders(const PackSettings& settings, const PackLoading& loading);

}  // namespace vigil::hooks
