// SPDX-License-Identifier: Apache-2.0
// The rows of fhir_table.inc joined, at compile time, into the table of types and elements; and the look-ups over it.
#include "model/fhir_model.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>

namespace vigil::model {
namespace {

// What the rows say, each aspect from one reading of the table. A namespace, for the ids have names such as `string`.
namespace table {

enum : FhirTypeId {
#define FHIR_TYPE(identifier, ...) identifier,
#define FHIR_BACKBONE(identifier, ...) identifier,
#include "model/fhir_table.inc"
  kTypeCount
};

struct TypeRow {
  std::string_view name;
  FhirTypeId base;
  TypeKind kind;
  Kind system_kind;
  std::string_view primary_code_path;
  std::string_view patient_path;
};

constexpr TypeRow kTypeRows[] = {
#define FHIR_TYPE(identifier, name, base, kind, system_kind, primary_code_path, patient_path) \
  {name, base, TypeKind::kind, Kind::system_kind, primary_code_path, patient_path},
#define FHIR_BACKBONE(identifier, name, base) {name, base, TypeKind::kBackbone, Kind::kNull, "", ""},
#include "model/fhir_table.inc"
};

/// An element of the type last begun. A row without a name begins the next type.
struct ElementRow {
  std::string_view name = {};
  uint16_t type_count = 0;
  bool is_list = false;
  bool is_choice = false;
};

constexpr uint16_t count(std::initializer_list<FhirTypeId> types) { return static_cast<uint16_t>(types.size()); }

constexpr ElementRow kElementRows[] = {
#define FHIR_TYPE(...) {},
#define FHIR_BACKBONE(...) {},
#define FHIR_ONE(name, type) {#name, 1, false, false},
#define FHIR_MANY(name, type) {#name, 1, true, false},
#define FHIR_CHOICE(name, ...) {#name, count({__VA_ARGS__}), false, true},
#include "model/fhir_table.inc"
};

/// The types of all elements, in the order of kElementRows.
constexpr FhirTypeId kElementTypes[] = {
#define FHIR_ONE(name, type) type,
#define FHIR_MANY(name, type) type,
#define FHIR_CHOICE(name, ...) __VA_ARGS__,
#include "model/fhir_table.inc"
};

constexpr std::string_view kEnumerations[] = {
#define FHIR_ENUMERATION(name) #name,
#include "model/fhir_table.inc"
};

constexpr std::string_view kProfiles[] = {
#define FHIR_PROFILE(name) name,
#include "model/fhir_table.inc"
};

static_assert(kTypeCount < kNoType);
static_assert(std::ranges::is_sorted(kTypeRows, {}, &TypeRow::name), "find_type searches by name");
static_assert(std::ranges::is_sorted(kEnumerations) && std::ranges::is_sorted(kProfiles));

}  // namespace table

using table::kTypeCount;

/// Where a type's own elements are: kElementRows from `row` on, their types in kElementTypes from `types` on.
struct OwnElements {
  size_t row = 0;
  size_t count = 0;
  size_t types = 0;
};

constexpr auto kOwn = [] {
  std::array<OwnElements, kTypeCount> own{};
  size_t next_type = 0;
  size_t types = 0;
  for (size_t row = 0; row < std::size(table::kElementRows); ++row) {
    if (table::kElementRows[row].name.empty()) {
      own[next_type++] = {row + 1, 0, types};
    } else {
      ++own[next_type - 1].count;
      types += table::kElementRows[row].type_count;
    }
  }
  return own;
}();

constexpr size_t count_elements(FhirTypeId id) {
  size_t count = 0;
  for (; id != kNoType; id = table::kTypeRows[id].base) count += kOwn[id].count;
  return count;
}

constexpr size_t kElementCount = [] {
  size_t count = 0;
  for (FhirTypeId id = 0; id < kTypeCount; ++id) count += count_elements(id);
  return count;
}();

/// Appends the elements of `id`, those of its base before its own; gives the end.
constexpr ElementInfo* append_elements(FhirTypeId id, ElementInfo* end) {
  if (id == kNoType) return end;
  end = append_elements(table::kTypeRows[id].base, end);
  const FhirTypeId* types = table::kElementTypes + kOwn[id].types;
  for (size_t i = 0; i < kOwn[id].count; ++i) {
    const table::ElementRow& row = table::kElementRows[kOwn[id].row + i];
    *end++ = {row.name, types, row.type_count, row.is_list, row.is_choice};
    types += row.type_count;
  }
  return end;
}

constexpr auto kElements = [] {
  std::array<ElementInfo, kElementCount> elements{};
  ElementInfo* end = elements.data();
  for (FhirTypeId id = 0; id < kTypeCount; ++id) end = append_elements(id, end);
  return elements;
}();

constexpr auto kTypes = [] {
  std::array<TypeInfo, kTypeCount> types{};
  const ElementInfo* first = kElements.data();
  for (FhirTypeId id = 0; id < kTypeCount; ++id) {
    const table::TypeRow& row = table::kTypeRows[id];
    const size_t count = count_elements(id);
    types[id] = {row.name, row.primary_code_path, row.patient_path, first, static_cast<uint16_t>(count), row.base,
                 row.kind, row.system_kind};
    first += count;
  }
  return types;
}();

/// The type as JSON names it in a choice. CQL has two profiles of Quantity as types; JSON knows only Quantity.
std::string_view json_type_name(FhirTypeId id) {
  const bool is_profile = id == table::SimpleQuantity || id == table::MoneyQuantity;
  return kTypes[is_profile ? FhirTypeId{table::Quantity} : id].name;
}

constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

/// Whether `text` is `name` with its first letter capitalised.
bool is_capitalised(std::string_view text, std::string_view name) {
  return text.size() == name.size() && text.front() == upper(name.front()) && text.substr(1) == name.substr(1);
}

constexpr FhirTypeId kElementType = table::Element;

/// The companion of a primitive element by its JSON name. Few programs read one: they are made when first asked for.
const ElementInfo* find_companion(FhirTypeId id, std::string_view json_key) {
  static const auto companions = [] {
    std::map<std::pair<std::string, bool>, ElementInfo, std::less<>> made;
    for (const ElementInfo& element : kElements)
      for (const FhirTypeId type : element.type_span())
        if (kTypes[type].kind == TypeKind::kPrimitive)
          made.try_emplace({'_' + json_name(element, type), element.is_list});
    for (auto& [key, info] : made) info = {key.first, &kElementType, 1, key.second, false};
    return made;
  }();
  const auto base = find_json_element(id, json_key.substr(1));
  if (base.element == nullptr || kTypes[base.type].kind != TypeKind::kPrimitive) return nullptr;
  const auto found = companions.find({std::string(json_key), base.element->is_list});
  return found == companions.end() ? nullptr : &found->second;
}

}  // namespace

size_t type_count() { return kTypes.size(); }

const TypeInfo& type(FhirTypeId id) { return kTypes[id]; }

FhirTypeId find_type(std::string_view name) {
  const auto found = std::ranges::lower_bound(kTypes, name, {}, &TypeInfo::name);
  return found != kTypes.end() && found->name == name ? static_cast<FhirTypeId>(found - kTypes.begin()) : kNoType;
}

const ElementInfo* find_element(FhirTypeId id, std::string_view name) {
  if (id == kNoType) return nullptr;
  if (name.starts_with('_')) return find_companion(id, name);
  const std::span<const ElementInfo> elements = kTypes[id].elements();
  const auto found = std::ranges::find(elements, name, &ElementInfo::name);
  return found != elements.end() ? &*found : nullptr;
}

bool is_subtype(FhirTypeId derived, FhirTypeId base) {
  if (base == kNoType) return false;
  while (derived != kNoType && derived != base) derived = kTypes[derived].base;
  return derived == base;
}

bool is_resource(FhirTypeId id) { return is_subtype(id, table::Resource); }

JsonElement find_json_element(FhirTypeId id, std::string_view json_key) {
  if (id == kNoType) return {};
  if (json_key.starts_with('_')) {
    const auto* const companion = find_companion(id, json_key);
    return companion == nullptr ? JsonElement{} : JsonElement{companion, kElementType};
  }
  for (const ElementInfo& element : kTypes[id].elements()) {
    if (!json_key.starts_with(element.name)) continue;
    const std::string_view suffix = json_key.substr(element.name.size());
    if (!element.is_choice && suffix.empty()) return {&element, element.types[0]};
    if (!element.is_choice || suffix.empty()) continue;
    for (const FhirTypeId choice : element.type_span()) {
      if (is_capitalised(suffix, json_type_name(choice))) return {&element, choice};
    }
  }
  return {};
}

std::string json_name(const ElementInfo& element, FhirTypeId choice_type) {
  std::string name(element.name);
  if (!element.is_choice) return name;
  const std::string_view type_name = json_type_name(choice_type);
  name += upper(type_name.front());
  return name += type_name.substr(1);
}

bool is_profile_name(std::string_view name) { return std::ranges::binary_search(table::kProfiles, name); }

std::string_view enumeration_base(std::string_view name) {
  return std::ranges::binary_search(table::kEnumerations, name) ? "code" : std::string_view();
}

}  // namespace vigil::model
