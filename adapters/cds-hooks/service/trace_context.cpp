// SPDX-License-Identifier: Apache-2.0
// Trace ids.
#include "cds-hooks/service/trace_context.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <random>

namespace vigil::hooks {
namespace {

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

std::string trace_id_of(std::string_view trace_parent) {
  // version "-" trace-id "-" parent-id "-" flags; later versions may add more.
  if (trace_parent.size() < 55 || trace_parent[2] != '-' || trace_parent[35] != '-' || trace_parent[52] != '-')
    return {};
  const auto version = trace_parent.substr(0, 2);
  const auto id = trace_parent.substr(3, 32);
  const bool has_right_size =
      version == "00" ? trace_parent.size() == 55 : trace_parent.size() == 55 || trace_parent[55] == '-';
  if (!is_hex(version) || version == "ff" || !has_right_size || !is_hex(id)) return {};
  return id.find_first_not_of('0') == std::string_view::npos ? std::string() : std::string(id);
}

RequestIds::RequestIds() {
  std::random_device entropy;
  instance_ = uint64_t{entropy()} << 32 | entropy();
}

std::string RequestIds::next() {
  std::array<char, 33> text{};
  std::snprintf(text.data(), text.size(), "%016llx%016llx", static_cast<unsigned long long>(instance_),
                static_cast<unsigned long long>(++count_));
  return text.data();
}

}  // namespace vigil::hooks
