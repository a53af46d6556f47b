// SPDX-License-Identifier: Apache-2.0
// "Did you mean": the nearest known name.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vigil {

/// The candidate nearest to `name` by optimal string alignment distance, case counting half; empty where none is near
/// (further than a third of the length). Of one or two letters only their case may differ: any such name is near to all
/// others. Names over 64 bytes are not compared.
std::string_view nearest_name(std::string_view name, std::span<const std::string_view> candidates);
/// "did you mean `X`?" or an empty string.
std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates);
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace vigil
