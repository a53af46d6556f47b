// SPDX-License-Identifier: Apache-2.0
// Compares the names of objects.
#include "cds-hooks/protocol/repeated_names.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace vigil::hooks {
namespace {

/// A name is the sender's, and may be of any length.
std::string join(const std::string& path, std::string_view name) {
  constexpr size_t kLongestName = 64;
  return path + (path.empty() ? "" : ".") + std::string(name.substr(0, kLongestName));
}

std::optional<std::string> compare_sorted(const JsonNode& object) {
  std::vector<std::string> names;
  object.for_each_member([&](std::string_view name, const JsonNode&) { names.emplace_back(name); });
  std::ranges::sort(names);
  const auto at = std::ranges::adjacent_find(names);
  return at == names.end() ? std::nullopt : std::optional(std::move(*at));
}

/// Whether all names of the object are different, as one sees at once: a few, and none with an escape.
bool are_surely_different(const JsonNode& object) {
  std::array<std::string_view, 16> names;
  size_t count = 0;
  bool sure = true;
  object.for_each_member([&](std::string_view, const JsonNode& member) {
    const auto name = member.text().raw_string(member.token() - 2);  // a colon stands between
    sure = sure && count < names.size() && !fhir::has_escape(name);
    if (!sure) return;
    for (size_t i = 0; i < count; ++i) sure = sure && names[i] != name;
    names[count++] = name;
  });
  return sure;
}

bool is_container(const JsonNode& value) { return value.is(JsonKind::kObject) || value.is(JsonKind::kArray); }

bool has_repeated(const JsonNode& value) {
  bool found = !are_surely_different(value) && compare_sorted(value);
  value.for_each_member([&](std::string_view, const JsonNode& member) {
    found = found || (is_container(member) && has_repeated(member));
  });
  value.for_each_element(
      [&](uint32_t, const JsonNode& element) { found = found || (is_container(element) && has_repeated(element)); });
  return found;
}

/// The path to the first one; slower.
std::optional<std::string> find_path(const JsonNode& value, const std::string& path) {
  auto found = find_repeated_name(value, path);
  value.for_each_member([&](std::string_view name, const JsonNode& member) {
    if (!found && has_repeated(member)) found = find_path(member, join(path, name));
  });
  value.for_each_element([&](uint32_t index, const JsonNode& element) {
    if (!found && has_repeated(element)) found = find_path(element, path + "[" + std::to_string(index) + "]");
  });
  return found;
}

}  // namespace

std::optional<std::string> find_repeated_name(const JsonNode& object, const std::string& path) {
  if (are_surely_different(object)) return std::nullopt;
  const auto name = compare_sorted(object);
  return name ? std::optional(join(path, *name)) : std::nullopt;
}

std::optional<std::string> find_repeated_name_within(const JsonNode& value, const std::string& path) {
  return has_repeated(value) ? find_path(value, path) : std::nullopt;
}

}  // namespace vigil::hooks
