// SPDX-License-Identifier: Apache-2.0
// A rule file whose expected diagnostics stand in it as comments, below the line each is about:
//
//   define "A": "B" + 1
//   //          ^^^ VGL0201 unknown name `B`
//   //   hint: did you mean `A`?
//   //   label: `"A"` first declared here
//
// `// @1:3 VGL0101 ...` is an error on columns 1 to 3, where `//` itself would stand; `(to +2:5)` ends a span that goes
// on to column 5 two lines further; `// @none` has no place in rule text. `// with: other.vigil` names a file of the
// folder with/ beside, compiled together with this one; what is wrong there stands at the end as `// @other.vigil:3:9`.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <vigil/rulebook.h>

namespace vigil::test {

/// One case, as read.
struct CaseFile {
  std::filesystem::path path;
  std::string text;   ///< as it stands in the file
  std::string rules;  ///< without the expectations: what is compiled
  std::vector<RuleText> companions;
};

CaseFile read_case(const std::filesystem::path& path);

/// What compiling the case gives.
Compilation compile_case(const CaseFile& file, const std::shared_ptr<const KnowledgeBase>& knowledge);

/// The case's text as it should be: its rules with the diagnostics of the compilation as comments.
std::string with_expectations(const CaseFile& file, const Compilation& compilation);

/// The lines that differ between two texts, as `- line` and `+ line`; for messages.
std::string differing_lines(const std::string& expected, const std::string& got);

}  // namespace vigil::test
