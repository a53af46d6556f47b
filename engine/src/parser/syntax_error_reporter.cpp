// SPDX-License-Identifier: Apache-2.0
// One diagnostic for a syntax error: the place, what could stand there, the bracket that is open, and what to change.
#include "parser/syntax_error_reporter.h"

#include <algorithm>

#include "diagnostics/catalogue.h"
#include "diagnostics/suggest.h"
#include "parser/expected_words.h"
#include "parser/token_sets.h"
#include "parser/word_roles.h"

namespace vigil::parsing {
namespace {

std::string shown(const ParseSite& site, const antlr4::Token& token) {
  constexpr size_t kMost = 40;
  const auto words = text_of(site.text, token);
  return '`' + to_utf8(words.substr(0, kMost)) + (words.size() > kMost ? "…`" : "`");
}

/// The bracket of the slice that is open before token `at` and never closed; null if there is none.
const antlr4::Token* open_bracket(const ParseSite& site, size_t at) {
  std::vector<size_t> open;
  for (size_t i = site.slice.begin(); i < site.slice.end(); ++i) {
    const auto type = site.row.lexed[i];
    if (opens(type)) open.push_back(i);
    if (closes(type) && !open.empty()) open.pop_back();
  }
  while (!open.empty() && open.back() >= at) open.pop_back();
  return open.empty() ? nullptr : site.row.tokens[open.back()].get();
}

std::string hint_for_sign(size_t type, size_t before, const antlr4::misc::IntervalSet& expected) {
  if (type == T::EQ && before == T::EQ) return "CQL compares with a single `=`";
  if (type == T::GT && before == T::LT) return "write `!=` for unequal";
  if (type == T::AMPERSAND && before == T::AMPERSAND) return "write `and`";
  if (type == T::PIPE && before == T::PIPE) return "write `or`";
  if (type == T::EQ && expected.contains(static_cast<size_t>(T::COLON))) return "a name is followed by `:`";
  if (type == T::IDENTIFIER && expected.contains(static_cast<size_t>(T::STRING)) && !expected.contains(static_cast<size_t>(T::IDENTIFIER)))
    return "a text stands in single quotes, 'so'; double quotes are for names";
  return {};
}

/// A plain word at `index` that is nearly one of `candidates`.
std::string misspelled(const ParseSite& site, size_t index, std::span<const std::string_view> candidates) {
  if (index < site.slice.begin() || index >= site.slice.end() || site.row.type(index) != T::IDENTIFIER) return {};
  const auto word = to_utf8(text_of(site.text, *site.row.tokens[index]));
  return word.size() < 3 ? std::string() : did_you_mean(word, candidates);
}

/// "did you mean" for the offending word, or for the one before it, which then was taken for a name.
std::string spelling_hint(const ParseSite& site, size_t index, const antlr4::misc::IntervalSet& expected) {
  if (auto hint = misspelled(site, index, expected_keywords(expected)); !hint.empty()) return hint;
  const auto may_open = [&](size_t at) {
    return at < site.slice.end() && at >= site.slice.begin() && first_on_line(site.text, *site.row.tokens[at]);
  };
  for (const size_t at : {index, index - 1}) {
    if (!may_open(at)) continue;
    if (auto hint = misspelled(site, at, declaration_words()); !hint.empty()) return hint;
    if (auto hint = misspelled(site, at, clause_words()); !hint.empty()) return hint;
  }
  static constexpr std::string_view kPhrases[] = {"where", "return", "sort", "aggregate", "with", "without", "such", "that", "exists",
                                                  "during", "before", "after", "between", "union", "intersect", "except", "then",
                                                  "else", "overlaps", "includes", "contains", "because", "when", "default", "version"};
  return index > site.slice.begin() ? misspelled(site, index - 1, kPhrases) : std::string();
}

}  // namespace

Diagnostic describe_syntax_error(const SyntaxError& error, const ParseSite& site) {
  const auto& token = *error.offending;
  if (error.too_deep)
    return make_diagnostic<Code::VGL0003>(span_of(site.text, token), std::to_string(site.limits.max_nesting));
  const auto index = token.getTokenIndex();
  const bool at_end = index >= site.row.size();
  const auto expected = describe_expected(error.expected, site.entry);
  Diagnostic diagnostic;
  if (at_end) {
    const auto end = site.row.size() == 0 ? 0 : site.row.tokens.back()->getStopIndex() + 1;
    diagnostic = make_diagnostic<Code::VGL0110>(site.text.span(end, end), expected);
  } else {
    const auto& met = *site.row.tokens[index];
    diagnostic = make_diagnostic<Code::VGL0101>(span_of(site.text, met), shown(site, met), expected);
  }
  const bool past_slice = index >= site.slice.end();
  const auto* open = open_bracket(site, index);
  const auto type = site.row.type(index);
  if (open != nullptr)
    diagnostic.label(span_of(site.text, *open), shown(site, *open) + " is opened here");
  else if (past_slice && !at_end && index > site.slice.begin())
    diagnostic.label(span_of(site.text, *site.row.tokens[index - 1]), "what begins before is not complete here");
  auto hint = past_slice ? std::string() : hint_for_sign(type, index > 0 ? site.row.type(index - 1) : antlr4::Token::EOF, error.expected);
  if (hint.empty() && !past_slice) hint = spelling_hint(site, index, error.expected);
  if (hint.empty() && !past_slice && closes(type) && open == nullptr) hint = "no bracket is open here";
  diagnostic.hint = std::move(hint);
  return diagnostic;
}

}  // namespace vigil::parsing
