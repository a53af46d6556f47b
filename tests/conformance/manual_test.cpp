// SPDX-License-Identifier: Apache-2.0
// Runs the examples of grammar/LANGUAGE.md, as its section "The examples" describes them, and holds its lists of
// functions against the engine's tables.
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>
#include <set>
#include <sstream>

#include <vigil/evaluate.h>

#include "conformance/expressions.h"
#include "knowledge/knowledge_reader.h"
#include "support/files.h"

namespace {

namespace fs = std::filesystem;
using namespace vigil;

constexpr std::string_view kExpressions = "// expression";
constexpr std::string_view kArrow = "→";

/// A ```vigil block, and the line of the manual that it begins on.
struct Block {
  size_t line = 0;
  std::string text;

  bool is_expressions() const { return text.starts_with(kExpressions); }
  bool is_library() const { return text.starts_with("library ") || text.find("\nlibrary ") != std::string::npos; }
};

/// A line `EXPRESSION  →  VALUE` of a block of expressions.
struct Example {
  size_t line = 0;
  std::string expression;
  std::string value;
};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

const std::string& manual() {
  static const auto text = test::read_text(VIGIL_SOURCE_DIR "/grammar/LANGUAGE.md");
  return text;
}

std::vector<Block> blocks_of(const std::string& text) {
  std::vector<Block> blocks;
  std::istringstream stream(text);
  bool inside = false;
  size_t number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    if (!inside && line == "```vigil") {
      inside = true;
      blocks.push_back({number + 1, {}});
    } else if (inside && line == "```") {
      inside = false;
    } else if (inside) {
      blocks.back().text += line + '\n';
    }
  }
  REQUIRE_FALSE(inside);
  return blocks;
}

/// Those after the first, which is the prelude.
std::vector<Block> examples() {
  auto blocks = blocks_of(manual());
  blocks.erase(blocks.begin());
  return blocks;
}

std::string prelude() { return blocks_of(manual()).front().text; }

std::vector<Example> examples_of(const Block& block) {
  std::vector<Example> found;
  std::istringstream stream(block.text);
  size_t number = block.line;
  for (std::string line; std::getline(stream, line); ++number) {
    if (line.empty() || line.starts_with("//")) continue;
    const auto arrow = line.find(kArrow);
    CHECK_MESSAGE(arrow != std::string::npos, "LANGUAGE.md:", number, ": an expression without a value");
    if (arrow == std::string::npos) continue;
    const std::string_view text = line;
    found.push_back({number, std::string(trimmed(text.substr(0, arrow))),
                     std::string(trimmed(text.substr(arrow + kArrow.size())))});
  }
  return found;
}

const std::shared_ptr<const KnowledgeBase>& repository_knowledge() {
  static const auto knowledge = [] {
    KnowledgeBaseBuilder builder;
    DiagnosticSink sink;
    read_knowledge(fs::path(VIGIL_SOURCE_DIR) / "knowledge-base", builder, sink);
    return builder.build(sink);
  }();
  return knowledge;
}

Compilation compiled(std::string text) {
  CompileOptions options;
  options.knowledge = repository_knowledge();
  std::vector<RuleText> texts;
  texts.push_back({"LANGUAGE.md", std::move(text)});
  return compile(std::move(texts), options);
}

/// The prelude from its terminology on: the head of a library for expressions is made by evaluate_all.
std::string prelude_declarations() {
  const auto text = prelude();
  const auto begin = text.find("codesystem ");
  REQUIRE(begin != std::string::npos);
  return text.substr(begin);
}

void check_expressions(const Block& block) {
  const auto all = examples_of(block);
  CHECK_FALSE(all.empty());
  std::vector<conformance::ExpressionCase> cases;
  for (const auto& example : all) cases.push_back({example.expression, example.value});
  const auto declarations = prelude_declarations();
  const auto values = conformance::evaluate_all(cases, {declarations, repository_knowledge(), "2026-01-15T09:00:00Z"});
  for (size_t i = 0; i < all.size(); ++i) {
    INFO("LANGUAGE.md:", all[i].line, ": ", all[i].expression);
    CHECK(values[i] == all[i].value);
  }
}

void check_rules(const Block& block) {
  INFO("LANGUAGE.md:", block.line);
  const auto compilation = compiled(block.is_library() ? block.text : prelude() + '\n' + block.text);
  CHECK_MESSAGE(compilation.diagnostics.empty(), render_text(compilation.diagnostics, *compilation.sources));
  REQUIRE(compilation.rulebook);
  for (const auto& test : run_tests(*compilation.rulebook)) {
    INFO("test \"", test.name, '"');
    for (const auto& failure : test.failures) FAIL_CHECK(failure);
  }
}

/// The words in code quotes in the section of this heading.
std::set<std::string> quoted_words(std::string_view heading) {
  const auto& text = manual();
  const auto begin = text.find("\n## " + std::string(heading) + '\n');
  REQUIRE(begin != std::string::npos);
  const auto section = text.substr(begin, text.find("\n## ", begin + 1) - begin);
  std::set<std::string> words;
  for (size_t at = section.find('`'); at != std::string::npos; at = section.find('`', at)) {
    const auto end = section.find('`', at + 1);
    if (end == std::string::npos) break;
    words.insert(section.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return words;
}

}  // namespace

TEST_CASE("every example of the manual is true") {
  REQUIRE(examples().size() >= 35);
  for (const auto& block : examples()) {
    if (block.is_expressions())
      check_expressions(block);
    else
      check_rules(block);
  }
}

TEST_CASE("the manual's prelude compiles without a diagnostic") {
  const auto compilation = compiled(prelude());
  CHECK_MESSAGE(compilation.diagnostics.empty(), render_text(compilation.diagnostics, *compilation.sources));
}

TEST_CASE("the manual names what is not evaluated yet, and nothing else") {
  static constexpr std::string_view kNotYet[] = {
#define VIGIL_NOT_YET(name) name,
#include "semantic/not_yet.def"
#undef VIGIL_NOT_YET
  };
  const auto words = quoted_words("What is not evaluated yet");
  for (const auto name : kNotYet)
    CHECK_MESSAGE(words.contains(std::string(name)), name, " is not evaluated yet: say so in LANGUAGE.md");
  const auto is_function = [](const std::string& word) {
    return word[0] >= 'A' && word[0] <= 'Z' &&
           std::ranges::all_of(word, [](unsigned char c) { return std::isalnum(c) != 0; });
  };
  for (const auto& word : words)
    if (is_function(word))
      CHECK_MESSAGE(std::ranges::find(kNotYet, word) != std::end(kNotYet), word,
                    " is evaluated: take it from LANGUAGE.md's list");
}

TEST_CASE("the manual has each function of Vigil's own") {
  static constexpr std::string_view kFunctions[] = {
#define VIGIL_OVERLOAD(name, types, operation) name,
#include "semantic/overloads.def"
#undef VIGIL_OVERLOAD
  };
  const auto words = quoted_words("Vigil's own functions");
  for (const auto name : kFunctions) {
    if (name[0] < 'a' || name[0] > 'z') continue;
    const auto shown =
        std::ranges::any_of(words, [&](const std::string& word) { return word.starts_with(std::string(name) + '('); });
    CHECK_MESSAGE(shown, name, " is not in LANGUAGE.md");
  }
}
