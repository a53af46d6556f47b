// SPDX-License-Identifier: Apache-2.0
// Values of planned elements, read from JSON tokens.
#include "fhir/value_reader.h"

#include <algorithm>

#include <vigil/primitives.h>

namespace vigil::fhir {

namespace {

std::string_view describe(char first) {
  switch (first) {
    case '{': return "an object";
    case '[': return "an array";
    case '"': return "a string";
    case 't':
    case 'f': return "a boolean";
    case 'n': return "null";
    default: return "a number";
  }
}

struct PrimitiveWords {
  std::string_view name;
  std::string_view form;
};

PrimitiveWords words(Kind kind) {
  switch (kind) {
    case Kind::kBoolean: return {"boolean", "it is neither true nor false"};
    case Kind::kInteger:
    case Kind::kLong: return {"integer", "it is not whole or out of range"};
    case Kind::kDecimal: return {"decimal", "it is out of range or not written as one"};
    case Kind::kDate: return {"date", "it is not of the form YYYY, YYYY-MM or YYYY-MM-DD, or there is no such day"};
    case Kind::kDateTime:
      return {"dateTime", "it is not of the form YYYY-MM-DDThh:mm:ss+zz:zz or shorter, or there is no such day"};
    case Kind::kTime: return {"time", "it is not of the form hh:mm:ss"};
    default: return {"string", "it holds an escape that is none"};
  }
}

bool is_number(char first) { return first == '-' || (first >= '0' && first <= '9'); }

}  // namespace

void ValueReader::begin(const JsonText& json, Timeline& timeline) {
  json_ = &json;
  timeline_ = &timeline;
  problem_ = {};
  elements_.clear();
}

uint32_t ValueReader::fail(const Problem& problem) {
  problem_ = problem;
  return JsonText::kBroken;
}

uint32_t ValueReader::fail_type(uint32_t token, std::string_view expected) {
  const char first = json_->at(token);
  const bool is_value = is_number(first) || std::string_view("{[\"tfn").find(first) != std::string_view::npos;
  return is_value ? fail({"VGL1003", token, describe(first), expected}) : json_->broken_at(token);
}

bool ValueReader::unescaped(std::string_view raw, uint32_t token) {
  scratch_.clear();
  if (unescape(raw, scratch_)) return true;
  fail({"VGL1004", token, words(Kind::kString).name, words(Kind::kString).form});
  return false;
}

std::string_view ValueReader::unescape_key(std::string_view raw_key) {
  key_.clear();
  return unescape(raw_key, key_) ? std::string_view(key_) : raw_key;
}

std::string_view ValueReader::read_text(uint32_t token) {
  if (json_->at(token) != '"') {
    fail_type(token, "a string");
    return {};
  }
  const auto raw = json_->raw_string(token);
  if (!has_escape(raw)) return raw;
  return unescaped(raw, token) ? timeline_->copy(scratch_) : std::string_view{};
}

uint32_t ValueReader::read_member(const Member& member, uint32_t token, uint32_t depth, Value* slots) {
  Value& slot = slots[member.slot];
  if (!slot.is_null()) [[unlikely]]
    return read_again(member, token, depth, slot);
  return member.is_list ? read_list(member, token, depth, slot) : read_value(member, token, depth, slot);
}

/// The same member again, or two types of one choice.
uint32_t ValueReader::read_again(const Member& member, uint32_t token, uint32_t depth, const Value& first) {
  Value second;
  const uint32_t next =
      member.is_list ? read_list(member, token, depth, second) : read_value(member, token, depth, second);
  const bool conflict = next != JsonText::kBroken && !second.is_null() && !same_content(first, second);
  return conflict ? fail({"VGL1003", token, "a second value", "one", /*was_read=*/true}) : next;
}

inline uint32_t ValueReader::read_value(const Member& member, uint32_t token, uint32_t depth, Value& value) {
  const char first = json_->at(token);
  if (member.kind == Kind::kString && first == '"') {
    const auto raw = json_->raw_string(token);
    if (raw.empty()) [[unlikely]]  // FHIR R4, "Data Types", string: none is empty, so this says nothing
      return token + 1;
    if (has_escape(raw)) [[unlikely]] {
      if (!unescaped(raw, token)) return JsonText::kBroken;
      value = Value::of(timeline_->copy(scratch_));
    } else {
      value = Value::of(member.stays_view ? raw : timeline_->copy(raw, json_->readable(raw.data())));
    }
    value.fhir_type = static_cast<uint16_t>(member.fhir_type + 1);
    return token + 1;
  }
  if (first == 'n') [[unlikely]]
    return json_->raw_scalar(token) == "null" ? token + 1 : json_->broken_at(token);
  if (member.kind == Kind::kObject) return read_object(member, token, depth, value);
  if (member.kind == Kind::kString) return fail_type(token, "a string");
  const uint32_t next = read_parsed(member.kind, token, value);
  value.fhir_type = static_cast<uint16_t>(member.fhir_type + 1);
  return next;
}

/// Booleans and numbers stand as words in JSON, dates and times in quotes.
uint32_t ValueReader::read_parsed(Kind kind, uint32_t token, Value& value) {
  const char first = json_->at(token);
  std::string_view text;
  if (kind == Kind::kBoolean) {
    if (first != 't' && first != 'f') return fail_type(token, "a boolean");
    text = json_->raw_scalar(token);
    if (text != "true" && text != "false") return json_->broken_at(token);
  } else if (kind == Kind::kInteger || kind == Kind::kLong || kind == Kind::kDecimal) {
    if (!is_number(first)) return fail_type(token, "a number");
    text = json_->raw_scalar(token);
  } else {
    if (first != '"') return fail_type(token, "a string");
    text = json_->raw_string(token);
    if (has_escape(text)) {
      if (!unescaped(text, token)) return JsonText::kBroken;
      text = scratch_;
    }
  }
  const auto parsed = parse_fhir_primitive(kind, text);
  if (!parsed) return fail({"VGL1004", token, words(kind).name, words(kind).form});
  value = *parsed;
  return token + 1;
}

uint32_t ValueReader::read_list(const Member& member, uint32_t token, uint32_t depth, Value& value) {
  if (json_->at(token) != '[') {
    if (json_->at(token) == 'n') return json_->skip(token);
    return fail_type(token, "an array");
  }
  const size_t first = elements_.size();
  const uint32_t next = json_->for_each_element(token, [&](uint32_t, uint32_t at) {
    Value read;
    const uint32_t behind = read_value(member, at, depth, read);
    elements_.push_back(read);
    return behind;
  });
  if (next != JsonText::kBroken) {
    const size_t count = elements_.size() - first;
    Value* values = timeline_->make_values(count);
    std::copy(elements_.begin() + static_cast<std::ptrdiff_t>(first), elements_.end(), values);
    value = Value::of(values, static_cast<uint32_t>(count));
  }
  elements_.resize(first);
  return next;
}

uint32_t ValueReader::read_object(const Member& member, uint32_t token, uint32_t depth, Value& value) {
  if (json_->at(token) != '{') [[unlikely]]
    return fail_type(token, "an object");
  if (depth >= max_depth_) return fail_depth(token);
  if (member.type == nullptr) {
    empty_type_.fhir_type = member.fhir_type;
    value = Value::of(static_cast<const Object*>(timeline_->make_object(empty_type_)));
    const uint32_t behind = json_->skip(token);
    if (passed_over_ != nullptr && behind != JsonText::kBroken) passed_over_->add_inside(*json_, token, behind);
    return behind;
  }
  const TypeShape& shape = *member.type;
  Object* object = timeline_->make_object(*shape.type);
  Value* slots = Timeline::slots(*object);
  MemberTable::Cursor cursor = 0;
  const uint32_t next = json_->for_each_member(token, [&](std::string_view key, uint32_t at) {
    const Member* inner = find(shape.members, key, cursor);
    return inner == nullptr ? pass_over(at) : read_member(*inner, at, depth + 1, slots);
  });
  if (next == JsonText::kBroken) return next;
  if (shape.type->system_slot != PlannedType::kNoSlot) finish_coding(*shape.type, *object);
  if (references_ != nullptr && shape.reference_slot != PlannedType::kNoSlot && !slots[shape.reference_slot].is_null())
    references_->push_back(slots[shape.reference_slot].string());
  value = Value::of(static_cast<const Object*>(object));
  return next;
}

/// Gives a Coding its concept. Its system and code are still views of the JSON: the timeline's own texts take their
/// place.
void ValueReader::finish_coding(const PlannedType& type, Object& coding) {
  Value& system = Timeline::slots(coding)[type.system_slot];
  Value& code = Timeline::slots(coding)[type.code_slot];
  const auto text = [](const Value& value) {
    return value.kind == Kind::kString ? value.string() : std::string_view{};
  };
  std::string_view system_text = text(system);
  std::string_view code_text = text(code);
  coding.concept_id = timeline_->intern_views(system_text, code_text);
  if (coding.concept_id == 0) {
    system_text = timeline_->copy(system_text);
    code_text = timeline_->copy(code_text);
  }
  if (system.kind == Kind::kString) system.characters = system_text.data();
  if (code.kind == Kind::kString) code.characters = code_text.data();
}

}  // namespace vigil::fhir
