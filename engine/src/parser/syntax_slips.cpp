// SPDX-License-Identifier: Apache-2.0
// One function a slip; the first that knows the place answers.
#include "parser/syntax_slips.h"

#include <algorithm>

#include "parser/contextual_words.h"
#include "parser/token_sets.h"
#include "parser/word_roles.h"

namespace vigil::parsing {
namespace {

/// The tokens around the error.
class Place {
 public:
  Place(const ParseSite& parse_site, const SyntaxError& syntax_error, size_t at)
      : site(parse_site), error(syntax_error), index(at) {}

  const ParseSite& site;
  const SyntaxError& error;
  size_t index;

  /// The type of the token at a distance from the error's, as lexed; EOF outside.
  size_t lexed(ptrdiff_t distance) const {
    const auto at = static_cast<ptrdiff_t>(index) + distance;
    return at < 0 || at >= static_cast<ptrdiff_t>(site.row.size()) ? antlr4::Token::EOF
                                                                   : site.row.lexed[static_cast<size_t>(at)];
  }
  const antlr4::Token& token(ptrdiff_t distance) const {
    return *site.row.tokens[static_cast<size_t>(static_cast<ptrdiff_t>(index) + distance)];
  }
  /// Empty outside.
  std::string text(ptrdiff_t distance) const {
    return lexed(distance) == antlr4::Token::EOF ? std::string() : to_utf8(text_of(site.text, token(distance)));
  }
  bool expects(size_t type) const { return error.expected.contains(type); }
  /// Whether two neighbours touch.
  bool touches(ptrdiff_t left) const { return token(left).getStopIndex() + 1 == token(left + 1).getStartIndex(); }
};

bool is_query_word(size_t type) {
  return type == T::WHERE || type == T::RETURN || type == T::SORT || type == T::AGGREGATE || type == T::WITH ||
         type == T::WITHOUT;
}

/// Whether the token at `at` is a word that opens a clause, at the beginning of its line.
bool opens_clause_line(const ParseSite& site, size_t at) {
  if (at >= site.row.size() || !first_on_line(site.text, *site.row.tokens[at])) return false;
  const auto type = site.row.lexed[at];
  if (type == T::WHEN || type == T::LET || type == T::IF) return true;
  if (type != T::IDENTIFIER) return false;
  const auto word = to_utf8(text_of(site.text, *site.row.tokens[at]));
  const auto words = clause_words();
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_rule_or_test(const ParseSite& site) {
  const auto type = site.row.type(site.slice.begin());
  return type == T::RULE || type == T::TEST || site.entry == Entry::kRuleClause || site.entry == Entry::kTestPart;
}

/// `[MedicationRequest] where status = 'active'`
std::optional<Slip> query_without_alias(const Place& at) {
  const auto before = at.lexed(-1);
  if (!is_query_word(at.lexed(0)) || (before != T::RBRACKET && before != T::RPAREN && before != T::RBRACE))
    return std::nullopt;
  const auto word = at.text(0);
  return Slip{at.index, "a name for the source",
              "name each element before `" + word + "`: `[...] X " + word + " X.status ...`"};
}

/// `with [MedicationRequest] M where ...`
std::optional<Slip> relationship_with_where(const Place& at) {
  if (at.lexed(0) != T::WHERE || !at.expects(T::SUCH)) return std::nullopt;
  return Slip{at.index, {}, "behind `with` and `without` the condition is written `such that ...`"};
}

/// `[MedicationRequest M where ...]`
std::optional<Slip> query_inside_brackets(const Place& at) {
  const bool alias = at.lexed(0) == T::IDENTIFIER && at.lexed(-1) == T::IDENTIFIER && at.expects(T::RBRACKET);
  if (alias)
    return Slip{at.index, "`]`", "close the bracket before the alias: `[" + at.text(-1) + "] " + at.text(0) + "`"};
  if (is_query_word(at.lexed(0)) && at.lexed(-1) == T::IDENTIFIER && at.expects(T::RBRACKET))
    return Slip{at.index, "`]`",
                "close the bracket and name each element: `[" + at.text(-1) + "] X " + at.text(0) + " X...`"};
  return std::nullopt;
}

/// `for [A] A,` and then a clause; `{ 1, 2, }`
std::optional<Slip> comma_too_many(const Place& at) {
  if (closes(at.lexed(0)) && at.lexed(-1) == T::COMMA)
    return Slip{at.index - 1, "`" + at.text(0) + "`", "leave out the last comma"};
  if (!is_rule_or_test(at.site)) return std::nullopt;
  constexpr size_t kNear = 8;
  for (size_t back = 0; back <= kNear && at.index >= at.site.slice.begin() + back + 1; ++back) {
    const auto comma = at.index - back - 1;
    if (comma >= at.site.row.size() || at.site.row.lexed[comma] != T::COMMA) continue;
    if (!opens_clause_line(at.site, comma + 1)) return std::nullopt;
    const auto word = to_utf8(text_of(at.site.text, *at.site.row.tokens[comma + 1]));
    return Slip{comma, "a clause", "leave out the comma before `" + word + "`"};
  }
  return std::nullopt;
}

/// `40 mg`
std::optional<Slip> unit_without_quotes(const Place& at) {
  if (at.lexed(0) != T::IDENTIFIER || at.lexed(-1) != T::NUMBER) return std::nullopt;
  if (first_on_line(at.site.text, at.token(0))) return std::nullopt;
  return Slip{at.index, "an operator", "a unit stands in single quotes: `" + at.text(-1) + " '" + at.text(0) + "'`"};
}

/// `150,000`
std::optional<Slip> thousands_separator(const Place& at) {
  constexpr size_t kGroup = 3;
  if (at.lexed(0) != T::COMMA || at.lexed(-1) != T::NUMBER || at.lexed(1) != T::NUMBER) return std::nullopt;
  if (!at.touches(-1) || !at.touches(0) || at.text(1).substr(0, at.text(1).find('.')).size() != kGroup)
    return std::nullopt;
  return Slip{at.index, {}, "numbers have no thousands separators: `" + at.text(-1) + at.text(1) + "`"};
}

/// `RxNorm 855332`
std::optional<Slip> code_without_quotes(const Place& at) {
  for (const ptrdiff_t i : {0, -1}) {
    if (at.lexed(i) != T::NUMBER || at.lexed(i - 1) != T::IDENTIFIER) continue;
    const auto system = at.text(i - 1);
    if (system.front() < 'A' || system.front() > 'Z') continue;
    return Slip{static_cast<size_t>(static_cast<ptrdiff_t>(at.index) + i), "an operator",
                "a code stands in single quotes: `" + system + " '" + at.text(i) + "'`"};
  }
  return std::nullopt;
}

/// `when: true`
std::optional<Slip> colon_behind_clause(const Place& at) {
  const auto first = at.site.row.type(at.site.slice.begin());
  if (at.lexed(0) == T::COLON && at.index == at.site.slice.begin() + 2 && (first == T::RULE || first == T::TEST))
    return Slip{at.index, "a clause", "leave out the colon behind the name"};
  if (!is_rule_or_test(at.site)) return std::nullopt;
  for (const ptrdiff_t i : {0, 1}) {
    const auto colon = at.index + static_cast<size_t>(i);
    if (at.lexed(i) != T::COLON || colon == 0 || !opens_clause_line(at.site, colon - 1)) continue;
    return Slip{colon, "what `" + at.text(i - 1) + "` is to say",
                "leave out the colon: the clauses of rules and tests have none"};
  }
  return std::nullopt;
}

/// `for ordered [MedicationRequest]` and then the next clause.
std::optional<Slip> source_without_alias(const Place& at) {
  const auto before = at.lexed(-1);
  const bool ends_source = before == T::RBRACKET || before == T::RPAREN || before == T::IDENTIFIER;
  if (!ends_source || !at.expects(T::IDENTIFIER) || at.expects(T::AND) || !is_rule_or_test(at.site))
    return std::nullopt;
  const bool next_clause = opens_clause_line(at.site, at.index) || at.lexed(0) == T::COMMA;
  if (!next_clause || before == T::IDENTIFIER) return std::nullopt;
  return Slip{at.index, "a name for the source", "name what is found, to speak of it: `[...] Drug`"};
}

bool is_scope(const Place& at, ptrdiff_t distance) {
  if (at.lexed(distance) != T::IDENTIFIER) return false;
  const auto word = contextual_word(text_of(at.site.text, at.token(distance)));
  return word == T::ORDERED || word == T::CURRENT;
}

/// `define "Orders": ordered [MedicationRequest: "NSAIDs"]`
std::optional<Slip> scope_outside_for(const Place& at) {
  if (at.lexed(0) != T::COLON || at.lexed(-1) != T::IDENTIFIER || at.lexed(-2) != T::LBRACKET) return std::nullopt;
  if (!is_scope(at, -3)) return std::nullopt;
  const auto scope = at.text(-3);
  const auto before = at.lexed(-5);
  const bool is_source = at.lexed(-4) == T::LPAREN && (before == T::FOR || before == T::COMMA);
  if (is_source && is_rule_or_test(at.site))
    return Slip{at.index - 3, "a retrieve",
                "the scope stands before the parenthesis: `" + scope + " ([...] union [...])`"};
  return Slip{at.index - 3, "a retrieve", "`" + scope + "` stands only in a rule's `for`; use its alias here"};
}

/// `for current [MedicationRequest] union [MedicationStatement] Drug`
std::optional<Slip> scope_of_part_of_union(const Place& at) {
  const auto type = at.lexed(0);
  if ((type != T::UNION && type != T::PIPE) || at.lexed(-1) != T::RBRACKET || !is_rule_or_test(at.site))
    return std::nullopt;
  ptrdiff_t opening = -2;
  while (at.lexed(opening) != T::LBRACKET && at.lexed(opening) != antlr4::Token::EOF) --opening;
  if (at.lexed(opening) != T::LBRACKET || !is_scope(at, opening - 1)) return std::nullopt;
  return Slip{at.index, "a name for the source",
              "a scope is that of the whole union: `" + at.text(opening - 1) +
                  " ([...] union [...]) X`; for two scopes write two rules"};
}

/// Words that other languages use, and this one's.
std::optional<Slip> foreign_clause(const Place& at) {
  static constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"where", "when"},      {"if", "when"},        {"condition", "when"},  {"message", "alert"},
      {"text", "alert"},      {"title", "alert"},    {"warn", "alert"},      {"description", "detail"},
      {"details", "detail"},  {"reference", "cite"}, {"references", "cite"}, {"action", "suggest"},
      {"propose", "suggest"}, {"priority", "tier"},  {"level", "tier"},      {"hook", "on"},
      {"trigger", "on"},      {"except", "unless"},  {"using", "for"},       {"reason", "because"}};
  const auto type = at.site.row.type(at.site.slice.begin());
  if ((type != T::RULE && at.site.entry != Entry::kRuleClause) || at.index >= at.site.row.size()) return std::nullopt;
  // The word itself, or what stands behind it: `if` opens `if unknown`, `message` may be taken for an alias.
  const bool behind = at.index > at.site.slice.begin() && first_on_line(at.site.text, at.token(-1));
  const ptrdiff_t word_at = behind ? -1 : 0;
  if (!first_on_line(at.site.text, at.token(word_at))) return std::nullopt;
  const auto word = at.text(word_at);
  for (const auto& [foreign, own] : kWords)
    if (foreign == word)
      return Slip{at.index - (word_at == 0 ? 0 : 1), "a clause",
                  "in a rule this is written `" + std::string(own) + " ...`"};
  return std::nullopt;
}

/// `for [A] A and [B] B`, `for [A] as A`
std::optional<Slip> sources_joined_by_words(const Place& at) {
  if (!is_rule_or_test(at.site) || at.expects(T::AND)) return std::nullopt;
  if (at.lexed(0) == T::AND && at.expects(T::COMMA))
    return Slip{at.index, "`,`", "sources are separated by commas: `[...] A, [...] B`"};
  if (at.lexed(0) == T::AS && at.expects(T::IDENTIFIER))
    return Slip{at.index, "a name", "leave out `as`: `[...] " + at.text(1) + "`"};
  return std::nullopt;
}

/// `because topical`, `saying bleeding`
std::optional<Slip> reason_without_quotes(const Place& at) {
  if (at.lexed(0) != T::IDENTIFIER || at.lexed(-1) != T::IDENTIFIER || !is_rule_or_test(at.site)) return std::nullopt;
  const auto word = at.text(-1);
  if (word != "because" && word != "saying") return std::nullopt;
  return Slip{at.index, "a text in single quotes",
              "`" + word + "` is followed by a text: `" + word + " '" + at.text(0) + " ...'`"};
}

/// `once per week`
std::optional<Slip> period_without_number(const Place& at) {
  if (at.lexed(-1) != T::PRECISION || at.lexed(-2) != T::PER) return std::nullopt;
  return Slip{at.index - 1, "`patient`, `encounter` or a period",
              "a period has a number: `once per 1 " + at.text(-1) + "`"};
}

/// `if X then Y` without `else`
std::optional<Slip> if_without_else(const Place& at) {
  if (!at.expects(T::ELSE) || at.expects(T::END) || at.lexed(0) == T::IDENTIFIER) return std::nullopt;
  const bool when = at.expects(T::WHEN);
  if (when) return Slip{at.index, {}, "a `case` needs its `else`: `else null` where nothing else holds"};
  return Slip{at.index, {}, "an `if` needs its `else`: `else null` where nothing else holds"};
}

/// `expect "R" not met`
std::optional<Slip> outcome_without_hyphen(const Place& at) {
  if (at.site.row.type(at.site.slice.begin()) != T::TEST && at.site.entry != Entry::kTestPart) return std::nullopt;
  if (at.lexed(0) != T::IDENTIFIER || !at.expects(T::MINUS) || at.lexed(-1) == T::COLON) return std::nullopt;
  if (at.text(-1) != "not" && at.text(-1) != "hard") return std::nullopt;
  return Slip{at.index, {}, "an outcome is one word: `" + at.text(-1) + "-" + at.text(0) + "`"};
}

/// `when order-sign` of a test, `on order-sign` of a rule
std::optional<Slip> hook_without_quotes(const Place& at) {
  if (at.lexed(0) != T::IDENTIFIER || !at.expects(T::STRING) || at.expects(T::IDENTIFIER)) return std::nullopt;
  if (at.lexed(-1) != T::WHEN) return std::nullopt;
  std::string hook = at.text(0);
  for (ptrdiff_t i = 1; at.lexed(i) == T::MINUS && at.lexed(i + 1) == T::IDENTIFIER; i += 2)
    hook += '-' + at.text(i + 1);
  return Slip{at.index, {}, "a hook stands in single quotes: `when '" + hook + "'`"};
}

/// `rule 'R'`, `define 'X': ...`
std::optional<Slip> name_in_single_quotes(const Place& at) {
  const auto says = [](const std::string& name) { return "a name stands in double quotes: `\"" + name + "\"`"; };
  const auto inside = [](const std::string& quoted) { return quoted.substr(1, quoted.size() - 2); };
  if (at.lexed(0) == T::STRING && at.expects(T::IDENTIFIER) && !at.expects(T::STRING))
    return Slip{at.index, "a name", says(inside(at.text(0)))};
  if (at.lexed(0) == T::IDENTIFIER && at.lexed(1) == T::STRING && first_on_line(at.site.text, at.token(0))) {
    const auto word = contextual_word(text_of(at.site.text, at.token(0)));
    if (word == T::RULE || word == T::TEST || word == T::TABLE)
      return Slip{at.index + 1, "a name", says(inside(at.text(1)))};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Slip> find_slip(const ParseSite& site, const SyntaxError& error, size_t index) {
  const Place at(site, error, index);
  if (index > site.row.size()) return std::nullopt;
  for (const auto& slip :
       {comma_too_many, scope_outside_for, scope_of_part_of_union, colon_behind_clause, foreign_clause,
        sources_joined_by_words, reason_without_quotes, period_without_number, query_inside_brackets,
        relationship_with_where, query_without_alias, source_without_alias, unit_without_quotes, thousands_separator,
        code_without_quotes, if_without_else, outcome_without_hyphen, hook_without_quotes, name_in_single_quotes})
    if (auto found = slip(at)) return found;
  return std::nullopt;
}

}  // namespace vigil::parsing
