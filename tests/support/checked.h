// SPDX-License-Identifier: Apache-2.0
// Texts taken as far as the typed module, for tests of the rooms after it.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>

#include "parser/parse.h"
#include "semantic/check.h"

namespace vigil::test {

/// Libraries checked together; `codes` are those of the diagnostics, in order.
struct Checked {
  SourceSet sources;
  typed::Module module;
  std::vector<std::string> codes;

  /// The index of the definition of this name; the number of definitions where there is none.
  uint32_t definition(std::string_view name) const {
    const auto& all = module.definitions;
    const auto at = std::find_if(all.begin(), all.end(), [&](const auto& d) { return d.name == name; });
    return static_cast<uint32_t>(at - all.begin());
  }
  const typed::Expr& body(std::string_view name) const { return module[module.definitions[definition(name)].body]; }
};

inline Checked check_texts(const std::vector<std::string>& texts) {
  Checked checked;
  DiagnosticSink sink;
  std::vector<ast::Library> libraries;
  for (const auto& text : texts) {
    const auto source = checked.sources.add("test" + std::to_string(libraries.size()) + ".vigil", text);
    libraries.push_back(parse_library(checked.sources, source, {}, sink));
  }
  checked.module = check(libraries, sink);
  for (const auto& diagnostic : sink.all()) checked.codes.emplace_back(diagnostic.code);
  return checked;
}

}  // namespace vigil::test
