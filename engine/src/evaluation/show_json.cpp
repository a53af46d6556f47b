// SPDX-License-Identifier: Apache-2.0
// Values as JSON: FHIR's forms for what FHIR has, objects with the elements that were kept.
#include <nlohmann/json.hpp>

#include "evaluation/show.h"
#include "values/decimal.h"
#include "values/temporal.h"

namespace vigil {
namespace {

using Json = nlohmann::ordered_json;

class JsonWriter {
 public:
  explicit JsonWriter(const Program& program) : program_(program) {}

  Json write(const Value& v, model::TypeId type, uint32_t depth = 0) const {
    if (depth > 40) return nullptr;
    switch (v.kind) {
      case Kind::kNull: return nullptr;
      case Kind::kBoolean: return v.boolean;
      case Kind::kInteger: return v.integer;
      case Kind::kLong: return v.long_integer;
      case Kind::kDecimal: return number(v.decimal);
      case Kind::kString: return std::string(v.string());
      case Kind::kDate:
      case Kind::kDateTime:
      case Kind::kTime: return std::string(to_string(v.kind, v.temporal).view());
      case Kind::kQuantity: return quantity(*v.quantity);
      case Kind::kRatio:
        return {{"numerator", quantity(v.ratio->numerator)}, {"denominator", quantity(v.ratio->denominator)}};
      case Kind::kCode: return code(*v.code);
      case Kind::kConcept: {
        Json json = {{"codes", Json::array()}};
        for (uint32_t i = 0; i < v.concept_value->count; ++i)
          json["codes"].push_back(code(*v.concept_value->codes[i].code));
        if (!v.concept_value->display.empty()) json["display"] = std::string(v.concept_value->display);
        return json;
      }
      case Kind::kVocabulary: return {{"id", std::string(v.vocabulary->id)}};
      case Kind::kInterval:
      case Kind::kUncertain:
        return {{"low", write(v.interval->low, model::kAny, depth + 1)},
                {"lowClosed", v.interval->low_closed},
                {"high", write(v.interval->high, model::kAny, depth + 1)},
                {"highClosed", v.interval->high_closed}};
      case Kind::kList: {
        const auto& types = program_.module.types;
        const auto element = types.is_list(type) ? types.element(type) : model::kAny;
        Json json = Json::array();
        for (const auto& item : v) json.push_back(write(item, element, depth + 1));
        return json;
      }
      case Kind::kTuple: {
        const auto& node = program_.module.types[tuple_type(*v.tuple, type)];
        Json json = Json::object();
        for (uint32_t i = 0; i < v.tuple->count; ++i) {
          const bool named = node.shape == model::TypeShape::kTuple && i < node.names.size();
          json[named ? node.names[i] : std::to_string(i)] =
              write(v.tuple->slots[i], named ? node.parts[i] : model::kAny, depth + 1);
        }
        return json;
      }
      case Kind::kObject: return object(*v.object, depth);
    }
    return nullptr;
  }

 private:
  static Json number(Decimal d) { return Json::parse(to_string(d).view(), nullptr, false); }
  static Json quantity(const Quantity& q) { return {{"value", number(q.value)}, {"unit", std::string(q.unit)}}; }
  static Json code(const CodeValue& c) {
    Json json = Json::object();
    const auto part = [&](const char* name, std::string_view text) {
      if (!text.empty()) json[name] = std::string(text);
    };
    part("system", c.system);
    part("version", c.version);
    part("code", c.code);
    part("display", c.display);
    return json;
  }

  Json object(const Object& o, uint32_t depth) const {
    Json json = Json::object();
    const auto& info = model::type(o.fhir_type);
    if (info.kind == model::TypeKind::kResource) json["resourceType"] = std::string(info.name);
    const auto* plan = program_.read_plan.type(o.fhir_type);
    if (plan == nullptr) return json;
    for (const auto& element : plan->elements) {
      if (element.slot >= o.slot_count) continue;
      const auto& value = o.slots[element.slot];
      if (value.is_null()) continue;
      // Of a choice, the alternative that the value is of.
      const auto& sample = value.kind == Kind::kList && value.count > 0 ? value.elements[0] : value;
      const auto actual = sample.kind == Kind::kObject ? sample.object->fhir_type
                          : sample.fhir_type == 0      ? element.fhir_type
                                                       : static_cast<uint16_t>(sample.fhir_type - 1);
      const auto choice = model::find_json_element(o.fhir_type, element.json_name);
      if (choice.element != nullptr && choice.element->is_choice && actual != element.fhir_type) continue;
      json[std::string(element.json_name)] = write(value, model::kAny, depth + 1);
    }
    return json;
  }

  const Program& program_;
};

}  // namespace

std::string to_json(const Program& program, const Value& value, model::TypeId type) {
  return JsonWriter(program).write(value, type).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace vigil
