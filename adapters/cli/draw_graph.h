// SPDX-License-Identifier: Apache-2.0
// DOT to SVG, by Graphviz.
#pragma once

#include <optional>
#include <string>

namespace vigil::cli {

/// The drawing, or none and in `problem` what to tell.
std::optional<std::string> draw_svg(const std::string& dot, std::string& problem);

}  // namespace vigil::cli
