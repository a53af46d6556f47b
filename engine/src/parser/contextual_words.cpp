// SPDX-License-Identifier: Apache-2.0
// The table of contextual keywords.
#include "parser/contextual_words.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "parser/word_roles.h"

namespace vigil::parsing {
namespace {

struct Word {
  std::string_view text;
  size_t type;
};

constexpr Word kWords[] = {
    {"active", T::ACTIVE},
    {"alert", T::ALERT},
    {"at", T::AT},
    {"because", T::BECAUSE},
    {"category", T::CATEGORY},
    {"cite", T::CITE},
    {"current", T::CURRENT},
    {"detail", T::DETAIL},
    {"evidence", T::EVIDENCE},
    {"expect", T::EXPECT},
    {"for", T::FOR},
    {"given", T::GIVEN},
    {"included", T::INCLUDED},
    {"launch", T::LAUNCH},
    {"less", T::LESS},
    {"link", T::LINK},
    {"more", T::MORE},
    {"obtained", T::OBTAINED},
    {"on", T::ON},
    {"once", T::ONCE},
    {"one", T::ONE},
    {"ordered", T::ORDERED},
    {"override", T::OVERRIDE},
    {"patient", T::PATIENT},
    {"perform", T::PERFORM},
    {"recommend", T::RECOMMEND},
    {"rule", T::RULE},
    {"saying", T::SAYING},
    {"severity", T::SEVERITY},
    {"shadow", T::SHADOW},
    {"such", T::SUCH},
    {"suggest", T::SUGGEST},
    {"symmetric", T::SYMMETRIC},
    {"table", T::TABLE},
    {"test", T::TEST},
    {"than", T::THAN},
    {"that", T::THAT},
    {"tier", T::TIER},
    {"unknown", T::UNKNOWN},
    {"unless", T::UNLESS},
};
static_assert(std::is_sorted(std::begin(kWords), std::end(kWords),
                             [](const Word& a, const Word& b) { return a.text < b.text; }));

}  // namespace

size_t contextual_word(std::u32string_view text) {
  constexpr size_t kLongest = 9;
  if (text.size() > kLongest) return kNoWord;
  std::array<char, kLongest> letters{};
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] < U'a' || text[i] > U'z') return kNoWord;
    letters[i] = static_cast<char>(text[i]);
  }
  const std::string_view plain(letters.data(), text.size());
  const auto* found = std::lower_bound(std::begin(kWords), std::end(kWords), plain,
                                       [](const Word& w, std::string_view t) { return w.text < t; });
  return found != std::end(kWords) && found->text == plain ? found->type : kNoWord;
}

std::string_view contextual_spelling(size_t type) {
  if (type == T::ON_HOOK) return "on";
  if (type == T::RULE_LET) return "let";
  for (const auto& word : kWords)
    if (word.type == type) return word.text;
  return {};
}

std::span<const std::string_view> declaration_words() {
  static constexpr std::string_view kDeclarationWords[] = {"library", "using",   "include",   "codesystem", "valueset",
                                                           "code",    "concept", "parameter", "context",    "define",
                                                           "rule",    "test",    "table"};
  return kDeclarationWords;
}

std::span<const std::string_view> clause_words() {
  static constexpr std::string_view kClauseWords[] = {
      "category", "on",    "for",      "let",     "when",      "unless",  "tier",     "severity", "once",
      "one",      "alert", "detail",   "suggest", "recommend", "perform", "override", "link",     "launch",
      "cite",     "if",    "evidence", "active",  "shadow",    "given",   "at",       "expect"};
  return kClauseWords;
}

}  // namespace vigil::parsing
