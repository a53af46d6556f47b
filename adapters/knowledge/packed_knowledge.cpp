// SPDX-License-Identifier: Apache-2.0
// The file around the content: magic, version of the layout, checksum.
#include "knowledge/packed_knowledge.h"

#include <vigil/fnv1a.h>

#include "knowledge/byte_stream.h"
#include "knowledge/packed_content.h"

namespace vigil {
namespace {

constexpr uint64_t kPackedVersion = 2;  ///< raise when the layout changes
constexpr size_t kChecksumBytes = 8;

}  // namespace

std::string pack_knowledge(const KnowledgeInventory& inventory) {
  const std::string body = pack_content(inventory);
  std::string file(kPackedMagic);
  ByteWriter(file).number(kPackedVersion);
  const uint64_t checksum = fnv1a(body);
  for (size_t i = 0; i < kChecksumBytes; ++i) file += static_cast<char>((checksum >> (8 * i)) & 0xFF);
  return file + body;
}

KnowledgeSources unpack_knowledge(std::string_view bytes, std::string_view file_name, KnowledgeBaseBuilder& builder,
                                  DiagnosticSink& sink) {
  const auto refuse = [&](std::string_view why) {
    sink.add(data_diagnostic("VGL1101", std::string(file_name), {file_name, why}));
    return KnowledgeSources{};
  };
  constexpr size_t kHeader = kPackedMagic.size() + 1 + kChecksumBytes;
  if (!bytes.starts_with(kPackedMagic) || bytes.size() < kHeader) return refuse("it is no packed knowledge base");
  const auto version = static_cast<unsigned char>(bytes[kPackedMagic.size()]);
  if (version != kPackedVersion)
    return refuse("it has the layout version " + std::to_string(version) + ", and this program reads " +
                  std::to_string(kPackedVersion));
  uint64_t checksum = 0;
  for (size_t i = 0; i < kChecksumBytes; ++i)
    checksum |= uint64_t{static_cast<unsigned char>(bytes[kPackedMagic.size() + 1 + i])} << (8 * i);
  const auto body = bytes.substr(kHeader);
  if (fnv1a(body) != checksum) return refuse("it was damaged: the checksum differs");
  auto sources = unpack_content(body, file_name, builder, sink);
  return sources ? std::move(*sources) : refuse("its parts do not fit together");
}

}  // namespace vigil
