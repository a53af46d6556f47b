// SPDX-License-Identifier: Apache-2.0
// Reads one resource: planned members into slots, and the few members the reader itself looks at.
#include "fhir/resource_reader.h"

#include <algorithm>

#include <vigil/primitives.h>

namespace vigil::fhir {

namespace {

constexpr std::string_view kResourceType = "resourceType";

}  // namespace

void ResourceReader::begin(Timeline& timeline) {
  timeline_ = &timeline;
  contained_.clear();
  participants_.clear();
  history_ = false;
}

void ResourceReader::set_text(const JsonText& json) {
  json_ = &json;
  values_.begin(json, *timeline_);
}

uint32_t ResourceReader::find_type(uint32_t object, uint32_t& type_name) {
  type_name = JsonText::kBroken;
  if (json_->is_key(object + 1) && json_->raw_string(object + 1) == kResourceType) {
    type_name = object + 3;
    return type_name;
  }
  return json_->for_each_member(object, [&](std::string_view key, uint32_t value) {
    if (type_name == JsonText::kBroken && values_.plain_key(key) == kResourceType) type_name = value;
    return json_->skip(value);
  });
}

const ResourceShape* ResourceReader::find_shape(uint32_t type_name) {
  const auto* shape = shapes_.find_resource(json_->raw_string(type_name));
  if (shape != nullptr || !has_escape(json_->raw_string(type_name))) return shape;
  const auto plain = values_.read_text(type_name);
  values_.clear_problem();
  return shapes_.find_resource(plain);
}

uint32_t ResourceReader::read(uint32_t object, uint32_t depth, const ResourceShape& shape, PendingResource& pending) {
  if (json_->at(object) != '{') return values_.fail_type(object, "an object");
  pending.shape = &shape;
  pending.contained_begin = static_cast<uint32_t>(contained_.size());
  const PlannedType* type = shape.type;
  if (type != nullptr) pending.object = timeline_->make_object(*type);
  Value* slots = type == nullptr ? nullptr : Timeline::slots(*pending.object);
  MemberTable::Cursor cursor = 0;
  bool has_contained = false;
  const uint32_t next = json_->for_each_member(object, [&](std::string_view key, uint32_t value) {
    const Member* member = values_.find(shape.members, key, cursor);
    if (member == nullptr) return values_.pass_over(value);
    if (member->special == Special::kContained) {
      if (std::exchange(has_contained, true)) return values_.fail({"VGL1003", value, "a second value", "one"});
      return read_contained(value, depth + 1, *member, slots);
    }
    if (member->special == Special::kMeta && !history_ && !member->is_planned()) return values_.pass_over(value);
    if (member->special != Special::kNone && !read_special(*member, value, shape, pending)) return JsonText::kBroken;
    if (!member->is_planned()) return json_->skip(value);
    // Who takes part tells whose it is: of that nothing counts as passed over.
    auto* const passed_over = values_.passed_over();
    if (member->special == Special::kParticipants) values_.collect_passed_over(nullptr);
    const uint32_t behind = values_.read_member(*member, value, depth + 1, slots);
    values_.collect_passed_over(passed_over);
    return behind;
  });
  pending.contained_count = static_cast<uint32_t>(contained_.size()) - pending.contained_begin;
  if (next != JsonText::kBroken && slots != nullptr) take_from_slots(shape, slots, pending);
  return next;
}

/// What the reader needs to know and the plan keeps anyway.
void ResourceReader::take_from_slots(const ResourceShape& shape, const Value* slots, PendingResource& pending) {
  constexpr uint16_t kNoSlot = PlannedType::kNoSlot;
  const auto text = [](const Value& value) {
    return value.kind == Kind::kString ? value.string() : std::string_view{};
  };
  if (shape.id_slot != kNoSlot) pending.id = text(slots[shape.id_slot]);
  if (shape.status_slot != kNoSlot && text(slots[shape.status_slot]) == "draft") pending.has_draft_status = true;
  if (shape.patient_slot != kNoSlot && slots[shape.patient_slot].kind == Kind::kObject)
    pending.patient = text(slots[shape.patient_slot].object->slots[shape.reference_slot]);
}

/// False where the member makes the resource unusable: a problem, or broken JSON.
bool ResourceReader::read_special(const Member& member, uint32_t token, const ResourceShape& shape,
                                  PendingResource& pending) {
  switch (member.special) {
    case Special::kId: return json_->at(token) != '"' || take_once(token, token, pending.id);
    case Special::kPatient:
      return find_text(member, token, "reference",
                       [&](uint32_t text) { return take_once(token, text, pending.patient); });
    case Special::kParticipants: return in_contained_ || read_participants(member, token, pending);
    case Special::kStatus:
      if (json_->at(token) == '"' && values_.read_text(token) == "draft") pending.has_draft_status = true;
      break;
    case Special::kResourceType:
      if (json_->at(token) == '"' && json_->raw_string(token) == shape.name) return true;
      if (values_.read_text(token) != shape.name && values_.problem().code.empty())
        values_.fail({"VGL1003", token, "a second resource type", "one"});
      break;
    case Special::kMeta:
      if (!history_) return true;
      return find_text(member, token, "lastUpdated", [&](uint32_t text) {
        if (const auto instant = parse_instant(values_.read_text(text))) pending.known_from = to_instant(*instant);
        return values_.problem().code.empty();
      });
    case Special::kNone:
    case Special::kContained: break;
  }
  return values_.problem().code.empty();
}

/// Takes the text at `text`; a second, different one for the member at `member` is a problem.
bool ResourceReader::take_once(uint32_t member, uint32_t text, std::string_view& taken) {
  const auto read = values_.read_text(text);
  if (!values_.problem().code.empty()) return false;
  if (!taken.empty() && taken != read) {
    values_.fail({"VGL1003", member, "a second value", "one", /*was_read=*/true});
    return false;
  }
  taken = read;
  return true;
}

/// Calls take(token) for each member of this name that is a string, in the object here; true where this is no object.
/// Where the plan has more of it, that is read, and tells what it passes over.
template <class Take>
bool ResourceReader::find_text(const Member& member, uint32_t token, std::string_view name, Take take) {
  if (json_->at(token) != '{') return true;
  return json_->for_each_member(token, [&](std::string_view key, uint32_t value) {
    const bool is_text = key == name && json_->at(value) == '"';
    if (is_text && !take(value)) return JsonText::kBroken;
    return is_text || member.is_planned() ? json_->skip(value) : values_.pass_over(value);
  }) != JsonText::kBroken;
}

/// Participants' references, of which one may be to the patient: R4 Appointment.participant.actor.
bool ResourceReader::read_participants(const Member& member, uint32_t token, PendingResource& pending) {
  if (json_->at(token) != '[') return true;
  pending.participants_begin = static_cast<uint32_t>(participants_.size());
  const auto take = [&](uint32_t text) {
    participants_.push_back(values_.read_text(text));
    return values_.problem().code.empty();
  };
  const uint32_t next = json_->for_each_element(token, [&](uint32_t, uint32_t participant) {
    if (json_->at(participant) != '{') return json_->skip(participant);
    return json_->for_each_member(participant, [&](std::string_view key, uint32_t value) {
      if (key != "actor") return member.is_planned() ? json_->skip(value) : values_.pass_over(value);
      return find_text(member, value, "reference", take) ? json_->skip(value) : JsonText::kBroken;
    });
  });
  pending.participants_count = static_cast<uint32_t>(participants_.size()) - pending.participants_begin;
  return next != JsonText::kBroken;
}

uint32_t ResourceReader::pass_over_element(uint32_t element) {
  const uint32_t behind = json_->skip(element);
  if (auto* passed_over = values_.passed_over(); passed_over != nullptr && behind != JsonText::kBroken)
    passed_over->add_element(*json_, element, behind);
  return behind;
}

/// Contained resources of planned types are kept for references, and in the slot where the plan has one.
uint32_t ResourceReader::read_contained(uint32_t token, uint32_t depth, const Member& member, Value* slots) {
  if (json_->at(token) != '[') return values_.fail_type(token, "an array");
  const size_t first = contained_values_.size();
  const uint32_t next = json_->for_each_element(token, [&](uint32_t, uint32_t object) {
    if (json_->at(object) != '{') return values_.fail_type(object, "an object");
    uint32_t type_name = JsonText::kBroken;
    if (find_type(object, type_name) == JsonText::kBroken) return JsonText::kBroken;
    const bool is_named = type_name != JsonText::kBroken && json_->at(type_name) == '"';
    const auto* shape = is_named ? find_shape(type_name) : nullptr;
    if (shape == nullptr || shape->type == nullptr) return pass_over_element(object);
    if (in_contained_) return values_.fail_depth(object);  // FHIR: contained resources contain none
    PendingResource inner;
    in_contained_ = true;
    const uint32_t behind = read(object, depth, *shape, inner);
    in_contained_ = false;
    if (inner.object != nullptr) {
      contained_.push_back(inner.object);
      contained_values_.push_back(Value::of(static_cast<const Object*>(inner.object)));
    }
    return behind;
  });
  if (next != JsonText::kBroken && member.is_planned()) {
    const size_t count = contained_values_.size() - first;
    Value* values = timeline_->make_values(count);
    std::copy(contained_values_.begin() + static_cast<std::ptrdiff_t>(first), contained_values_.end(), values);
    slots[member.slot] = Value::of(values, static_cast<uint32_t>(count));
  }
  contained_values_.resize(first);
  return next;
}

}  // namespace vigil::fhir
