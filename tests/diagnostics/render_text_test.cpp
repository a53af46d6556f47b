// SPDX-License-Identifier: Apache-2.0
// How diagnostics look on a terminal: carets, marks of the same line together, long lines cut.
#include <doctest/doctest.h>

#include <string>

#include <vigil/rulebook.h>

namespace {

using namespace vigil;

std::string rendered(std::string text) {
  const auto compiled = compile({{"a.vigil", std::move(text)}});
  return render_text(compiled.diagnostics, *compiled.sources);
}

}  // namespace

TEST_CASE("marks of one line stand below it together") {
  CHECK(rendered("define \"Sum\": 'a' + 1\n") ==
        "error[VGL0302]: `+` cannot be applied to String and Integer\n"
        "  --> a.vigil:1:19\n"
        "    1 | define \"Sum\": 'a' + 1\n"
        "      |               --- ^ - this is Integer\n"
        "      |               this is String\n"
        "  = hint: write `ToString(...)` around the Integer\n");
}

TEST_CASE("a mark of another line has a line of its own") {
  CHECK(rendered("define \"A\": 1\ndefine \"A\": 2\n") ==
        "error[VGL0202]: `A` is declared twice\n"
        "  --> a.vigil:2:8\n"
        "    2 | define \"A\": 2\n"
        "      |        ^^^\n"
        "    1 | define \"A\": 1\n"
        "      |        --- first declared here\n");
}

TEST_CASE("a long line is cut around the place, and marks outside of it have a line of their own") {
  const auto text = rendered("define \"Sum\": '" + std::string(300, 'x') + "' + 1\n");
  CHECK(text.find("| " + std::string(58, 'x') + "' + 1\n") != std::string::npos);
  CHECK(text.find(std::string(60, ' ') + "^ - this is Integer\n") != std::string::npos);
  CHECK(text.find("- this is String\n") != std::string::npos);
}
