// SPDX-License-Identifier: Apache-2.0
// A JSON text checked whole (RFC 8259), and its values by name without a tree: the check notes where each object and
// array ends, so that a value that nobody asks for is passed over in one step.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/json_index.h"
#include "fhir/json_text.h"

namespace vigil::hooks {

enum class JsonKind : uint8_t { kNull, kBoolean, kNumber, kString, kArray, kObject };
std::string_view name(JsonKind kind);  ///< "an object", as messages say it

class JsonDocument;

/// One value of a document; a view that lives as long as the document and its text. A default one is null.
class JsonNode {
 public:
  JsonNode() = default;
  JsonNode(const JsonDocument* document, uint32_t token) : document_(document), token_(token) {}

  JsonKind kind() const;
  bool is(JsonKind kind) const { return this->kind() == kind; }
  bool is_null() const { return kind() == JsonKind::kNull; }
  /// Whether this is the string `text`.
  bool is_text(std::string_view text) const;

  /// The member of an object, the first of several; none where there is none or this is no object.
  std::optional<JsonNode> find(std::string_view key) const;
  /// What find() gives for each of the keys, in one walk. `is_repeated` is set where one of them stands there twice.
  template <size_t kCount>
  std::array<std::optional<JsonNode>, kCount> find_each(const std::array<std::string_view, kCount>& keys,
                                                        bool* is_repeated = nullptr) const;
  /// The text of a string, unescaped; of what is no string, none.
  std::optional<std::string> string() const;
  /// A number that is a whole one of at most 18 digits.
  std::optional<int64_t> integer() const;
  /// Where it stands: the document's tokens, and its own among them. For a node of a document only.
  const fhir::JsonText& text() const;
  uint32_t token() const { return token_; }
  /// The bytes of the value as they stand in the text.
  std::string_view raw() const;

  /// visit(key, node) for each member of an object, visit(index, node) for each element of an array; others have none.
  /// A key is valid during its visit.
  template <class Visit>
  void for_each_member(Visit visit) const;
  template <class Visit>
  void for_each_element(Visit visit) const;

 private:
  const JsonDocument* document_ = nullptr;
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
  JsonNode root() const { return {this, 0}; }

 private:
  friend class JsonNode;
  /// The token behind the value that begins here.
  uint32_t behind(uint32_t token) const { return text_.skip(token); }
  /// A string without its escapes: the bytes in the text where it has none, else a copy in `room`.
  std::string_view plain(std::string_view raw, std::string& room) const;
  /// Whether the bytes of a member's name say `name`.
  bool is_name(std::string_view raw, std::string_view name) const {
    return raw == name || (has_escaped_names_ && is_escaped(raw, name));
  }
  static bool is_escaped(std::string_view raw, std::string_view name);

  fhir::JsonIndex index_;
  fhir::JsonText text_;
  std::vector<uint32_t> ends_;      ///< at the token of an object's or array's beginning: the token behind its end
  std::vector<uint32_t> open_;      ///< room for the check
  bool has_escapes_ = false;        ///< anywhere in the text
  bool has_escaped_names_ = false;  ///< hardly any text has
};

inline JsonKind JsonNode::kind() const {
  if (document_ == nullptr) return JsonKind::kNull;
  switch (document_->text_.at(token_)) {
    case '{': return JsonKind::kObject;
    case '[': return JsonKind::kArray;
    case '"': return JsonKind::kString;
    case 't':
    case 'f': return JsonKind::kBoolean;
    case 'n': return JsonKind::kNull;
    default: return JsonKind::kNumber;
  }
}

template <size_t kCount>
std::array<std::optional<JsonNode>, kCount> JsonNode::find_each(const std::array<std::string_view, kCount>& keys,
                                                                bool* is_repeated) const {
  std::array<std::optional<JsonNode>, kCount> found;
  if (!is(JsonKind::kObject)) return found;
  const auto& text = document_->text_;
  for (uint32_t token = token_ + 1; text.at(token) == '"';) {
    const auto name = text.raw_string(token);
    for (size_t i = 0; i < kCount; ++i) {
      if (!document_->is_name(name, keys[i])) continue;
      if (!found[i])
        found[i] = JsonNode(document_, token + 2);
      else if (is_repeated != nullptr)
        *is_repeated = true;
    }
    token = document_->behind(token + 2);
    if (text.at(token) == ',') ++token;
  }
  return found;
}

template <class Visit>
void JsonNode::for_each_member(Visit visit) const {
  if (!is(JsonKind::kObject)) return;
  const auto& text = document_->text_;
  std::string room;
  for (uint32_t key = token_ + 1; text.at(key) == '"';) {
    const uint32_t value = key + 2;
    visit(document_->plain(text.raw_string(key), room), JsonNode(document_, value));
    key = document_->behind(value);
    if (text.at(key) == ',') ++key;
  }
}

template <class Visit>
void JsonNode::for_each_element(Visit visit) const {
  if (!is(JsonKind::kArray)) return;
  const auto& text = document_->text_;
  uint32_t element = token_ + 1;
  for (uint32_t index = 0; text.at(element) != ']'; ++index) {
    visit(index, JsonNode(document_, element));
    element = document_->behind(element);
    if (text.at(element) == ',') ++element;
  }
}

}  // namespace vigil::hooks
