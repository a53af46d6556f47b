// SPDX-License-Identifier: Apache-2.0
// Groups sixty token names into a few words.
#include "parser/expected_words.h"

#include <algorithm>

#include "parser/contextual_words.h"
#include "parser/token_sets.h"
#include "parser/word_roles.h"

namespace vigil::parsing {
namespace {

/// The spelling of a keyword or sign; empty for tokens of many spellings.
std::string_view spelling(size_t type) {
  if (const auto word = contextual_spelling(type); !word.empty()) return word;
  static const auto kSpellings = [] {
    const VigilLexer lexer(nullptr);
    std::vector<std::string> spellings;
    for (size_t i = 0; i <= lexer.getVocabulary().getMaxTokenType(); ++i) {
      auto literal = lexer.getVocabulary().getLiteralName(i);
      spellings.push_back(literal.size() > 2 ? literal.substr(1, literal.size() - 2) : std::string());
    }
    return spellings;
  }();
  if (type == T::ASCENDING) return "asc";
  if (type == T::DESCENDING) return "desc";
  return type < kSpellings.size() ? std::string_view(kSpellings[type]) : std::string_view();
}

/// Token types still to be named.
class Remaining {
 public:
  explicit Remaining(const antlr4::misc::IntervalSet& set) {
    for (const auto type : set.toList())
      if (type != -2) types_.push_back(static_cast<size_t>(type));  // -2: epsilon
  }

  bool has(size_t type) const { return std::find(types_.begin(), types_.end(), type) != types_.end(); }
  bool has_all(std::initializer_list<size_t> types) const {
    return std::all_of(types.begin(), types.end(), [&](size_t type) { return has(type); });
  }
  template <class Predicate>
  void drop_if(Predicate predicate) {
    std::erase_if(types_, predicate);
  }
  bool take(size_t type) { return std::erase(types_, type) > 0; }
  const std::vector<size_t>& types() const { return types_; }

 private:
  std::vector<size_t> types_;
};

bool is_query_word(size_t type) {
  return type == T::WHERE || type == T::RETURN || type == T::SORT || type == T::AGGREGATE || type == T::LET ||
         type == T::WITH || type == T::WITHOUT;
}

bool is_operator(size_t type) {
  return continues_operand(type) && !is_query_word(type) && !closes(type) && type != T::COMMA && type != T::COLON &&
         type != T::THEN && type != T::ELSE;
}

/// What can follow an operand without an operator: selectors, arguments, an alias, a code. Not worth naming.
bool continues_name(size_t type) {
  return type == T::DOT || opens(type) || type == T::IDENTIFIER || type == T::STRING || type == T::PRECISION ||
         type == T::PRECISIONS || type == T::NUMBER || type == T::ON || type == T::INCLUDED || type == T::MORE ||
         type == T::LESS;
}

std::string end_of(Entry entry) {
  switch (entry) {
    case Entry::kDeclaration: return "the next declaration";
    case Entry::kRuleClause: return "the next clause";
    case Entry::kTestPart: return "the next part of the test";
    case Entry::kExpression: return "the end";
  }
  return "the end";
}

std::string name_of(size_t type) {
  switch (type) {
    case T::IDENTIFIER: return "a name";
    case T::STRING: return "a text in single quotes";
    case T::NUMBER: return "a number";
    case T::PRECISION: return "a precision such as `day`";
    case T::PRECISIONS: return "a unit such as `days`";
    case T::DATE:
    case T::DATETIME:
    case T::TIME: return "a date or time";
    default: break;
  }
  const auto word = spelling(type);
  return word.empty() ? std::string() : '`' + std::string(word) + '`';
}

std::string join_with_or(std::vector<std::string> parts) {
  constexpr size_t kMost = 4;
  if (parts.size() > kMost) parts.resize(kMost);
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i) (out += i == 0 ? "" : i + 1 == parts.size() ? " or " : ", ") += parts[i];
  return out;
}

}  // namespace

std::string describe_expected(const antlr4::misc::IntervalSet& expected, Entry entry) {
  Remaining remaining(expected);
  std::string group;
  if (remaining.has_all({T::LIBRARY, T::DEFINE, T::VALUESET})) return "a declaration";
  const bool after_operand = remaining.has_all({T::AND, T::EQ, T::PLUS});
  if (remaining.has_all({T::NUMBER, T::LPAREN, T::IF}) || remaining.has_all({T::NUMBER, T::LPAREN, T::CASE})) {
    group = "an expression";
    remaining.drop_if([](size_t type) { return starts_operand(type) || type == T::PLUS || type == T::MINUS; });
  } else if (after_operand) {
    group = "an operator";
    remaining.drop_if([](size_t type) {
      return is_operator(type) || continues_name(type) || is_query_word(type) || type == T::COLON || type == T::PER;
    });
  }
  if (group.empty() && remaining.has_all({T::LET, T::WITH, T::WITHOUT})) {
    group = "a query clause";
    remaining.drop_if(is_query_word);
  }
  std::string end;
  if (remaining.take(antlr4::Token::EOF)) end = end_of(entry);
  if (std::any_of(remaining.types().begin(), remaining.types().end(), is_clause_token)) {
    remaining.drop_if([](size_t type) { return is_clause_token(type) || type == T::IF || type == T::WHEN; });
    end = "a clause";
  }
  std::vector<std::string> named;
  for (const auto type : remaining.types())
    if (auto name = name_of(type); !name.empty() && std::find(named.begin(), named.end(), name) == named.end())
      named.push_back(std::move(name));
  if (named.size() > 3) named.resize(3);
  if (!group.empty()) named.insert(after_operand ? named.end() : named.begin(), group);
  if (!end.empty()) named.push_back(end);
  return named.empty() ? "something else" : join_with_or(std::move(named));
}

std::vector<std::string_view> expected_keywords(const antlr4::misc::IntervalSet& expected) {
  std::vector<std::string_view> words;
  for (const auto type : expected.toList()) {
    if (type < 0) continue;
    const auto word = spelling(static_cast<size_t>(type));
    if (!word.empty() && word.front() >= 'A') words.push_back(word);
  }
  return words;
}

}  // namespace vigil::parsing
