// SPDX-License-Identifier: Apache-2.0
// "Did you mean" for names of the command line.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace vigil::cli {

/// "did you mean `X`?" for the known name nearest to `name`, by edit distance regardless of case; empty where none is
/// nearer than about a third of its length.
std::string did_you_mean(std::string_view name, std::span<const std::string> known);

}  // namespace vigil::cli
