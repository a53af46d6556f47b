// SPDX-License-Identifier: Apache-2.0
// Copies planned members, and whole what is not as expected, so that the reader finds the same wrong with it.
#include "fhir/required_text.h"

namespace vigil::fhir {
namespace {

/// Functions over a value give the token behind it, as JsonText's do: each is gone over once.
class RequiredText {
 public:
  RequiredText(const JsonText& json, const ReadPlan& plan, std::string& out) : json_(json), plan_(plan), out_(out) {}

  uint32_t resource(uint32_t token) {
    const uint32_t type_name = json_.find_member(token, "resourceType");
    if (type_name == JsonText::kBroken || json_.at(type_name) != '"') return whole(token);
    const auto name = json_.raw_string(type_name);
    const auto* type = plan_.resource(name);
    const bool holds_others = name == "Bundle" || name == "Parameters" || name == "OperationOutcome";
    if (holds_others || has_escape(name)) return whole(token);
    if (type == nullptr && name != "Patient") return json_.skip(token);
    const auto patient_element = ReadPlan::patient_element(name);
    return members(token, [&](std::string_view key, uint32_t value) {
      if (is_name(key, "contained")) return contained(value);
      return is_name(key, "resourceType") || is_name(key, "id") || is_name(key, "status") ||
                     is_name(key, patient_element)
                 ? whole(value)
                 : member(type, key, value);
    });
  }

 private:
  /// Most names differ in their size or first letter, which tells without a call.
  static bool is_name(std::string_view key, std::string_view name) {
    return key.size() == name.size() && !key.empty() && key[0] == name[0] && key == name;
  }

  uint32_t whole(uint32_t token) {
    const uint32_t behind = json_.skip(token);
    const auto last = json_.raw_scalar(behind - 1);
    const char* begin = last.data() - (json_.offset(behind - 1) - json_.offset(token));
    out_.append(begin, static_cast<size_t>(last.data() + last.size() - begin));
    return behind;
  }

  /// write(key, value) appends the value, or nothing: then the member is left out.
  template <class Write>
  uint32_t members(uint32_t token, Write write) {
    out_ += '{';
    bool is_first = true;
    const uint32_t behind = json_.for_each_member(token, [&](std::string_view raw_key, uint32_t value) {
      const size_t before = out_.size();
      if (!is_first) out_ += ',';
      out_.append(raw_key.data() - 1, raw_key.size() + 2);  // with its quotes
      out_ += ':';
      const size_t begun = out_.size();
      // An escaped name may be any: it is kept as it is.
      const uint32_t next = has_escape(raw_key) ? whole(value) : write(raw_key, value);
      if (out_.size() == begun)
        out_.resize(before);
      else
        is_first = false;
      return next;
    });
    out_ += '}';
    return behind;
  }

  /// The value of a member of a planned type: nothing where it is not planned.
  uint32_t member(const PlannedType* type, std::string_view key, uint32_t value) {
    if (type == nullptr) return json_.skip(value);
    // Id and extensions of a primitive stand in a sibling: `_birthDate`.
    if (key.starts_with('_'))
      return type->find(key.substr(1)) != nullptr || type->find(key) != nullptr ? whole(value) : json_.skip(value);
    const auto* element = type->find(key);
    if (element == nullptr) return json_.skip(value);
    if (element->kind != Kind::kObject) return whole(value);
    return json_.at(value) == '[' ? elements(value, element->fhir_type) : object(value, element->fhir_type);
  }

  uint32_t object(uint32_t token, uint16_t fhir_type) {
    if (json_.at(token) != '{') return whole(token);
    const auto* type = plan_.type(fhir_type);
    if (type == nullptr) {
      out_ += "{}";
      return json_.skip(token);
    }
    if (type->is_resource) return whole(token);
    return members(token, [&](std::string_view key, uint32_t value) { return member(type, key, value); });
  }

  uint32_t elements(uint32_t token, uint16_t fhir_type) {
    out_ += '[';
    const uint32_t behind = json_.for_each_element(token, [&](uint32_t index, uint32_t value) {
      if (index != 0) out_ += ',';
      return object(value, fhir_type);
    });
    out_ += ']';
    return behind;
  }

  uint32_t contained(uint32_t token) {
    if (json_.at(token) != '[') return whole(token);
    out_ += '[';
    bool is_first = true;
    const uint32_t behind = json_.for_each_element(token, [&](uint32_t, uint32_t value) {
      const size_t before = out_.size();
      if (!is_first) out_ += ',';
      const size_t begun = out_.size();
      const uint32_t next = json_.at(value) == '{' ? resource(value) : whole(value);
      if (out_.size() == begun)
        out_.resize(before);
      else
        is_first = false;
      return next;
    });
    out_ += ']';
    return behind;
  }

  const JsonText& json_;
  const ReadPlan& plan_;
  std::string& out_;
};

}  // namespace

void append_required(const JsonText& json, uint32_t token, const ReadPlan& plan, std::string& out) {
  RequiredText(json, plan, out).resource(token);
}

}  // namespace vigil::fhir
