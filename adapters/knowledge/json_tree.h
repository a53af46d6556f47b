// SPDX-License-Identifier: Apache-2.0
// JSON text to a tree of plain nodes that know where they stand; the only part of this room that sees simdjson.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include <vigil/diagnostic.h>

#include "knowledge/text_file.h"

namespace vigil {

/// One JSON value. Lives as long as its tree.
struct JsonNode {
  enum class Kind : uint8_t { kNull, kBoolean, kNumber, kString, kArray, kObject };

  Kind kind = Kind::kNull;
  uint32_t offset = 0;  ///< in the file's text
  uint32_t count = 0;   ///< of children
  const JsonNode* first = nullptr;
  std::string_view key;   ///< as a member of an object
  std::string_view text;  ///< of a string its characters; of numbers and booleans the token as written

  std::span<const JsonNode> children() const { return {first, count}; }
  bool is_object() const { return kind == Kind::kObject; }
  bool is_array() const { return kind == Kind::kArray; }
  /// The member with this key, or null.
  const JsonNode* find(std::string_view member) const;
  /// The text of a string member; empty where there is none.
  std::string_view string(std::string_view member) const;
  /// Whether the member is the boolean `true`.
  bool is_true(std::string_view member) const;
};

/// Owns a parsed text.
class JsonTree {
 public:
  static constexpr uint32_t kDepthLimit = 512;  ///< a level of a nested code system takes two

  ~JsonTree();
  JsonTree(JsonTree&&) noexcept;
  /// An object or an array.
  const JsonNode& root() const;

  /// None, and a diagnostic with the line, where the text is not JSON.
  static std::optional<JsonTree> parse(const TextFile& file, DiagnosticSink& sink);

 private:
  struct Content;
  explicit JsonTree(std::unique_ptr<Content> content);
  std::unique_ptr<Content> content_;
};

/// The elements of a list member; none where it is absent. `tell_other` is told the node where it is something else.
template <class TellOther>
std::span<const JsonNode> list_of(const JsonNode& holder, std::string_view member, TellOther tell_other) {
  const JsonNode* node = holder.find(member);
  if (!node) return {};
  if (node->is_array()) return node->children();
  tell_other(*node);
  return {};
}

/// Says where the node stands that something else was expected than `what`.
Diagnostic unexpected_node(const TextFile& file, const JsonNode& node, std::string_view what,
                           std::string_view expected);

}  // namespace vigil
