// SPDX-License-Identifier: Apache-2.0
// Building the tree with simdjson's on-demand parser; strings stay in the parser's buffer.
#include "knowledge/json_tree.h"

#include <algorithm>
#include <memory_resource>
#include <string>
#include <vector>

#include <simdjson.h>

#include <vigil/source.h>

#include "knowledge/knowledge_reader.h"

namespace vigil {

static_assert(TextFile::kPadding >= simdjson::SIMDJSON_PADDING);
static_assert(kKnowledgeFileLimit < UINT32_MAX, "offsets of nodes are of 32 bits");

namespace ondemand = simdjson::ondemand;

struct JsonTree::Content {
  ondemand::parser parser;
  std::pmr::monotonic_buffer_resource memory;
  JsonNode root;
};

namespace {

/// Turns on-demand values into nodes. The children of the containers that are open stand on one stack.
class TreeBuilder {
 public:
  TreeBuilder(const char* text, std::pmr::memory_resource& memory) : text_(text), memory_(memory) {}

  simdjson::error_code build(ondemand::value value, std::string_view key, JsonNode& node);
  bool too_deep() const { return too_deep_; }

 private:
  simdjson::error_code build_array(ondemand::value& value, JsonNode& node);
  simdjson::error_code build_object(ondemand::value& value, JsonNode& node);
  simdjson::error_code add_child(ondemand::value value, std::string_view key);
  void close(size_t first_child, JsonNode& node);

  const char* text_;
  std::pmr::memory_resource& memory_;
  std::vector<JsonNode> open_;
  uint32_t depth_ = 0;
  bool too_deep_ = false;
};

simdjson::error_code TreeBuilder::build(ondemand::value value, std::string_view key, JsonNode& node) {
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  std::string_view token = value.raw_json_token();
  node.key = key;
  node.offset = static_cast<uint32_t>(token.data() - text_);
  node.text = trim(token);
  switch (type) {
    case ondemand::json_type::array: node.kind = JsonNode::Kind::kArray; return build_array(value, node);
    case ondemand::json_type::object: node.kind = JsonNode::Kind::kObject; return build_object(value, node);
    case ondemand::json_type::string: node.kind = JsonNode::Kind::kString; return value.get_string().get(node.text);
    case ondemand::json_type::number: {
      double ignored = 0;
      node.kind = JsonNode::Kind::kNumber;
      return value.get_double().get(ignored);  // checks the token; what it means is for the column to say
    }
    case ondemand::json_type::boolean: {
      bool ignored = false;
      node.kind = JsonNode::Kind::kBoolean;
      return value.get_bool().get(ignored);
    }
    case ondemand::json_type::null: {
      node.kind = JsonNode::Kind::kNull;
      return node.text == "null" ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
    }
  }
  return simdjson::TAPE_ERROR;
}

simdjson::error_code TreeBuilder::add_child(ondemand::value value, std::string_view key) {
  JsonNode child;
  if (depth_ >= JsonTree::kDepthLimit) {
    too_deep_ = true;
    return simdjson::DEPTH_ERROR;
  }
  ++depth_;
  const auto error = build(value, key, child);
  --depth_;
  open_.push_back(child);
  return error;
}

void TreeBuilder::close(size_t first_child, JsonNode& node) {
  node.count = static_cast<uint32_t>(open_.size() - first_child);
  auto* children = static_cast<JsonNode*>(memory_.allocate(node.count * sizeof(JsonNode), alignof(JsonNode)));
  std::uninitialized_copy(open_.begin() + static_cast<ptrdiff_t>(first_child), open_.end(), children);
  open_.resize(first_child);
  node.first = children;
}

simdjson::error_code TreeBuilder::build_array(ondemand::value& value, JsonNode& node) {
  ondemand::array array;
  if (const auto error = value.get_array().get(array)) return error;
  const size_t first_child = open_.size();
  for (auto element : array) {
    ondemand::value child;
    if (const auto error = element.get(child)) return error;
    if (const auto error = add_child(child, {})) return error;
  }
  close(first_child, node);
  return simdjson::SUCCESS;
}

simdjson::error_code TreeBuilder::build_object(ondemand::value& value, JsonNode& node) {
  ondemand::object object;
  if (const auto error = value.get_object().get(object)) return error;
  const size_t first_child = open_.size();
  for (auto member : object) {
    ondemand::field field;
    if (const auto error = std::move(member).get(field)) return error;
    std::string_view key;
    if (const auto error = field.unescaped_key().get(key)) return error;
    if (const auto error = add_child(field.value(), key)) return error;
  }
  close(first_child, node);
  return simdjson::SUCCESS;
}

/// Where parsing stopped, as well as the parser knows.
size_t error_offset(const TextFile& file, simdjson::error_code error, ondemand::document& document) {
  if (error == simdjson::UTF8_ERROR) return find_invalid_utf8(file.text());
  const char* at = nullptr;
  if (document.current_location().get(at) != simdjson::SUCCESS) return file.text().size();
  return static_cast<size_t>(at - file.text().data());
}

}  // namespace

const JsonNode* JsonNode::find(std::string_view member) const {
  if (!is_object()) return nullptr;
  const auto at = std::ranges::find(children(), member, &JsonNode::key);
  return at == children().end() ? nullptr : &*at;
}

std::string_view JsonNode::string(std::string_view member) const {
  const JsonNode* node = find(member);
  return node && node->kind == Kind::kString ? node->text : std::string_view{};
}

bool JsonNode::is_true(std::string_view member) const {
  const JsonNode* node = find(member);
  return node && node->kind == Kind::kBoolean && node->text == "true";
}

Diagnostic unexpected_node(const TextFile& file, const JsonNode& node, std::string_view what,
                           std::string_view expected) {
  return data_diagnostic("VGL1108", file.place_of(node.offset), {excerpt(what), expected});
}

JsonTree::JsonTree(std::unique_ptr<Content> content) : content_(std::move(content)) {}
JsonTree::~JsonTree() = default;
JsonTree::JsonTree(JsonTree&&) noexcept = default;
const JsonNode& JsonTree::root() const { return content_->root; }

std::optional<JsonTree> JsonTree::parse(const TextFile& file, DiagnosticSink& sink) {
  auto content = std::make_unique<Content>();
  TreeBuilder builder(file.text().data(), content->memory);
  ondemand::document document;
  ondemand::value root;
  const simdjson::padded_string_view padded(file.text().data(), file.text().size(), file.capacity());
  auto error = content->parser.iterate(padded).get(document);
  const bool indexed = !error;
  if (!error) error = document.get_value().get(root);
  if (!error) error = builder.build(root, {}, content->root);
  if (const char* rest = nullptr; !error && document.current_location().get(rest) == simdjson::SUCCESS)
    error = simdjson::TRAILING_CONTENT;
  if (!error) return JsonTree(std::move(content));

  if (builder.too_deep()) {
    sink.add(data_diagnostic("VGL1013", file.name(), {std::to_string(kDepthLimit)}));
    return std::nullopt;
  }
  const size_t offset =
      indexed || error == simdjson::UTF8_ERROR ? error_offset(file, error, document) : file.text().size();
  const std::string_view why = error == simdjson::UTF8_ERROR ? "it is not valid UTF-8" : "it is not valid JSON";
  sink.add(data_diagnostic("VGL1101", file.place_of(offset), {file.name(), why}));
  return std::nullopt;
}

}  // namespace vigil
