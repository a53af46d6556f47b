// SPDX-License-Identifier: Apache-2.0
// Compresses by Zstandard (RFC 8878), and tells the formats of the column apart.
#include "decision-log/sealed_text.h"

#include <zstd.h>

#include <memory>

namespace vigil::decision_log {
namespace {

/// What begins a text of format 2. Texts of format 1 begin with the high byte of a size below 2 GB, or with a bracket.
constexpr char kCompressed = '\xF2';
/// More effort makes it no smaller.
constexpr int kLevel = 1;
/// Of its table of places: 16 KB stay in a core's nearest cache, and find as much in texts of this size.
constexpr int kHashLog = 12;
/// No text is larger: a call's body is not.
constexpr unsigned long long kMaxText = 1ull << 31;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

ZSTD_CCtx* make_context() {
  auto* context = ZSTD_createCCtx();
  if (context == nullptr) return nullptr;
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context, ZSTD_c_hashLog, kHashLog);
  return context;
}

std::optional<std::string> compress(std::string_view text) {
  // Made once a thread; `room` too: what a text may take is far more than what it does.
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> context(make_context());
  thread_local std::string room;
  if (context == nullptr) return std::nullopt;
  const size_t most = ZSTD_compressBound(text.size());
  if (room.size() < most) room.resize(most);
  const size_t size = ZSTD_compress2(context.get(), room.data(), room.size(), text.data(), text.size());
  if (ZSTD_isError(size) != 0) return std::nullopt;
  std::string made;
  made.reserve(1 + size);
  made += kCompressed;
  made.append(room, 0, size);
  return made;
}

std::optional<std::string> expand(std::string made) {
  if (!made.starts_with(kCompressed)) return made;
  const auto size = ZSTD_getFrameContentSize(made.data() + 1, made.size() - 1);
  if (size > kMaxText) return std::nullopt;  // both errors are larger numbers
  std::string text(size, '\0');
  const size_t found = ZSTD_decompress(text.data(), text.size(), made.data() + 1, made.size() - 1);
  if (ZSTD_isError(found) != 0 || found != size) return std::nullopt;
  return text;
}

}  // namespace

bool seal_text(std::string_view text, const KeyRing& keys, LogRow& row) {
  const auto compressed = compress(text);
  if (!compressed) return false;
  row.sealed = keys.seal(*compressed, seal_context(row.kind, row.at));
  if (!row.sealed) return false;
  row.key_id = keys.id();
  row.sealed_hash = crypto::sha256(*row.sealed);
  return true;
}

std::optional<std::string> open_text(const LogRow& row, const KeyRing& keys) {
  if (!row.sealed) return std::nullopt;
  auto opened = keys.open(*row.sealed, seal_context(row.kind, row.at), row.key_id);
  return opened ? expand(std::move(*opened)) : std::nullopt;
}

}  // namespace vigil::decision_log
