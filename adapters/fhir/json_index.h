// SPDX-License-Identifier: Apache-2.0
// Where the tokens of a JSON text begin, found by simdjson; the only file of this adapter that knows simdjson.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace vigil::fhir {

/// Finds tokens with simdjson's first stage, which goes over all bytes at once: it checks UTF-8, tells strings from
/// structure and lists where each token begins. What the tokens say is for the caller, who thus reads only what is
/// planned (json_text.h). Memory is kept for the next text and never shrinks. Not thread-safe.
class JsonIndex {
 public:
  enum class Status : uint8_t { kOk, kEmpty, kInvalidUtf8, kUnclosedString, kControlCharacter, kTooLarge };

  JsonIndex();
  ~JsonIndex();
  JsonIndex(JsonIndex&&) noexcept;

  /// Reads `size` bytes and none behind them. After anything but kOk there are no tokens.
  Status index(const char* text, size_t size);
  /// The offset of the first byte of each token: brackets, braces, colons, commas, opening quotes, numbers, words. One
  /// entry more than count(): the last is `size`.
  const uint32_t* tokens() const;
  uint32_t count() const;

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

/// What is wrong with a text: "a string is not closed"; empty where nothing is.
std::string_view describe(JsonIndex::Status status);

}  // namespace vigil::fhir
