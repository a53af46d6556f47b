// SPDX-License-Identifier: Apache-2.0
// Values as CQL text and as plain words.
#include "evaluation/show.h"

#include <algorithm>

#include <vigil/source.h>

#include "evaluation/text_case.h"
#include "values/decimal.h"
#include "values/quantity.h"
#include "values/temporal.h"

namespace vigil {
namespace {

void append_quoted(std::string& out, std::string_view text) {
  out += '\'';
  for (const char c : text) {
    switch (c) {
      case '\'': out += "\\'"; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default: out += c;
    }
  }
  out += '\'';
}

void append_quantity(std::string& out, const Quantity& quantity) {
  out += to_string(quantity.value).view();
  out += ' ';
  append_quoted(out, quantity.unit.empty() ? "1" : quantity.unit);
}

void append_code(std::string& out, const CodeValue& code) {
  out += "Code { code: ";
  append_quoted(out, code.code);
  const auto part = [&](std::string_view name, std::string_view text) {
    if (text.empty()) return;
    ((out += ", ") += name) += ": ";
    append_quoted(out, text);
  };
  part("system", code.system);
  part("version", code.version);
  part("display", code.display);
  out += " }";
}

Value slot_of(const Program& program, const Object& object, uint32_t element) {
  const auto slot = program.slot(object.fhir_type, element);
  return slot < object.slot_count ? object.slots[slot] : Value();
}

class CqlWriter {
 public:
  CqlWriter(const Program& program, std::string& out) : program_(program), out_(out) {}

  void write(const Value& v, model::TypeId type, uint32_t depth = 0) {
    if (depth > 40) {
      out_ += "...";
      return;
    }
    switch (v.kind) {
      case Kind::kNull: out_ += "null"; break;
      case Kind::kBoolean: out_ += v.boolean ? "true" : "false"; break;
      case Kind::kInteger: out_ += std::to_string(v.integer); break;
      case Kind::kLong: out_ += std::to_string(v.long_integer) + "L"; break;
      case Kind::kDecimal: out_ += to_string(v.decimal).view(); break;
      case Kind::kString: append_quoted(out_, v.string()); break;
      case Kind::kDate:
      case Kind::kDateTime:
      case Kind::kTime: (out_ += '@') += to_literal(v.kind, v.temporal).view(); break;
      case Kind::kQuantity: append_quantity(out_, *v.quantity); break;
      case Kind::kRatio:
        append_quantity(out_, v.ratio->numerator);
        out_ += ':';
        append_quantity(out_, v.ratio->denominator);
        break;
      case Kind::kCode: append_code(out_, *v.code); break;
      case Kind::kConcept: write_concept(*v.concept_value); break;
      case Kind::kVocabulary:
        (((out_ += v.vocabulary->is_value_set ? "ValueSet { id: " : "CodeSystem { id: ")));
        append_quoted(out_, v.vocabulary->id);
        out_ += " }";
        break;
      case Kind::kInterval:
      case Kind::kUncertain: write_interval(*v.interval, depth); break;
      case Kind::kList: write_list(v, type, depth); break;
      case Kind::kTuple: write_tuple(*v.tuple, type, depth); break;
      case Kind::kObject: write_object(*v.object, depth); break;
    }
  }

 private:
  void write_concept(const ConceptValue& value) {
    out_ += "Concept { codes: { ";
    for (uint32_t i = 0; i < value.count; ++i) {
      if (i > 0) out_ += ", ";
      append_code(out_, *value.codes[i].code);
    }
    out_ += " }";
    if (!value.display.empty()) {
      out_ += ", display: ";
      append_quoted(out_, value.display);
    }
    out_ += " }";
  }

  void write_interval(const IntervalValue& interval, uint32_t depth) {
    out_ += interval.low_closed ? "Interval[" : "Interval(";
    write(interval.low, model::kAny, depth + 1);
    out_ += ", ";
    write(interval.high, model::kAny, depth + 1);
    out_ += interval.high_closed ? ']' : ')';
  }

  void write_list(const Value& list, model::TypeId type, uint32_t depth) {
    const auto& types = program_.module.types;
    const auto element = types.is_list(type) ? types.element(type) : model::kAny;
    out_ += list.count == 0 ? "{" : "{ ";
    for (uint32_t i = 0; i < list.count; ++i) {
      if (i > 0) out_ += ", ";
      write(list.elements[i], element, depth + 1);
    }
    out_ += list.count == 0 ? "}" : " }";
  }

  void write_tuple(const TupleValue& tuple, model::TypeId type, uint32_t depth) {
    const auto& node = program_.module.types[tuple_type(tuple, type)];
    out_ += "Tuple { ";
    for (uint32_t i = 0; i < tuple.count; ++i) {
      if (i > 0) out_ += ", ";
      const bool named = node.shape == model::TypeShape::kTuple && i < node.names.size();
      out_ += named ? node.names[i] : "_" + std::to_string(i);
      out_ += ": ";
      write(tuple.slots[i], named ? node.parts[i] : model::kAny, depth + 1);
    }
    out_ += " }";
  }

  void write_object(const Object& object, uint32_t depth) {
    const auto& info = model::type(object.fhir_type);
    if (info.kind == model::TypeKind::kResource) {
      out_ += reference_of(program_, object);
      return;
    }
    out_ += "FHIR.";
    out_ += info.name;
    out_ += " { ";
    bool first = true;
    const auto* plan = program_.read_plan.type(object.fhir_type);
    uint16_t last = PlannedType::kNoSlot;
    for (const auto& element : plan == nullptr ? std::vector<PlannedElement>() : plan->elements) {
      if (element.slot == last || element.slot >= object.slot_count || object.slots[element.slot].is_null()) continue;
      last = element.slot;
      if (!first) out_ += ", ";
      first = false;
      const auto json = model::find_json_element(object.fhir_type, element.json_name);
      out_ += json.element != nullptr ? json.element->name : element.json_name;
      out_ += ": ";
      write(object.slots[element.slot], model::kAny, depth + 1);
    }
    out_ += " }";
  }

  const Program& program_;
  std::string& out_;
};

std::string_view text_of(const Value& v) { return v.kind == Kind::kString ? v.string() : std::string_view(); }

}  // namespace

std::string to_cql(const Program& program, const Value& value, model::TypeId type) {
  std::string out;
  CqlWriter(program, out).write(value, type);
  return out;
}

std::string reference_of(const Program& program, const Object& resource) {
  std::string out(model::type(resource.fhir_type).name);
  const auto id = text_of(slot_of(program, resource, program.elements.id));
  if (!id.empty()) (out += '/') += id;
  return out;
}

namespace {

class PlainWriter {
 public:
  PlainWriter(std::string& out, const Program& program, const Snapshot& snapshot, uint32_t longest_name)
      : out_(out), program_(program), snapshot_(snapshot), longest_name_(longest_name) {}

  void write(const Value& v, uint32_t depth = 0) {
    if (depth > 10) return;
    switch (v.kind) {
      case Kind::kNull: out_ += "unknown"; break;
      case Kind::kString: out_ += v.string(); break;
      case Kind::kDecimal: write_decimal(v.decimal); break;
      case Kind::kQuantity: write_quantity(*v.quantity); break;
      case Kind::kDate:
      case Kind::kDateTime:
      case Kind::kTime: write_temporal(v); break;
      case Kind::kCode: write_code(v.code->display, v.code->code, v.code->concept_id); break;
      case Kind::kConcept:
        if (!v.concept_value->display.empty())
          write_name(v.concept_value->display);
        else if (v.concept_value->count > 0)
          write(v.concept_value->codes[0], depth + 1);
        break;
      case Kind::kList:
        for (uint32_t i = 0; i < v.count; ++i) {
          if (i > 0) out_ += ", ";
          write(v.elements[i], depth + 1);
        }
        break;
      case Kind::kInterval:
      case Kind::kUncertain:  // such as the age of one whose birth date is a year
        write(v.interval->low, depth + 1);
        out_ += " to ";
        write(v.interval->high, depth + 1);
        break;
      case Kind::kObject: write_object(*v.object, depth); break;
      default: out_ += to_cql(program_, v, model::kAny); break;
    }
  }

 private:
  void write_decimal(Decimal d) {
    const auto text = to_string(d);
    auto view = text.view();
    if (view.ends_with(".0")) view.remove_suffix(2);
    out_ += view;
  }
  void write_quantity(const Quantity& q) {
    write_decimal(q.value);
    if (q.unit.empty() || q.unit == "1") return;
    out_ += ' ';
    out_ += q.unit;
  }
  /// The date alone: a reader of an alert does not ask for the second.
  void write_temporal(const Value& v) {
    if (v.kind != Kind::kDateTime) {
      out_ += to_string(v.kind, v.temporal).view();
      return;
    }
    const auto date = date_from(v.temporal);
    out_ += to_string(Kind::kDate, date).view();
  }
  void write_code(std::string_view display, std::string_view code, ConceptId id) {
    if (display.empty() && id != 0) display = snapshot_.concept_info(id).display;
    write_name(display.empty() ? code : display);
  }
  void write_name(std::string_view name) {
    if (name.size() <= longest_name_ || count_code_points(name) <= longest_name_) return void(out_ += name);
    out_ += name.substr(0, byte_of_code_point(name, longest_name_));
    out_ += "...";
  }

  void write_object(const Object& object, uint32_t depth) {
    const auto& e = program_.elements;
    const auto get = [&](uint32_t element) { return slot_of(program_, object, element); };
    const auto& info = model::type(object.fhir_type);
    if (info.name == "CodeableConcept") {
      if (const auto text = text_of(get(e.text)); !text.empty()) return write_name(text);
      const auto codings = get(e.coding);
      if (codings.kind == Kind::kList && codings.count > 0)
        write(codings.elements[0], depth + 1);
      else
        out_ += "unknown";
    } else if (info.name == "Coding") {
      write_code(text_of(get(e.display)), text_of(get(e.code)), object.concept_id);
    } else if (model::is_subtype(object.fhir_type, model::find_type("Quantity"))) {
      const auto value = get(e.value);
      out_ += text_of(get(e.comparator));
      if (value.kind == Kind::kDecimal) write_decimal(value.decimal);
      auto unit = text_of(get(e.unit));
      if (unit.empty()) unit = text_of(get(e.code));
      if (!unit.empty()) (out_ += ' ') += unit;
    } else if (info.name == "Reference") {
      const auto reference = text_of(get(e.reference));
      if (const auto* target = snapshot_.resolve(reference, holder_of(object)); target != nullptr)
        return write_object(*target, depth + 1);
      const auto display = text_of(get(e.display));
      write_name(display.empty() ? reference : display);
    } else if (info.name == "Period") {
      write(get(e.start), depth + 1);
      out_ += " to ";
      write(get(e.end), depth + 1);
    } else if (info.kind == model::TypeKind::kResource) {
      write_resource(object, depth);
    } else {
      write_text_or_value(object, depth);
    }
  }

  /// A name, a dosage, a note by its text, an identifier by its value; others with all that is kept of them.
  void write_text_or_value(const Object& object, uint32_t depth) {
    const auto& e = program_.elements;
    if (const auto text = text_of(slot_of(program_, object, e.text)); !text.empty()) return write_name(text);
    const auto value = slot_of(program_, object, e.value);
    if (!value.is_null()) return write(value, depth + 1);
    const bool is_kept =
        std::any_of(object.slots, object.slots + object.slot_count, [](const Value& v) { return !v.is_null(); });
    out_ += is_kept ? to_cql(program_, Value::of(&object), model::kAny) : "unknown";
  }

  /// The resource with this reference: what it contains, and what is relative to its URL, is found from there.
  const Object* holder_of(const Object& reference) const {
    const auto is_it = [&](const Value& value) { return value.kind == Kind::kObject && value.object == &reference; };
    for (const auto& fact : snapshot_.all_facts())
      for (const Value* slot = fact.resource->slots; slot != fact.resource->slots + fact.resource->slot_count; ++slot)
        if (is_it(*slot) ||
            (slot->kind == Kind::kList && std::any_of(slot->elements, slot->elements + slot->count, is_it)))
          return fact.resource;
    return nullptr;
  }

  void write_resource(const Object& object, uint32_t depth) {
    const auto path = model::type(object.fhir_type).primary_code_path;
    const auto& names = program_.module.element_names;
    for (uint32_t i = 0; i < names.size() && !path.empty(); ++i) {
      if (names[i] != path) continue;
      const auto value = slot_of(program_, object, i);
      if (!value.is_null()) return write(value, depth + 1);
    }
    out_ += reference_of(program_, object);
  }

  std::string& out_;
  const Program& program_;
  const Snapshot& snapshot_;
  const uint32_t longest_name_;
};

}  // namespace

void append_plain(std::string& out, const Program& program, const Snapshot& snapshot, const Value& value,
                  uint32_t longest_name) {
  PlainWriter(out, program, snapshot, longest_name).write(value);
}

}  // namespace vigil
