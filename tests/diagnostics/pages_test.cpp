// SPDX-License-Identifier: Apache-2.0
// The examples of docs/errors: the wrong one gives the page's code, the right one gives no error. Blocks marked `text`
// and `json` are not compiled.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include <vigil/rulebook.h>

#include "repository_knowledge.h"
#include "support/files.h"

namespace {

namespace fs = std::filesystem;

/// The `vigil` block that follows a heading such as "Wrong:"; empty where there is none.
std::string block_after(const std::string& page, const std::string& heading) {
  const auto at = page.find("\n" + heading + "\n");
  if (at == std::string::npos) return {};
  const auto fence = page.find("```", at);
  if (fence == std::string::npos || page.compare(fence, 9, "```vigil\n") != 0) return {};
  return page.substr(fence + 9, page.find("\n```", fence + 9) - fence - 8);
}

/// With the lines that a page leaves out. A `library` line stays first.
vigil::Compilation compile_block(std::string text) {
  if (text.find("using ") == std::string::npos && text.find("library ") == std::string::npos)
    text = "using FHIR version '4.0.1'\ncontext Patient\n" + text;
  return vigil::compile({{"page", std::move(text)}}, {.knowledge = vigil::test::repository_knowledge(),
                                                      .observe_definitions = false,
                                                      .parameters = {},
                                                      .stop_after = {},
                                                      .dump = {}});
}

}  // namespace

TEST_CASE("the examples of the error pages do as the pages say") {
  for (const auto code : vigil::all_codes()) {
    const auto page = vigil::test::read_text(fs::path(VIGIL_SOURCE_DIR) / "docs/errors" / (std::string(code) + ".md"));
    INFO(code);
    if (const auto wrong = block_after(page, "Wrong:"); !wrong.empty()) {
      const auto compiled = compile_block(wrong);
      const auto text = vigil::render_text(compiled.diagnostics, *compiled.sources);
      CHECK_MESSAGE(std::ranges::any_of(compiled.diagnostics, [&](const auto& d) { return d.code == code; }),
                    "the wrong example gives:\n", text);
    }
    if (const auto right = block_after(page, "Right:"); !right.empty()) {
      const auto compiled = compile_block(right);
      CHECK_MESSAGE(!compiled.has_errors(), "the right example gives:\n",
                    vigil::render_text(compiled.diagnostics, *compiled.sources));
    }
  }
}
