// SPDX-License-Identifier: Apache-2.0
// Reads the body of a call: members of the call, then the context by the hook's table.
#include "cds-hooks/protocol/hook_call.h"

#include <algorithm>
#include <array>

#include "cds-hooks/protocol/repeated_names.h"

namespace vigil::hooks {
namespace {

bool is_id_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool is_uuid(std::string_view text) {
  if (text.starts_with("urn:uuid:")) text.remove_prefix(9);
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if ((i == 8 || i == 13 || i == 18 || i == 23) ? c != '-' : !is_hex) return false;
  }
  return true;
}

/// Ids of FHIR are of [A-Za-z0-9.-]; what clients send holds other characters now and then. None may hold a slash, or
/// what would lead a URL astray.
bool is_bare_id(std::string_view text) {
  return !text.empty() && text.size() <= 256 && text != "." && text != ".." && std::ranges::none_of(text, [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '/' || c == '\\' || c == '?' || c == '#' || c == '&' ||
           c == '%' || c == '"' || c == '<' || c == '>' || c == 0x7F;
  });
}

class CallReader {
 public:
  CallReader(std::string_view hook, const CallOptions& options, HookCall& call)
      : hook_(hook), options_(options), call_(call) {}

  std::vector<Problem> read(const JsonNode& root) {
    if (!root.is(JsonKind::kObject)) {
      add("", "the body is " + std::string(name(root.kind())), "send a JSON object", "structure");
      return std::move(problems_);
    }
    refuse_repeated_names(root);
    // A resource takes more tokens than four: where even so there cannot be too many, they are not counted.
    counts_ = root.text().count() / 4 > options_.max_entries;
    read_hook(root);
    read_instance(root);
    if (const auto context = root.find("context"); context && context->is(JsonKind::kObject))
      read_context(*context);
    else
      add_wrong_type("context", context, "an object with the fields of " + std::string(hook_));
    if (const auto prefetch = root.find("prefetch"); prefetch && !prefetch->is_null()) read_prefetch(*prefetch);
    read_fhir_access(root);
    if (const auto extension = root.find("extension")) read_extension(*extension);
    if (resources_ > options_.max_entries)
      add("", "there are more than " + std::to_string(options_.max_entries) + " resources", "send fewer", "too-costly");
    return std::move(problems_);
  }

 private:
  void add(std::string path, std::string message, std::string remedy, std::string type) {
    problems_.push_back({std::move(path), std::move(message), std::move(remedy), std::move(type)});
  }
  void add_wrong_type(std::string path, const std::optional<JsonNode>& node, const std::string& wanted) {
    if (!node)
      add(std::move(path), "is missing", "give " + wanted, "required");
    else
      add(std::move(path), "is " + std::string(name(node->kind())), "give " + wanted, "structure");
  }

  /// In what the call itself says. In the data of its prefetch they are for PatientData, of which the rest can be used.
  void refuse_repeated_names(const JsonNode& root) {
    auto repeated = find_repeated_name(root, "");
    for (const char* part : {"context", "fhirAuthorization", "extension"})
      if (const auto node = root.find(part); node && !repeated) repeated = find_repeated_name_within(*node, part);
    if (const auto prefetch = root.find("prefetch"); prefetch && !repeated)
      repeated = find_repeated_name(*prefetch, "prefetch");
    if (repeated) add(std::move(*repeated), "stands twice in one object", "send each name once", "structure");
  }

  void read_hook(const JsonNode& root) {
    const auto node = root.find("hook");
    const auto hook = node ? node->string() : std::nullopt;
    if (!hook) return add_wrong_type("hook", node, "the hook's name as a string");
    if (*hook != hook_)
      add("hook", "is not the hook of this service", "call a service of the hook, or send `" + std::string(hook_) + "`",
          "value");
    call_.hook = hook_;
  }

  void read_instance(const JsonNode& root) {
    const auto node = root.find("hookInstance");
    const auto instance = node ? node->string() : std::nullopt;
    if (!instance || instance->empty()) return add_wrong_type("hookInstance", node, "a UUID as a string");
    if (options_.strict && !is_uuid(*instance)) add("hookInstance", "is no UUID", "give a UUID", "value");
    call_.hook_instance = PatientText(*instance);
  }

  void read_context(const JsonNode& context) {
    const auto& table = hook_context(hook_);
    for (const auto& field : table.fields) {
      auto node = context.find(field.name);
      if (!node && !field.alias.empty()) node = context.find(field.alias);
      if (node && node->is_null()) node.reset();
      if (!node) {
        if (is_demanded(field)) add_wrong_type("context." + std::string(field.name), node, wanted(field));
        continue;
      }
      read_field(field, *node);
    }
    // What the table does not name: resources join the record, primitives may be named by prefetch templates.
    context.for_each_member([&](std::string_view key, const JsonNode& node) {
      if (node.is(JsonKind::kString)) add_token(std::string(key), *node.string());
      if (find_field(table, key) != nullptr) return;
      if (key == "prefetch" && node.is(JsonKind::kObject)) return read_prefetch(node);
      take_resources(FieldRole::kRecord, node);
    });
  }

  bool is_demanded(const ContextField& field) const {
    if (!field.required) return false;
    if (options_.strict) return true;
    // Missing in a fifth of the requests published, and nothing is lost but the joining of later feedback to its user;
    // selections came with version 1.0.2 of order-select.
    return field.name != "userId" && field.role != FieldRole::kSelections && field.name != "performer";
  }

  static std::string wanted(const ContextField& field) {
    switch (field.shape) {
      case FieldShape::kUser: return "a user as `Practitioner/id`";
      case FieldShape::kId: return "an id without type";
      case FieldShape::kReference: return "a reference as `Type/id`";
      case FieldShape::kReferences: return "an array of references as `Type/id`";
      case FieldShape::kResources: return "a Bundle of resources, or a resource";
    }
    return {};
  }

  void read_field(const ContextField& field, const JsonNode& node) {
    const std::string path = "context." + std::string(field.name);
    switch (field.shape) {
      case FieldShape::kUser:
      case FieldShape::kId:
      case FieldShape::kReference: {
        const auto text = node.string();
        if (!text) return add_wrong_type(path, node, wanted(field));
        return read_name(field, path, *text);
      }
      case FieldShape::kReferences: return read_references(field, path, node);
      case FieldShape::kResources:
        if (!node.is(JsonKind::kObject) && !node.is(JsonKind::kArray)) return add_wrong_type(path, node, wanted(field));
        if (!take_resources(field.role, node) && node.is(JsonKind::kArray))
          return add(path, "holds no FHIR resource", "give " + wanted(field), "structure");
        check_resources(path, node);
    }
  }

  /// What stands where a resource should would be passed over, and the answer would not say so.
  void check_resources(const std::string& path, const JsonNode& node) {
    if (node.is(JsonKind::kArray)) return check_each(path, node);
    const auto [type, inner] = node.find_each(std::array<std::string_view, 2>{"resourceType", "resource"});
    if (!type && inner) return check_resources(path + ".resource", *inner);
    if (!type || !type->is(JsonKind::kString))
      return add(path, "holds no FHIR resource", "give a resource with its resourceType", "structure");
    if (!type->is_text("Bundle")) return;
    const auto entries = node.find("entry");
    if (!entries || entries->is_null()) return;
    if (!entries->is(JsonKind::kArray)) return add_wrong_type(path + ".entry", entries, "an array");
    check_each(path + ".entry", *entries);
  }

  void check_each(const std::string& path, const JsonNode& array) {
    array.for_each_element([&](uint32_t index, const JsonNode& element) {
      check_resources(path + "[" + std::to_string(index) + "]", element);
    });
  }

  void read_name(const ContextField& field, const std::string& path, const std::string& text) {
    if (field.shape == FieldShape::kId) {
      std::string_view id = text;
      const std::string_view type = field.name == "patientId" ? "Patient/" : "Encounter/";
      if (id.starts_with(type)) {
        if (options_.strict) add(path, "names its type", "give the bare id", "value");
        id.remove_prefix(type.size());
      }
      if (!is_bare_id(id)) return add(path, "is no id", "give the id of a resource, without its type", "value");
      (field.name == "patientId" ? call_.patient : call_.encounter) = PatientText(std::string(id));
      return add_token(std::string(field.name), std::string(id));
    }
    const auto reference = parse_reference(text);
    if (!reference && (options_.strict || field.role == FieldRole::kDispatched))
      return add(path, "is no reference", "give " + wanted(field), "value");
    if (field.role == FieldRole::kDispatched) return call_.dispatched.push_back(*reference);
    if (field.name == "userId") call_.user = PatientText(text);
  }

  void read_references(const ContextField& field, const std::string& path, const JsonNode& node) {
    if (const auto text = node.string()) {  // the ballot's `order`
      if (const auto reference = parse_reference(*text)) return take_reference(field, *reference);
      return add(path, "is no reference", "give " + wanted(field), "value");
    }
    if (!node.is(JsonKind::kArray)) return add_wrong_type(path, node, wanted(field));
    std::string joined;
    node.for_each_element([&](uint32_t index, const JsonNode& element) {
      const auto text = element.string();
      const auto reference = text ? parse_reference(*text) : std::nullopt;
      if (!reference)
        return add(path + "[" + std::to_string(index) + "]", "is no reference", "give `Type/id`", "value");
      joined += (joined.empty() ? "" : ",") + *text;
      take_reference(field, *reference);
    });
    if (joined.empty() && field.role == FieldRole::kDispatched)
      add(path, "names no order", "give " + wanted(field), "required");
    add_token(std::string(field.name), joined);
  }

  void take_reference(const ContextField& field, const ResourceReference& reference) {
    (field.role == FieldRole::kSelections ? call_.selections : call_.dispatched).push_back(reference);
  }

  bool take_resources(FieldRole role, const JsonNode& node) {
    size_t count = 0;
    for_each_resource(node, [&](const JsonNode&, const JsonNode*) { ++count; });
    resources_ += count;
    // Of orders also a Bundle that brings none: it may say that there are some.
    if (count > 0 || role == FieldRole::kOrders) call_.resources.push_back({role, node});
    return count > 0;
  }

  void add_token(std::string key, std::string text) {
    if (call_.token(key) == nullptr) call_.tokens.emplace_back(std::move(key), PatientText(std::move(text)));
  }

  void read_prefetch(const JsonNode& prefetch) {
    if (!prefetch.is(JsonKind::kObject)) return add_wrong_type("prefetch", prefetch, "an object, a member a template");
    prefetch.for_each_member([&](std::string_view key, const JsonNode& value) {
      if (counts_) for_each_resource(value, [&](const JsonNode&, const JsonNode*) { ++resources_; });
      call_.prefetch.push_back({std::string(key), value});
    });
  }

  void read_fhir_access(const JsonNode& root) {
    const auto server = root.find("fhirServer");
    const auto authorization = root.find("fhirAuthorization");
    const auto url = server ? server->string() : std::nullopt;
    if (server && !server->is_null() && !url) add_wrong_type("fhirServer", server, "the base URL as a string");
    const bool has_authorization = authorization && !authorization->is_null();
    if (has_authorization && !url)
      add("fhirServer", "is missing beside fhirAuthorization", "give the server the token is for", "required");
    if (!url || url->empty()) return;
    FhirAccess access;
    std::string base = *url;
    while (base.ends_with('/')) base.pop_back();
    access.server = Confidential<std::string>(std::move(base));
    if (has_authorization) read_authorization(*authorization, access);
    call_.fhir = std::move(access);
  }

  void read_authorization(const JsonNode& node, FhirAccess& access) {
    if (!node.is(JsonKind::kObject)) return add_wrong_type("fhirAuthorization", node, "an object");
    const auto text = [&](std::string_view member, bool required) {
      const auto value = node.find(member);
      auto string = value ? value->string() : std::nullopt;
      if (required && (!string || string->empty()))
        add_wrong_type("fhirAuthorization." + std::string(member), value, "a string");
      return string;
    };
    const auto token = text("access_token", true);
    const auto type = text("token_type", options_.strict);
    if (type && *type != "Bearer" && *type != "bearer")
      add("fhirAuthorization.token_type", "is no type that can be used", "give `Bearer`", "value");
    text("scope", options_.strict);
    text("subject", options_.strict);
    const auto expires = node.find("expires_in");
    if (expires) access.expires_in = expires->integer();
    if (options_.strict && !access.expires_in)
      add_wrong_type("fhirAuthorization.expires_in", expires, "the seconds as a whole number");
    // What would break out of a header's line is no token.
    if (token && std::ranges::any_of(*token, [](char c) { return static_cast<unsigned char>(c) < '!' || c > '~'; }))
      return add("fhirAuthorization.access_token", "holds characters no token has", "give the token as issued",
                 "value");
    if (token) access.token = Credential(*token);
  }

  void read_extension(const JsonNode& extension) {
    const auto configuration = extension.find("davinci-crd.configuration");
    if (!configuration) return;
    configuration->for_each_member([&](std::string_view key, const JsonNode& value) {
      if (key == "max-cards") {
        const auto count = value.integer();
        if (count && *count >= 0) call_.max_cards = count;
      } else if (value.is(JsonKind::kBoolean) && value.raw() == "false") {
        call_.silenced_topics.emplace_back(key);
      }
    });
  }

  std::string_view hook_;
  const CallOptions& options_;
  HookCall& call_;
  std::vector<Problem> problems_;
  size_t resources_ = 0;
  bool counts_ = true;
};

}  // namespace

const PatientText* HookCall::token(std::string_view name) const {
  const auto at = std::ranges::find_if(tokens, [&](const auto& token) { return token.first == name; });
  return at == tokens.end() ? nullptr : &at->second;
}

std::vector<Problem> read_hook_call(const std::string& body, std::string_view hook, const CallOptions& options,
                                    JsonDocument& document, HookCall& call) {
  if (auto broken = document.read(body, options.json); !broken.empty())
    return {{{},
             "the body is no JSON: " + broken,
             "send one JSON object, without comments and trailing commas",
             "structure"}};
  return CallReader(hook, options, call).read(document.root());
}

std::optional<ResourceReference> parse_reference(std::string_view text) {
  if (const size_t version = text.find("/_history/"); version != std::string_view::npos) text = text.substr(0, version);
  const size_t slash = text.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return std::nullopt;
  const auto id = text.substr(slash + 1);
  const auto before = text.substr(0, slash);
  const size_t type_begin = before.rfind('/');
  const auto type = type_begin == std::string_view::npos ? before : before.substr(type_begin + 1);
  const bool is_type = !type.empty() && type[0] >= 'A' && type[0] <= 'Z' && std::ranges::all_of(type, is_id_character);
  if (!is_type || !is_bare_id(id)) return std::nullopt;
  return ResourceReference{std::string(type), std::string(id)};
}

}  // namespace vigil::hooks
