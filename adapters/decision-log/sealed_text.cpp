// SPDX-License-Identifier: Apache-2.0
// Compresses by Zstandard (RFC 8878) with a dictionary, and tells the formats of the column apart.
#include "decision-log/sealed_text.h"

#include <zstd.h>

#include <memory>

#include "decision-log/record_dictionary.h"

namespace vigil::decision_log {
namespace {

/// What begins a text of format 2, whose frame may name a dictionary. Texts of format 1 begin with the high byte of a
/// size below 2 GB, or with a bracket.
constexpr char kCompressed = '\xF2';
/// More effort makes it no smaller.
constexpr int kLevel = 1;
/// No text is larger: a call's body is not.
constexpr unsigned long long kMaxText = 1ull << 31;

struct Free {
  void operator()(ZSTD_CCtx* made) const { ZSTD_freeCCtx(made); }
  void operator()(ZSTD_DCtx* made) const { ZSTD_freeDCtx(made); }
  void operator()(ZSTD_CDict* made) const { ZSTD_freeCDict(made); }
  void operator()(ZSTD_DDict* made) const { ZSTD_freeDDict(made); }
};
template <class T>
using Handle = std::unique_ptr<T, Free>;

const ZSTD_CDict* writing_dictionary() {
  static const auto text = record_dictionary_1();
  static const Handle<ZSTD_CDict> made(ZSTD_createCDict(text.data(), text.size(), kLevel));
  return made.get();
}

/// Null for a number that is none of ours.
const ZSTD_DDict* reading_dictionary(unsigned number) {
  static const auto text = record_dictionary_1();
  static const Handle<ZSTD_DDict> made(ZSTD_createDDict(text.data(), text.size()));
  return number == ZSTD_getDictID_fromDDict(made.get()) ? made.get() : nullptr;
}

ZSTD_CCtx* make_context() {
  auto* context = ZSTD_createCCtx();
  if (context != nullptr && ZSTD_isError(ZSTD_CCtx_refCDict(context, writing_dictionary())) != 0) {
    ZSTD_freeCCtx(context);
    return nullptr;
  }
  return context;
}

std::optional<std::string> compress(std::string_view text) {
  // Made once a thread; `room` too: what a text may take is far more than what it does.
  thread_local const Handle<ZSTD_CCtx> context(make_context());
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
  const auto frame = std::string_view(made).substr(1);
  const auto size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size > kMaxText) return std::nullopt;  // both errors are larger numbers
  const unsigned number = ZSTD_getDictID_fromFrame(frame.data(), frame.size());
  const auto* dictionary = number == 0 ? nullptr : reading_dictionary(number);
  if (number != 0 && dictionary == nullptr) return std::nullopt;
  thread_local const Handle<ZSTD_DCtx> context(ZSTD_createDCtx());
  if (context == nullptr) return std::nullopt;
  std::string text(size, '\0');
  const size_t found =
      ZSTD_decompress_usingDDict(context.get(), text.data(), text.size(), frame.data(), frame.size(), dictionary);
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
