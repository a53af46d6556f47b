// SPDX-License-Identifier: Apache-2.0
// Compresses by Zstandard (RFC 8878), and tells the formats of the column apart.
#include "decision-log/sealed_text.h"

#include <zstd.h>

#include <memory>

namespace vigil::decision_log {
namespace {

/// What begins a text of format 2. Texts of format 1 begin with the high byte of a size below 2 GB, or with a bracket.
constexpr char kCompressed = '\xF2';
/// 15 KB take 35 us; more effort makes it no smaller.
constexpr int kLevel = 1;
/// No text is larger: a call's body is not.
constexpr unsigned long long kMaxText = 1ull << 31;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

std::optional<std::string> compress(std::string_view text) {
  // Its tables are larger than most texts: made once a thread.
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
  if (context == nullptr) return std::nullopt;
  std::string made(1 + ZSTD_compressBound(text.size()), kCompressed);
  const size_t size =
      ZSTD_compressCCtx(context.get(), made.data() + 1, made.size() - 1, text.data(), text.size(), kLevel);
  if (ZSTD_isError(size) != 0) return std::nullopt;
  made.resize(1 + size);
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
  row.sealed_hash = sha256(*row.sealed);
  return true;
}

std::optional<std::string> open_text(const LogRow& row, const KeyRing& keys) {
  if (!row.sealed) return std::nullopt;
  auto opened = keys.open(*row.sealed, seal_context(row.kind, row.at), row.key_id);
  return opened ? expand(std::move(*opened)) : std::nullopt;
}

}  // namespace vigil::decision_log
