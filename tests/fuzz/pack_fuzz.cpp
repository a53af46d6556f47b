// SPDX-License-Identifier: Apache-2.0
// Any bytes as a rule pack: no crash, and what is read as an archive is written again as it was.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "packs/pack_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::string problem;
  const auto members = vigil::read_archive(bytes, problem);
  if (members.has_value() != problem.empty()) std::abort();
  if (members && vigil::write_archive(*members) != bytes) std::abort();
  vigil::DiagnosticSink sink;
  const auto pack = vigil::open_pack(bytes, "fuzzed", sink);
  if (pack.has_value() == sink.has_errors()) std::abort();
  if (!pack) return 0;
  vigil::check_signature(*pack, {}, sink);
  // Manifests may be laid out in any way, so that only a second writing is stable.
  const auto again = vigil::open_pack(pack->to_bytes(), "again", sink);
  if (!again || again->digest() != pack->digest()) std::abort();
  return 0;
}
