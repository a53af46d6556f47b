// SPDX-License-Identifier: Apache-2.0
// What changed between two texts that differ in white space only.
#pragma once

#include <string>
#include <string_view>

namespace vigil::cli {

/// A unified diff with three lines of context, under the heading `name`; empty where the texts are equal. Lines are
/// matched by the characters before them, so that the cost is linear.
std::string white_space_diff(std::string_view name, std::string_view before, std::string_view after);

}  // namespace vigil::cli
