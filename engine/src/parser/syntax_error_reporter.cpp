// SPDX-License-Identifier: Apache-2.0
// One diagnostic for a syntax error: the place, what could stand there, the bracket that is open, and what to change.
#include "parser/syntax_error_reporter.h"

#include <algorithm>

#include "diagnostics/catalogue.h"
#include "diagnostics/suggest.h"
#include "parser/contextual_words.h"
#include "parser/expected_words.h"
#include "parser/syntax_slips.h"
#include "parser/token_sets.h"
#include "parser/word_roles.h"

namespace vigil::parsing {
namespace {

std::string shown(const ParseSite& site, const antlr4::Token& token) {
  constexpr size_t kMost = 40;
  const auto words = text_of(site.text, token);
  return '`' + to_utf8(words.substr(0, kMost)) + (words.size() > kMost ? "…`" : "`");
}

/// Whether a bracket can be closed so; an interval may mix round and square ones.
bool closes_bracket(size_t opener, size_t closer) { return (opener == T::LBRACE) == (closer == T::RBRACE); }

/// The last bracket of the slice that is opened before token `at` and never closed; null if there is none.
const antlr4::Token* open_bracket(const ParseSite& site, size_t at) {
  std::vector<size_t> open;
  std::vector<size_t> never_closed;
  for (size_t i = site.slice.begin(); i < site.slice.end(); ++i) {
    const auto type = site.row.lexed[i];
    if (opens(type)) open.push_back(i);
    if (!closes(type)) continue;
    const auto partner =
        std::find_if(open.rbegin(), open.rend(), [&](size_t o) { return closes_bracket(site.row.lexed[o], type); });
    if (partner == open.rend()) continue;
    never_closed.insert(never_closed.end(), partner.base(), open.end());
    open.erase(partner.base() - 1, open.end());
  }
  never_closed.insert(never_closed.end(), open.begin(), open.end());
  std::erase_if(never_closed, [&](size_t i) { return i >= at; });
  if (never_closed.empty()) return nullptr;
  return site.row.tokens[*std::max_element(never_closed.begin(), never_closed.end())].get();
}

/// Whether any bracket is open at token `at`.
bool has_open_bracket(const ParseSite& site, size_t at) {
  size_t depth = 0;
  for (size_t i = site.slice.begin(); i < at; ++i) {
    if (opens(site.row.lexed[i])) ++depth;
    if (closes(site.row.lexed[i]) && depth > 0) --depth;
  }
  return depth > 0;
}

std::string hint_for_sign(size_t type, size_t before, const antlr4::misc::IntervalSet& expected) {
  if (type == T::EQ && before == T::EQ) return "CQL compares with a single `=`";
  if (type == T::GT && before == T::LT) return "write `!=` for unequal";
  if (type == T::AMPERSAND && before == T::AMPERSAND) return "write `and`";
  if (type == T::PIPE && before == T::PIPE) return "write `or`";
  if (type == T::EQ && expected.contains(size_t{T::COLON})) return "a name is followed by `:`";
  if (type == T::IDENTIFIER && expected.contains(size_t{T::STRING}) && !expected.contains(size_t{T::IDENTIFIER}))
    return "a text stands in single quotes, 'so'; double quotes are for names";
  return {};
}

/// A plain word at `index` that is nearly one of `candidates`.
std::string misspelled(const ParseSite& site, size_t index, std::span<const std::string_view> candidates) {
  if (index < site.slice.begin() || index >= site.slice.end() || site.row.type(index) != T::IDENTIFIER) return {};
  const auto word = to_utf8(text_of(site.text, *site.row.tokens[index]));
  return word.size() < 3 ? std::string() : did_you_mean(word, candidates);
}

/// A hint for the word at `index`, if it stands for a keyword: misspelled, or without what must follow it.
std::string word_hint(const ParseSite& site, size_t index, std::span<const std::string_view> expected) {
  if (auto hint = misspelled(site, index, expected); !hint.empty()) return hint;
  if (index < site.slice.begin() || index >= site.slice.end()) return {};
  const auto& token = *site.row.tokens[index];
  if (site.row.type(index) != T::IDENTIFIER || !first_on_line(site.text, token)) return {};
  switch (contextual_word(text_of(site.text, token))) {
    case T::ON: return "the names of hooks stand in single quotes: on 'order-sign'";
    case T::CATEGORY:
    case T::ALERT:
    case T::DETAIL:
    case T::SUGGEST:
    case T::RECOMMEND:
    case T::PERFORM:
    case T::LINK:
    case T::LAUNCH: return shown(site, token) + " is followed by a text in single quotes";
    default: break;
  }
  if (auto hint = misspelled(site, index, declaration_words()); !hint.empty()) return hint;
  return misspelled(site, index, clause_words());
}

/// Keywords inside expressions and clauses; for a word that was taken for a name.
constexpr std::string_view kPhraseWords[] = {
    "where",    "return",   "sort",    "aggregate", "with",      "without", "such",   "exists", "during",
    "before",   "after",    "between", "union",     "intersect", "except",  "then",   "else",   "overlaps",
    "includes", "contains", "because", "when",      "default",   "version", "within", "starts", "ends"};

/// The error's token: where the parser stopped, or the token before it where that is the mistake. With a hint.
std::pair<size_t, std::string> locate(const ParseSite& site, const SyntaxError& error) {
  const auto index = error.offending->getTokenIndex();
  const auto expected = expected_keywords(error.expected);
  if (auto hint = word_hint(site, index, expected); !hint.empty()) return {index, std::move(hint)};
  if (index <= site.slice.begin()) return {index, {}};
  if (auto hint = word_hint(site, index - 1, kPhraseWords); !hint.empty()) return {index - 1, std::move(hint)};
  const auto type = site.row.type(index);
  auto hint = index < site.slice.end() ? hint_for_sign(type, site.row.type(index - 1), error.expected) : std::string();
  return {index, std::move(hint)};
}

/// A number behind an operand was read as the offset of a timing phrase (`x 3 days before y`) that did not come: the
/// number is what nobody expected. Its index, or `index`.
size_t number_before(const ParseSite& site, size_t index, const SyntaxError& error) {
  if (!error.expected.contains(size_t{T::BEFORE}) || error.expected.contains(size_t{T::AND})) return index;
  for (size_t back = 1; back <= 2 && index >= site.slice.begin() + back; ++back)
    if (site.row.type(index - back) == T::NUMBER) return index - back;
  return index;
}

}  // namespace

Diagnostic describe_syntax_error(const SyntaxError& error, const ParseSite& site) {
  const auto& token = *error.offending;
  if (error.too_deep)
    return make_diagnostic<Code::VGL0003>(span_of(site.text, token), std::to_string(site.limits.max_nesting));
  auto [index, hint] = locate(site, error);
  auto expected = describe_expected(error.expected, site.entry);
  if (const auto number = number_before(site, index, error); number != index) {
    index = number;
    expected = "an operator";
    hint.clear();
  }
  if (auto slip = find_slip(site, error, error.offending->getTokenIndex())) {
    index = slip->index;
    hint = std::move(slip->hint);
    if (!slip->expected.empty()) expected = std::move(slip->expected);
  }
  const bool past_slice = index >= site.slice.end();
  Diagnostic diagnostic;
  if (index >= site.row.size()) {
    const auto end = site.row.size() == 0 ? 0 : site.row.tokens.back()->getStopIndex() + 1;
    const auto span = site.text.span(end, end);
    diagnostic = site.in_hole ? make_diagnostic<Code::VGL0101>(span, "end of the hole", expected)
                              : make_diagnostic<Code::VGL0110>(span, expected);
  } else {
    const auto& met = *site.row.tokens[index];
    diagnostic = make_diagnostic<Code::VGL0101>(span_of(site.text, met), shown(site, met), expected);
  }
  const auto* open = open_bracket(site, index);
  if (open != nullptr)
    diagnostic.label(span_of(site.text, *open), shown(site, *open) + " is opened here");
  else if (past_slice && index < site.row.size() && index > site.slice.begin())
    diagnostic.label(span_of(site.text, *site.row.tokens[index - 1]), "what stands before is not complete");
  if (hint.empty() && !past_slice && closes(site.row.type(index)) && !has_open_bracket(site, index))
    hint = "no bracket is open here";
  diagnostic.hint = std::move(hint);
  return diagnostic;
}

}  // namespace vigil::parsing
