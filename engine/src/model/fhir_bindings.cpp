// SPDX-License-Identifier: Apache-2.0
// The rows of fhir_bindings.inc and the look-up over them.
#include "model/fhir_bindings.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <utility>

namespace vigil::model {
namespace {

constexpr uint16_t count(std::initializer_list<std::string_view> codes) { return static_cast<uint16_t>(codes.size()); }

/// A value set, or an element that is bound to the value set last begun: one without an address.
struct Row {
  std::string_view value_set = {};
  std::string_view system = {};
  uint16_t code_count = 0;
  std::string_view type = {};
  std::string_view element = {};
};

constexpr Row kRows[] = {
#define FHIR_VALUE_SET(address, system, ...) {address, system, count({__VA_ARGS__}), "", ""},
#define FHIR_BINDING(type, element) {"", "", 0, type, element},
#include "model/fhir_bindings.inc"
};

/// The codes of all value sets, in the order of kRows.
constexpr std::string_view kCodes[] = {
#define FHIR_VALUE_SET(address, system, ...) __VA_ARGS__,
#include "model/fhir_bindings.inc"
};

using ElementKey = std::pair<FhirTypeId, std::string_view>;

/// By type and element. Few programs ask: made when first asked for.
const std::map<ElementKey, RequiredBinding>& bindings() {
  static const auto made = [] {
    std::map<ElementKey, RequiredBinding> found;
    RequiredBinding current;
    size_t next_code = 0;
    for (const Row& row : kRows) {
      if (row.value_set.empty()) {
        found.emplace(ElementKey{find_type(row.type), row.element}, current);
        continue;
      }
      current = {row.value_set, row.system, std::span(kCodes).subspan(next_code, row.code_count)};
      next_code += row.code_count;
    }
    return found;
  }();
  return made;
}

}  // namespace

bool RequiredBinding::has(std::string_view code) const { return std::ranges::find(codes, code) != codes.end(); }

std::optional<RequiredBinding> find_required_binding(FhirTypeId id, std::string_view element) {
  for (; id != kNoType; id = type(id).base)
    if (const auto found = bindings().find({id, element}); found != bindings().end()) return found->second;
  return std::nullopt;
}

}  // namespace vigil::model
