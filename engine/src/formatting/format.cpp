// SPDX-License-Identifier: Apache-2.0
// The public entry: read, decide where lines end, align, write.
#include <vigil/format.h>

#include "formatting/layout_items.h"

namespace vigil {

FormatResult format(std::string_view text, std::string_view name) {
  using namespace formatting;
  FormatResult result;
  DiagnosticSink sink;
  const auto source = result.sources.add(std::string(name), std::string(text));
  const auto tokens = read_source_tokens(result.sources, source, ParseLimits{}, sink);
  if (!tokens) {
    result.text = text;
    result.diagnostics = sink.take();
    return result;
  }
  auto items = read_items(text, *tokens);
  decide_breaks(items);
  align(items);
  result.text = write_lines(items);
  return result;
}

}  // namespace vigil
