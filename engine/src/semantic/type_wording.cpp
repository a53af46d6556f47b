// SPDX-License-Identifier: Apache-2.0
// Types as authors say them.
#include "semantic/type_wording.h"

namespace vigil::semantic {

std::string spoken_type(const model::TypeTable& types, model::TypeId type) {
  const auto& node = types[type];
  const auto join = [&](std::string_view between, auto&& one) {
    std::string text;
    for (size_t i = 0; i < node.parts.size(); ++i) text += (i == 0 ? "" : std::string(between)) + one(i);
    return text;
  };
  const auto part = [&](size_t i) { return spoken_type(types, node.parts[i]); };
  switch (node.shape) {
    case model::TypeShape::kSystem:
    case model::TypeShape::kVariable: return types.name(type);
    case model::TypeShape::kFhir: {
      const auto& info = model::type(node.fhir);
      const bool plain =
          info.kind != model::TypeKind::kPrimitive && model::TypeTable::find_system(info.name) == nullptr;
      return plain ? std::string(info.name) : types.name(type);
    }
    case model::TypeShape::kList: return "List<" + part(0) + ">";
    case model::TypeShape::kInterval: return "Interval<" + part(0) + ">";
    case model::TypeShape::kChoice: return join(" or ", part);
    case model::TypeShape::kTuple:
      return "Tuple { " + join(", ", [&](size_t i) { return node.names[i] + " " + part(i); }) + " }";
  }
  return types.name(type);
}

}  // namespace vigil::semantic
