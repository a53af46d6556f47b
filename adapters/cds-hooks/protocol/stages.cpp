// SPDX-License-Identifier: Apache-2.0
// Whom a candidate answers.
#include "cds-hooks/protocol/stages.h"

#include <algorithm>

#include "crypto/hashes.h"

namespace vigil::hooks {

std::string_view name(Stage stage) { return stage == Stage::kShadow ? "shadow" : "canary"; }

bool meets_candidate(const TrialTerms& terms, std::string_view salt, std::string_view client, std::string_view whom) {
  if (terms.stage != Stage::kCanary) return false;
  if (!client.empty() && std::ranges::find(terms.clients, client) != terms.clients.end()) return true;
  if (terms.share == 0 || whom.empty()) return false;
  const auto hash = crypto::hmac_sha256(salt, whom);
  uint64_t number = 0;
  for (size_t i = 0; i < sizeof number; ++i) number = number << 8 | hash[i];
  return number % 10'000 < terms.share;
}

}  // namespace vigil::hooks
