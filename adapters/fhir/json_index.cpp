// SPDX-License-Identifier: Apache-2.0
// simdjson's first stage behind a small face.
#include "fhir/json_index.h"

#include <algorithm>

#include <simdjson.h>

namespace vigil::fhir {

struct JsonIndex::Parser {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stages;
  uint32_t no_tokens = 0;
  bool has_tokens = false;
};

JsonIndex::JsonIndex() : parser_(std::make_unique<Parser>()) {}
JsonIndex::~JsonIndex() = default;
JsonIndex::JsonIndex(JsonIndex&&) noexcept = default;

JsonIndex::Status JsonIndex::index(const char* text, size_t size) {
  constexpr size_t kSmallest = size_t{1} << 16;
  constexpr size_t kDepthUnused = 1;  // of the second stage
  parser_->has_tokens = false;
  auto& stages = parser_->stages;
  if (size >= simdjson::SIMDJSON_MAXSIZE_BYTES) return Status::kTooLarge;
  if (stages == nullptr) {
    const simdjson::implementation* implementation = simdjson::get_active_implementation();
    if (implementation->create_dom_parser_implementation(std::max(size, kSmallest), kDepthUnused, stages) !=
        simdjson::SUCCESS)
      return Status::kTooLarge;
  } else if (stages->capacity() < size) {
    const size_t wanted = std::min(std::max(size, 2 * stages->capacity()), size + (size_t{1} << 26));
    if (stages->set_capacity(wanted) != simdjson::SUCCESS) return Status::kTooLarge;
  }
  switch (stages->stage1(reinterpret_cast<const uint8_t*>(text), size, simdjson::stage1_mode::regular)) {
    case simdjson::SUCCESS: break;
    case simdjson::EMPTY: return Status::kEmpty;
    case simdjson::UTF8_ERROR: return Status::kInvalidUtf8;
    case simdjson::UNCLOSED_STRING: return Status::kUnclosedString;
    case simdjson::UNESCAPED_CHARS: return Status::kControlCharacter;
    default: return Status::kTooLarge;
  }
  // simdjson keeps room for three more entries.
  stages->structural_indexes[stages->n_structural_indexes] = static_cast<uint32_t>(size);
  parser_->has_tokens = true;
  return Status::kOk;
}

const uint32_t* JsonIndex::tokens() const {
  return parser_->has_tokens ? parser_->stages->structural_indexes.get() : &parser_->no_tokens;
}

uint32_t JsonIndex::count() const { return parser_->has_tokens ? parser_->stages->n_structural_indexes : 0; }

std::string_view describe(JsonIndex::Status status) {
  switch (status) {
    case JsonIndex::Status::kOk: return "";
    case JsonIndex::Status::kEmpty: return "it is empty";
    case JsonIndex::Status::kInvalidUtf8: return "it is not UTF-8";
    case JsonIndex::Status::kUnclosedString: return "a string is not closed";
    case JsonIndex::Status::kControlCharacter: return "a string holds a control character";
    case JsonIndex::Status::kTooLarge: return "there is not enough memory to read it";
  }
  return "";
}

}  // namespace vigil::fhir
