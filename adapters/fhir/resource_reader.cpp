// SPDX-License-Identifier: Apache-2.0
// Reads one resource: planned members into slots, and the few members the reader itself looks at.
#include "fhir/resource_reader.h"

#include <algorithm>

#include <vigil/primitives.h>

namespace vigil::fhir {

void ResourceReader::begin(Timeline& timeline) {
  timeline_ = &timeline;
  contained_.clear();
  history_ = false;
}

void ResourceReader::set_text(const JsonText& json) {
  json_ = &json;
  values_.begin(json, *timeline_);
}

uint32_t ResourceReader::find_type(uint32_t object, std::string_view& type_name, bool& known) {
  known = false;
  const auto take = [&](std::string_view key, uint32_t value) {
    if (key != "resourceType" && !(has_escape(key) && values_.read_text(value - 2) == "resourceType")) return false;
    known = json_->at(value) == '"';
    if (known) type_name = values_.read_text(value);
    return true;
  };
  if (json_->is_key(object + 1) && take(json_->raw_string(object + 1), object + 3)) return object + 3;
  bool found = false;
  const uint32_t next = json_->for_each_member(object, [&](std::string_view key, uint32_t value) {
    if (!found) found = take(key, value);
    return json_->skip(value);
  });
  values_.clear_problem();  // of escapes that are none, in keys
  return next;
}

uint32_t ResourceReader::read(uint32_t object, uint32_t depth, const ResourceShape& shape, PendingResource& pending) {
  if (json_->at(object) != '{') return values_.fail_type(object, "an object");
  pending.shape = &shape;
  pending.contained_begin = static_cast<uint32_t>(contained_.size());
  const PlannedType* type = shape.type;
  if (type != nullptr) pending.object = timeline_->make_object(*type);
  Value* slots = type == nullptr ? nullptr : Timeline::slots(*pending.object);
  const uint32_t next = json_->for_each_member(object, [&](std::string_view key, uint32_t value) {
    const PlannedElement* element = type == nullptr ? nullptr : values_.find(*type, key);
    if (key.size() < 64 && (shape.special_sizes >> key.size() & 1) != 0) {
      if (key == "contained") return read_contained(value, depth + 1, element, slots);
      if (!read_special(key, value, shape, pending)) return JsonText::kBroken;
    }
    return element == nullptr ? json_->skip(value) : values_.read_member(*element, value, depth + 1, slots);
  });
  pending.contained_count = static_cast<uint32_t>(contained_.size()) - pending.contained_begin;
  return next;
}

/// False where the member makes the resource unusable: problem() tells.
bool ResourceReader::read_special(std::string_view key, uint32_t token, const ResourceShape& shape, PendingResource& pending) {
  if (key == "id") {
    // Planned or not, for messages and to tell patients apart; where it is planned its type is checked there.
    if (json_->at(token) == '"') pending.id = values_.read_text(token);
  } else if (key == "status" && shape.is_request) {
    if (json_->at(token) == '"' && values_.read_text(token) == "draft") pending.origin = Origin::kDraft;
  } else if (key == shape.patient_key) {
    pending.patient = read_reference(token);
  } else if (key == "resourceType") {
    const auto again = values_.read_text(token);
    if (values_.problem().code.empty() && again != shape.name) values_.fail({"VGL1003", token, "a second resource type", "one"});
  } else if (key == "meta" && history_) {
    pending.known_from = read_last_updated(token);
  }
  return values_.problem().code.empty();
}

/// The text of `reference` in the Reference object here, the last one if there are several; empty where there is none.
std::string_view ResourceReader::read_reference(uint32_t token) {
  std::string_view reference;
  if (json_->at(token) != '{') return {};
  json_->for_each_member(token, [&](std::string_view key, uint32_t value) {
    if (key == "reference" && json_->at(value) == '"') reference = values_.read_text(value);
    return json_->skip(value);
  });
  return reference;
}

Instant ResourceReader::read_last_updated(uint32_t token) {
  Instant from = kAlways;
  if (json_->at(token) != '{') return from;
  json_->for_each_member(token, [&](std::string_view key, uint32_t value) {
    if (key == "lastUpdated" && json_->at(value) == '"')
      if (const auto instant = parse_instant(values_.read_text(value))) from = to_instant(*instant);
    return json_->skip(value);
  });
  return from;
}

/// Contained resources of planned types are kept for references, and in the slot where the plan has one.
uint32_t ResourceReader::read_contained(uint32_t token, uint32_t depth, const PlannedElement* element, Value* slots) {
  if (json_->at(token) != '[') return values_.fail_type(token, "an array");
  const size_t first = contained_values_.size();
  uint32_t next = json_->for_each_element(token, [&](uint32_t, uint32_t object) {
    if (json_->at(object) != '{') return values_.fail_type(object, "an object");
    std::string_view name;
    bool known = false;
    if (find_type(object, name, known) == JsonText::kBroken) return JsonText::kBroken;
    const auto* shape = known ? types_.find(name) : nullptr;
    if (shape == nullptr || shape->type == nullptr) return json_->skip(object);
    if (depth > 2) return values_.fail_depth(object);  // FHIR: contained resources contain none
    PendingResource inner;
    const uint32_t behind = read(object, depth, *shape, inner);
    if (inner.object != nullptr) {
      contained_.push_back(inner.object);
      contained_values_.push_back(Value::of(static_cast<const Object*>(inner.object)));
    }
    return behind;
  });
  if (next != JsonText::kBroken && element != nullptr) {
    const size_t count = contained_values_.size() - first;
    Value* values = timeline_->make_values(count);
    std::copy(contained_values_.begin() + static_cast<std::ptrdiff_t>(first), contained_values_.end(), values);
    slots[element->slot] = Value::of(values, static_cast<uint32_t>(count));
  }
  contained_values_.resize(first);
  return next;
}

}  // namespace vigil::fhir
