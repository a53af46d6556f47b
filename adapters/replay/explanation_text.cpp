// SPDX-License-Identifier: Apache-2.0
// Lines and letters of explanations.
#include "replay/explanation_text.h"

#include <algorithm>

namespace vigil::replay {

namespace {

constexpr size_t kMostBytes = 2000;
constexpr size_t kMostLevels = 3;

void append(const Explanation& explanation, size_t level, std::string& text) {
  if (level >= kMostLevels || text.size() > kMostBytes) return;
  text.append(text.empty() ? "" : "\n").append(level * 2, ' ').append(explanation.text);
  text.append(" = ").append(explanation.value).append(explanation.undetermined ? " (could be another)" : "");
  for (const auto& child : explanation.children) append(child, level + 1, text);
}

void append_truths(const Explanation& clause, size_t level, std::string& letters) {
  letters += truth_letter(clause);
  const auto is_truth = [](const Explanation& child) { return truth_letter(child) != 'V'; };
  if (level + 1 >= kMostLevels || std::ranges::none_of(clause.children, is_truth)) return;
  letters += '(';
  for (const auto& child : clause.children) append_truths(child, level + 1, letters);
  letters += ')';
}

bool is_definitely_false(const Explanation& clause) { return clause.value == "false" && !clause.undetermined; }

}  // namespace

std::string explanation_text(std::span<const Explanation> clauses) {
  std::string text;
  for (const auto& clause : clauses) append(clause, 0, text);
  return text;
}

char truth_letter(const Explanation& clause) {
  if (clause.undetermined) return 'U';
  return clause.value == "true" ? 'T' : clause.value == "false" ? 'F' : clause.value == "null" ? 'N' : 'V';
}

std::string clause_truths(std::span<const Explanation> clauses) {
  std::string letters;
  for (const auto& clause : clauses) append_truths(clause, 0, letters);
  return letters;
}

std::string first_false(std::span<const Explanation> clauses) {
  const auto clause = std::ranges::find_if(clauses, is_definitely_false);
  return clause == clauses.end() ? std::string() : clause->text;
}

}  // namespace vigil::replay
