// SPDX-License-Identifier: Apache-2.0
// A release of RxNorm to the drug tables of a Vigil knowledge base.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include <vigil/diagnostic.h>

namespace vigil {

/// What an import found and wrote.
struct RxnormImport {
  bool done = false;
  size_t concepts = 0;
  size_t ingredient_rows = 0;
  size_t strength_rows = 0;
  size_t ndc_rows = 0;
  size_t without_ingredient = 0;  ///< drugs of which no way leads to an ingredient
  size_t broken_lines = 0;
};

/// Reads RXNCONSO.RRF, RXNREL.RRF and, where it is there, RXNSAT.RRF in `release` (the folder or its `rrf`), and writes
/// a knowledge base of names, ingredients, strengths and NDC into `out`, the same bytes for the same release. Of
/// RXNCONSO only rows of RxNorm itself (SAB=RXNORM) are used, which need no licence. Broken lines are told with their
/// number, the rest is loaded. `progress` is called with what is being read. Does not throw.
RxnormImport import_rxnorm(const std::filesystem::path& release, const std::filesystem::path& out,
                           const std::string& version, const std::function<void(std::string_view)>& progress,
                           DiagnosticSink& sink);

}  // namespace vigil
