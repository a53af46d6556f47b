// SPDX-License-Identifier: Apache-2.0
// Any bytes as knowledge: a packed file (its checksum mended, so that its parts are read), XML of value sets, FHIR
// terminology, or value sets in CSV. No crash; what can be packed comes back the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "knowledge/expand_value_sets.h"
#include "knowledge/knowledge_sources.h"
#include "knowledge/packed_knowledge.h"
#include "knowledge/read_svs.h"
#include "knowledge/read_terminology.h"

namespace {

/// With the checksum that the bytes behind it have: FNV-1a, least byte first, behind the mark and the version.
std::string with_checksum(std::string bytes) {
  constexpr size_t kSumBytes = 8;
  const size_t sum_at = vigil::kPackedMagic.size() + 1;
  uint64_t sum = 14695981039346656037ULL;
  for (size_t i = sum_at + kSumBytes; i < bytes.size(); ++i)
    sum = (sum ^ static_cast<unsigned char>(bytes[i])) * 1099511628211ULL;
  for (size_t i = 0; i < kSumBytes && sum_at + i < bytes.size(); ++i)
    bytes[sum_at + i] = static_cast<char>((sum >> (8 * i)) & 0xFF);
  return bytes;
}

vigil::KnowledgeInventory unpack(const std::string& bytes, vigil::DiagnosticSink& sink) {
  vigil::KnowledgeBaseBuilder builder;
  vigil::KnowledgeInventory inventory;
  inventory.sources = vigil::unpack_knowledge(bytes, "fuzzed.vkb", builder, sink);
  inventory.knowledge = builder.build(sink);
  return inventory;
}

void read_packed(std::string_view bytes) {
  vigil::DiagnosticSink sink;
  const auto inventory = unpack(with_checksum(std::string(bytes)), sink);
  if (!sink.all().empty()) return;
  const auto packed = vigil::pack_knowledge(inventory);
  const auto again = unpack(packed, sink);
  if (!sink.all().empty() || vigil::pack_knowledge(again) != packed) std::abort();
}

void read_text(std::string_view bytes) {
  vigil::DiagnosticSink sink;
  vigil::KnowledgeBaseBuilder builder;
  vigil::TerminologySources sources;
  const vigil::TextFile file("fuzzed", std::string(bytes));
  if (bytes.starts_with("<")) {
    vigil::read_svs(file, "terms", builder, sources, sink);
  } else if (bytes.starts_with("{")) {
    const auto tree = vigil::JsonTree::parse(file, sink);
    if (tree.has_value() == sink.has_errors()) std::abort();
    if (tree) vigil::read_fhir_terminology(file, tree->root(), builder, sources, sink);
  } else {
    vigil::read_value_set_csv(file, builder, sources, sink);
  }
  vigil::expand_value_sets(sources, builder, sink);
  builder.build(sink);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.starts_with(vigil::kPackedMagic))
    read_packed(bytes);
  else
    read_text(bytes);
  return 0;
}
