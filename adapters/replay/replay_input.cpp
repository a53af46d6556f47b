// SPDX-License-Identifier: Apache-2.0
// The id of a run.
#include "replay/replay_input.h"

#include "crypto/hashes.h"

namespace vigil::replay {

std::string ReplayInput::run_id() const {
  constexpr std::string_view kFormat = "vigil replay 3";
  std::string text(kFormat);
  const auto add = [&](std::string_view part) { text.append("\n").append(part); };
  add(engine_version);
  add(std::to_string(rulebook->digest()));
  add(std::to_string(rulebook->knowledge().digest()));
  add(store->digest());
  add(name(options.mode));
  if (options.site_offset != 0) add("site " + std::to_string(options.site_offset));
  add(options.leakage ? "leakage" : "");
  add(options.all_rows ? "all-rows" : "");
  add(options.writes_rows ? "" : "counts");
  add(outside_digest);
  add(pseudonyms.of("key", ""));
  return crypto::to_hex(crypto::sha256(text));
}

}  // namespace vigil::replay
