// SPDX-License-Identifier: Apache-2.0
// A JSON text checked whole (RFC 8259), and its values by name without a tree: what is asked for is found, the rest
// costs one pass over the tokens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fhir/json_index.h"
#include "fhir/json_text.h"

namespace vigil::hooks {

enum class JsonKind : uint8_t { kNull, kBoolean, kNumber, kString, kArray, kObject };
std::string_view name(JsonKind kind);  ///< "an object", as messages say it

/// One value of a document; a view that lives as long as the document and its text.
class JsonNode {
 public:
  JsonNode() = default;
  JsonNode(const fhir::JsonText* text, uint32_t token) : text_(text), token_(token) {}

  JsonKind kind() const;
  bool is(JsonKind kind) const { return this->kind() == kind; }
  bool is_null() const { return kind() == JsonKind::kNull; }

  /// The member of an object; none where there is none or this is no object.
  std::optional<JsonNode> find(std::string_view key) const;
  /// The text of a string, unescaped; of what is no string, none.
  std::optional<std::string> string() const;
  /// A number that is a whole one of at most 18 digits.
  std::optional<int64_t> integer() const;
  /// Where it stands: the document's tokens, and its own among them. For a node of a document only.
  const fhir::JsonText& text() const { return *text_; }
  uint32_t token() const { return token_; }
  /// The bytes of the value as they stand in the text.
  std::string_view raw() const;

  /// visit(key, node) for each member of an object, visit(index, node) for each element of an array; others have none.
  template <class Visit>
  void for_each_member(Visit visit) const {
    if (!is(JsonKind::kObject)) return;
    text_->for_each_member(token_, [&](std::string_view raw_key, uint32_t value) {
      visit(unescaped(raw_key), JsonNode(text_, value));
      return text_->skip(value);
    });
  }
  template <class Visit>
  void for_each_element(Visit visit) const {
    if (!is(JsonKind::kArray)) return;
    text_->for_each_element(token_, [&](uint32_t index, uint32_t value) {
      visit(index, JsonNode(text_, value));
      return text_->skip(value);
    });
  }

 private:
  static std::string unescaped(std::string_view raw);

  const fhir::JsonText* text_ = nullptr;
  uint32_t token_ = 0;
};

/// Limits of a text; see ServiceLimits.
struct JsonLimits {
  uint32_t max_depth = 64;
};

/// Reads one text after another, keeping its memory. Not thread-safe.
class JsonDocument {
 public:
  /// The text must stay unchanged while nodes are used, and the byte behind it be readable: give a std::string's. A
  /// byte order mark before it is passed over. Returns what is wrong, empty where nothing is: "a comma stands at byte
  /// 17 where a value should".
  std::string read(const std::string& text, const JsonLimits& limits = {});
  JsonNode root() const { return {&text_, 0}; }

 private:
  fhir::JsonIndex index_;
  fhir::JsonText text_;
};

}  // namespace vigil::hooks
