// SPDX-License-Identifier: Apache-2.0
// Copies objects along the paths of what is changed in them.
#include "replay/object_states.h"

#include <algorithm>
#include <cctype>

namespace vigil::replay {

namespace {

class StateWriter {
 public:
  explicit StateWriter(Timeline& timeline) : timeline_(timeline) {}

  Object* copy(const Object& object) {
    const auto* type = timeline_.plan().type(object.fhir_type);
    if (type == nullptr) return nullptr;
    Object* made = timeline_.make_object(*type);
    made->concept_id = object.concept_id;
    std::copy_n(object.slots, object.slot_count, Timeline::slots(*made));
    return made;
  }

  /// Puts null at a path where there is a value.
  void hide(Object& object, std::string_view path, const Value& null = Value::null()) {
    const size_t dot = std::min(path.find('.'), path.size());
    Value* slot = find_slot(object, path.substr(0, dot));
    if (slot == nullptr) return;
    if (dot == path.size())
      *slot = null;
    else
      *slot = without(*slot, path.substr(dot + 1), null);
  }

  /// Makes an element undetermined, be it there or not: before a revision it may have been. "value[x]": of any type.
  void open(Object& object, std::string_view path) {
    const auto* type = timeline_.plan().type(object.fhir_type);
    if (type == nullptr) return;
    const bool is_choice = path.ends_with("[x]");
    const auto stem = is_choice ? path.substr(0, path.size() - 3) : path;
    for (const auto& element : type->elements) {
      const auto name = element.json_name;
      const bool is_one = is_choice ? name.size() > stem.size() && name.starts_with(stem) &&
                                          std::isupper(static_cast<unsigned char>(name[stem.size()])) != 0
                                    : name == stem;
      if (is_one) Timeline::slots(object)[element.slot] = undetermined();
    }
  }

  /// Takes away what begins after an instant: elements of a list; a single value may have been another before. Where
  /// one may have begun or not, on a day that is all that dates it, all of the list is open.
  void hide_parts(Object& object, const Course& course, Instant after) {
    for (uint32_t part = 0; part < course.row->parts.size(); ++part) {
      Value* slot = find_slot(object, course.row->parts[part].path);
      if (slot == nullptr) continue;
      const auto is_there = [&](uint32_t element) {
        return std::ranges::none_of(course.parts, [&](const PartBegin& begin) {
          return begin.part == part && begin.element == element && begin.from > after;
        });
      };
      const bool is_open = std::ranges::any_of(course.parts, [&](const PartBegin& begin) {
        return begin.part == part && begin.from <= after && begin.by > after;
      });
      if (is_open) {
        *slot = undetermined();
        continue;
      }
      if (slot->kind != Kind::kList) {
        if (!is_there(0)) *slot = undetermined();
        continue;
      }
      Value* kept = timeline_.make_values(slot->count);
      uint32_t count = 0;
      for (uint32_t i = 0; i < slot->count; ++i)
        if (is_there(i)) kept[count++] = slot->begin()[i];
      slot->elements = kept;
      slot->count = count;
      if (count == 0) *slot = Value::null();
    }
  }

  static Value undetermined() { return Value::null().with_flags(Value::kUndetermined); }

  void set_status(Object& object, StatusThen status, const LifecycleRow& row) {
    // CDS Hooks' appointment-book has appointments under review proposed: R4 knows no draft of them.
    const std::string_view draft = row.resource_type == "Appointment" ? "proposed" : "draft";
    for (const std::string_view member : {"status", "clinicalStatus", "lifecycleStatus"})
      if (Value* slot = find_slot(object, member); slot != nullptr) {
        if (status == StatusThen::kUndetermined)
          *slot = undetermined();
        else
          *slot = with_code(*slot, status == StatusThen::kDraft ? draft : row.active);
      }
    if (status != StatusThen::kUndetermined) return;
    if (Value* slot = find_slot(object, "verificationStatus"); slot != nullptr && is_retracted(*slot))
      *slot = undetermined();
  }

 private:
  /// Null where nothing is kept of the member, or its place holds another type of a choice.
  Value* find_slot(Object& object, std::string_view member) {
    const auto* type = timeline_.plan().type(object.fhir_type);
    const auto* element = type == nullptr ? nullptr : type->find(member);
    if (element == nullptr) return nullptr;
    Value* slot = Timeline::slots(object) + element->slot;
    const bool is_other = slot->kind == Kind::kObject && slot->object->fhir_type != element->fhir_type;
    return is_other || slot->is_null() ? nullptr : slot;
  }

  Value without(const Value& value, std::string_view path, const Value& null) {
    if (value.kind == Kind::kList)
      return changed_elements(value, [&](const Value& element) { return without(element, path, null); });
    if (value.kind != Kind::kObject) return value;
    Object* made = copy(*value.object);
    if (made == nullptr) return value;
    hide(*made, path, null);
    return changed(value, made);
  }

  /// A code, or a concept whose first coding has this code: CodeableConcept.text and Coding.display would still tell
  /// the stored one.
  Value with_code(const Value& value, std::string_view code) {
    if (value.kind == Kind::kString) {
      Value text = value;
      text.characters = code.data();
      text.count = static_cast<uint32_t>(code.size());
      return text;
    }
    if (value.kind != Kind::kObject) return value;
    Object* made = copy(*value.object);
    if (made == nullptr) return value;
    hide(*made, "text");
    if (Value* coding = find_slot(*made, "coding"); coding != nullptr && coding->kind == Kind::kList)
      *coding = changed_elements(*coding, [&](const Value& element) { return with_coded(element, code); });
    return changed(value, made);
  }

  Value with_coded(const Value& coding, std::string_view code) {
    if (coding.kind != Kind::kObject) return coding;
    Object* made = copy(*coding.object);
    if (made == nullptr) return coding;
    hide(*made, "display");
    if (Value* slot = find_slot(*made, "code")) *slot = with_code(*slot, code);
    const Value* system = find_slot(*made, "system");
    made->concept_id = system == nullptr || made->concept_id == 0 ? 0 : timeline_.intern(system->string(), code);
    return changed(coding, made);
  }

  bool is_retracted(const Value& verification) {
    if (verification.kind != Kind::kObject) return false;
    const auto* type = timeline_.plan().type(verification.object->fhir_type);
    const auto* element = type == nullptr ? nullptr : type->find("coding");
    if (element == nullptr) return true;  // not kept to be looked at, so neither for rules
    const Value& codings = verification.object->slots[element->slot];
    if (codings.kind != Kind::kList) return true;
    const auto* coding_type = codings.count == 0 ? nullptr : timeline_.plan().type(codings.begin()->object->fhir_type);
    const auto* code = coding_type == nullptr ? nullptr : coding_type->find("code");
    return code == nullptr || std::any_of(codings.begin(), codings.end(), [&](const Value& coding) {
             const Value& text = coding.object->slots[code->slot];
             return text.kind == Kind::kString && (text.string() == "refuted" || text.string() == "entered-in-error");
           });
  }

  template <class Change>
  Value changed_elements(const Value& list, Change change) {
    Value* elements = timeline_.make_values(list.count);
    std::transform(list.begin(), list.end(), elements, change);
    Value made = list;
    made.elements = elements;
    return made;
  }
  static Value changed(const Value& value, const Object* object) {
    Value made = value;
    made.object = object;
    return made;
  }

  Timeline& timeline_;
};

}  // namespace

const Object* object_in_state(Timeline& timeline, const Object& stored, const Course& course,
                              const AsOfVersion& version) {
  StateWriter writer(timeline);
  Object* object = writer.copy(stored);
  if (course.row == nullptr) return object;
  const LifecycleRow& row = *course.row;
  if (version.status != StatusThen::kAsStored) writer.set_status(*object, version.status, row);
  const bool is_undetermined = version.status == StatusThen::kUndetermined;
  const Value unseen = is_undetermined ? StateWriter::undetermined() : Value::null();
  const bool is_report = row.lifecycle == Lifecycle::kReport;
  if (is_report && is_undetermined && course.is_revised)
    for (const auto path : row.later)
      if (!path.empty()) writer.open(*object, path);
  if (!is_report && (version.hides_later || is_undetermined))
    for (const auto path : row.later)
      if (!path.empty()) writer.hide(*object, path, unseen);
  if (version.hides_parts) writer.hide_parts(*object, course, version.known_from);
  if (version.hides_end)
    for (const auto path : row.ends)
      if (!path.empty()) writer.hide(*object, path);
  return object;
}

}  // namespace vigil::replay
