// SPDX-License-Identifier: Apache-2.0
// Rules as HTML to be read, reviewed and printed: a page a rule, and an index.
#pragma once

#include <string>
#include <vector>

#include <vigil/rulebook.h>

namespace vigil::cli {

/// One file of the documentation.
struct RulePage {
  std::string file;  ///< "warfarin-with-a-high-inr.html"
  std::string html;
};

/// The pages of all rules, in the rulebook's order, then `index.html` with the rules by category, hook, drug class and
/// drug. The same rulebook gives the same bytes. The pages stand alone: no script, no other file, and print as they
/// are.
std::vector<RulePage> make_rule_pages(const Rulebook& rulebook);

}  // namespace vigil::cli
