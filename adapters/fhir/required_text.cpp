// SPDX-License-Identifier: Apache-2.0
// Copies planned members, and whole what is not as expected, so that the reader finds the same wrong with it.
#include "fhir/required_text.h"

namespace vigil::fhir {
namespace {

class RequiredText {
 public:
  RequiredText(const JsonText& json, const ReadPlan& plan, std::string& out) : json_(json), plan_(plan), out_(out) {}

  void resource(uint32_t token) {
    const uint32_t type_name = json_.find_member(token, "resourceType");
    if (type_name == JsonText::kBroken || json_.at(type_name) != '"') return whole(token);
    const auto name = json_.raw_string(type_name);
    const auto* type = plan_.resource(name);
    const bool holds_others = name == "Bundle" || name == "Parameters" || name == "OperationOutcome";
    if (holds_others || has_escape(name)) return whole(token);
    if (type == nullptr && name != "Patient") return;
    members(token, [&](std::string_view key, uint32_t value) {
      if (key == "contained") return contained(value);
      return key == "resourceType" || key == "id" || key == "status" || key == ReadPlan::patient_element(name)
                 ? whole(value)
                 : member(type, key, value);
    });
  }

 private:
  void whole(uint32_t token) {
    const uint32_t last = json_.skip(token) - 1;
    const char* begin = json_.raw_scalar(token).data();
    const auto end = json_.raw_scalar(last);
    out_.append(begin, static_cast<size_t>(end.data() + end.size() - begin));
  }

  /// write(key, value) appends the value, or nothing: then the member is left out.
  template <class Write>
  void members(uint32_t token, Write write) {
    out_ += '{';
    bool is_first = true;
    json_.for_each_member(token, [&](std::string_view raw_key, uint32_t value) {
      const size_t before = out_.size();
      if (!is_first) out_ += ',';
      ((out_ += '"') += raw_key) += "\":";
      const size_t begun = out_.size();
      // An escaped name may be any: it is kept as it is.
      if (has_escape(raw_key))
        whole(value);
      else
        write(raw_key, value);
      if (out_.size() == begun)
        out_.resize(before);
      else
        is_first = false;
      return json_.skip(value);
    });
    out_ += '}';
  }

  /// The value of a member of a planned type: nothing where it is not planned.
  void member(const PlannedType* type, std::string_view key, uint32_t value) {
    if (type == nullptr) return;
    // Id and extensions of a primitive stand in a sibling: `_birthDate`.
    if (key.starts_with('_')) {
      if (type->find(key.substr(1)) != nullptr || type->find(key) != nullptr) whole(value);
      return;
    }
    const auto* element = type->find(key);
    if (element == nullptr) return;
    if (element->kind != Kind::kObject) return whole(value);
    if (json_.at(value) == '[') return elements(value, element->fhir_type);
    object(value, element->fhir_type);
  }

  void object(uint32_t token, uint16_t fhir_type) {
    if (json_.at(token) != '{') return whole(token);
    const auto* type = plan_.type(fhir_type);
    if (type == nullptr) {
      out_ += "{}";
      return;
    }
    if (type->is_resource) return whole(token);
    members(token, [&](std::string_view key, uint32_t value) { member(type, key, value); });
  }

  void elements(uint32_t token, uint16_t fhir_type) {
    out_ += '[';
    json_.for_each_element(token, [&](uint32_t index, uint32_t value) {
      if (index != 0) out_ += ',';
      object(value, fhir_type);
      return json_.skip(value);
    });
    out_ += ']';
  }

  void contained(uint32_t token) {
    if (json_.at(token) != '[') return whole(token);
    out_ += '[';
    bool is_first = true;
    json_.for_each_element(token, [&](uint32_t, uint32_t value) {
      const size_t before = out_.size();
      if (!is_first) out_ += ',';
      const size_t begun = out_.size();
      if (json_.at(value) == '{')
        resource(value);
      else
        whole(value);
      if (out_.size() == begun)
        out_.resize(before);
      else
        is_first = false;
      return json_.skip(value);
    });
    out_ += ']';
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
