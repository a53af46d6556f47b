// SPDX-License-Identifier: Apache-2.0
#include "differential/random_expressions.h"

#include <algorithm>
#include <optional>

namespace vigil::test {
namespace {

struct Production {
  std::string_view result;
  std::string_view text;
};

constexpr Production kProductions[] = {
#include "differential/productions.inc"
};

constexpr std::string_view kClasses = "TOPDN";

const std::vector<std::string>& members(char variable) {
  static const std::vector<std::string> kDates = {"Date", "DateTime", "Time"};
  static const std::vector<std::string> kNumbers = {"Integer", "Long", "Decimal", "Quantity"};
  static const std::vector<std::string> kPoints = {"Integer", "Long",     "Decimal", "Quantity",
                                                   "Date",    "DateTime", "Time"};
  static const std::vector<std::string> kOrdered = {"Integer", "Long",     "Decimal", "Quantity",
                                                    "Date",    "DateTime", "Time",    "String"};
  static const std::vector<std::string> kAll = {"Boolean",
                                                "Boolean",
                                                "Integer",
                                                "Integer",
                                                "Long",
                                                "Decimal",
                                                "Decimal",
                                                "String",
                                                "String",
                                                "Quantity",
                                                "Date",
                                                "DateTime",
                                                "DateTime",
                                                "Time",
                                                "Code",
                                                "Concept",
                                                "Interval<Integer>",
                                                "Interval<Decimal>",
                                                "Interval<Date>",
                                                "Interval<DateTime>",
                                                "Interval<Quantity>",
                                                "Interval<Time>",
                                                "List<Integer>",
                                                "List<String>",
                                                "List<Decimal>",
                                                "List<Date>",
                                                "List<Boolean>",
                                                "List<DateTime>",
                                                "List<Quantity>",
                                                "List<Interval<Integer>>",
                                                "List<Long>",
                                                "Tuple { a Integer, b String }",
                                                "Tuple { a Date, b List<Integer> }"};
  switch (variable) {
    case 'D': return kDates;
    case 'N': return kNumbers;
    case 'P': return kPoints;
    case 'O': return kOrdered;
    default: return kAll;
  }
}

bool is_variable(std::string_view type) { return type.size() == 1 && kClasses.find(type[0]) != std::string_view::npos; }

/// What the variable of `pattern` must be, so that it is `type`: "List<T>" and "List<Date>" bind T to "Date". None
/// where it cannot be.
std::optional<std::vector<std::pair<char, std::string>>> match(std::string_view pattern, const std::string& type) {
  if (pattern == type) return {{}};
  if (is_variable(pattern)) {
    const auto& allowed = members(pattern[0]);
    if (pattern[0] != 'T' && std::find(allowed.begin(), allowed.end(), type) == allowed.end()) return std::nullopt;
    return {{{pattern[0], type}}};
  }
  const auto open = pattern.find('<');
  if (open == std::string_view::npos || !std::string_view(type).starts_with(pattern.substr(0, open + 1)))
    return std::nullopt;
  return match(pattern.substr(open + 1, pattern.size() - open - 2), type.substr(open + 1, type.size() - open - 2));
}

/// The end of what begins with the brace at `at`, its closing brace.
size_t closing(std::string_view text, size_t at) {
  for (int depth = 0; at < text.size(); ++at) {
    if (text[at] == '{') ++depth;
    if (text[at] == '}' && --depth == 0) break;
  }
  return at;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  int depth = 0;
  size_t from = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || (text[i] == separator && depth == 0)) {
      parts.push_back(text.substr(from, i - from));
      from = i + 1;
      continue;
    }
    if (text[i] == '{') ++depth;
    if (text[i] == '}') --depth;
  }
  return parts;
}

Expression literal_expression(std::string type, std::string text) { return {std::move(type), {std::move(text)}, {}}; }

std::string null_of(const std::string& type) { return "(null as " + type + ")"; }

}  // namespace

std::string Expression::to_text() const {
  std::string out = text[0];
  for (size_t i = 0; i < operands.size(); ++i) out += operands[i].to_text() + text[i + 1];
  return out;
}

size_t Expression::size() const {
  size_t total = 1;
  for (const auto& operand : operands) total += operand.size();
  return total;
}

std::string_view expression_library_head() {
  return R"(library Differential version '1'
using FHIR version '4.0.1'
codesystem "S1": 'urn:s1'
codesystem "S2": 'urn:s2'
context Patient
define function "Twice"(X Integer): X + X
)";
}

std::string ExpressionGenerator::pick(std::string_view alternatives) {
  const auto parts = split(alternatives, '|');
  return std::string(parts[random_.below(parts.size())]);
}

std::string ExpressionGenerator::random_type(char variable) { return random_.pick(members(variable)); }

/// The pattern with its variable replaced; a variable not bound yet is bound to a random type.
std::string ExpressionGenerator::substitute(std::string_view pattern, Bindings& bound) {
  std::string out;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const bool alone = (i == 0 || pattern[i - 1] == '<') && (i + 1 == pattern.size() || pattern[i + 1] == '>');
    if (!alone || !is_variable(pattern.substr(i, 1))) {
      out += pattern[i];
      continue;
    }
    auto known = std::find_if(bound.begin(), bound.end(), [&](const auto& b) { return b.first == pattern[i]; });
    if (known == bound.end()) known = bound.insert(bound.end(), {pattern[i], random_type(pattern[i])});
    out += known->second;
  }
  return out;
}

Expression ExpressionGenerator::leaf(const std::string& type) {
  if (!variables_.empty() && random_.chance(65)) {
    std::vector<std::string> fitting;
    for (const auto& variable : variables_)
      if (variable.type == type) fitting.push_back(variable.name);
    if (!fitting.empty()) return literal_expression(type, random_.pick(fitting));
  }
  return literal_expression(type, random_.chance(8) ? null_of(type) : literal(type));
}

Expression ExpressionGenerator::make(size_t depth) {
  names_ = 0;
  return of_type(random_type('T'), depth);
}

Expression ExpressionGenerator::of_type(const std::string& type, size_t depth) {
  if (depth == 0 || random_.chance(12)) return leaf(type);
  std::vector<std::pair<const Production*, Bindings>> own;
  std::vector<std::pair<const Production*, Bindings>> general;
  for (const auto& production : kProductions)
    if (auto bound = match(production.result, type))
      (production.result == "T" ? general : own).emplace_back(&production, *bound);
  const auto& from = own.empty() || (!general.empty() && random_.chance(25)) ? general : own;
  const auto& [production, bound] = from[random_.below(from.size())];
  return expand(type, production->text, bound, depth - 1);
}

Expression ExpressionGenerator::expand(const std::string& type, std::string_view production, Bindings bound,
                                       size_t depth) {
  static constexpr std::string_view kSingular = "year|month|day|hour|minute|second|millisecond";
  static constexpr std::string_view kPlural = "years|months|weeks|days|hours|minutes|seconds|milliseconds";
  const auto suiting = [](const std::string& of, bool plural) -> std::string_view {
    const auto all = plural ? kPlural : kSingular;
    if (of == "Date") return all.substr(0, all.find("|hour"));
    return of == "Time" ? all.substr(all.find("hour")) : all;
  };
  Expression made{type, {""}, {}};
  std::vector<std::pair<char, std::string>> fresh;
  const auto name_of = [&](char letter) {
    for (const auto& [known, name] : fresh)
      if (known == letter) return name;
    fresh.emplace_back(letter, "V" + std::to_string(++names_));
    return fresh.back().second;
  };
  std::string text(production);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '$') {
      made.text.back() += name_of(text[++i]);
    } else if (text[i] != '{' || i + 1 == text.size() || text[i + 1] == ' ' || text[i + 1] == '}') {
      made.text.back() += text[i];
    } else {
      const auto end = closing(text, i);
      const auto inside = text.substr(i + 1, end - i - 1);
      const auto colon = inside.find(':');
      const auto word = inside.substr(0, colon);
      if (inside[0] == '=') {
        text = text.substr(0, i) + pick(std::string_view(inside).substr(1)) + text.substr(end + 1);
        --i;
        continue;
      }
      i = end;
      if (word == "name" || word == "precision" || word == "precisions" || word == "duration") {
        const auto of = substitute(inside.substr(colon + 1), bound);
        if (word == "name") made.text.back() += of;
        if (word == "precision") made.text.back() += pick(suiting(of, false));
        if (word == "precisions") made.text.back() += pick(suiting(of, true));
        if (word == "duration") made.text.back() += pick("1|2|3|0|25|400|1.5|100000") + " " + pick(suiting(of, true));
        continue;
      }
      const auto semicolon = inside.find(';');
      const auto operand_type = substitute(std::string_view(inside).substr(0, semicolon), bound);
      const auto mark = variables_.size();
      if (semicolon != std::string::npos)
        for (const auto part : split(std::string_view(inside).substr(semicolon + 1), ','))
          variables_.push_back({name_of(part[0]), substitute(part.substr(2), bound)});
      made.operands.push_back(of_type(operand_type, depth));
      made.text.emplace_back();
      variables_.resize(mark);
    }
  }
  return made;
}

std::vector<Expression> smaller(const Expression& expression) {
  std::vector<Expression> found;
  const auto whole = expression.to_text();
  const auto null = null_of(expression.type);
  if (whole != null && !expression.operands.empty()) found.push_back(literal_expression(expression.type, null));
  if (whole != null && !expression.operands.empty()) {
    const char* simple = expression.type == "Boolean"   ? "true"
                         : expression.type == "Integer" ? "1"
                         : expression.type == "Decimal" ? "1.0"
                         : expression.type == "String"  ? "'a'"
                                                        : nullptr;
    if (simple != nullptr) found.push_back(literal_expression(expression.type, simple));
  }
  for (const auto& operand : expression.operands)
    if (operand.type == expression.type) found.push_back(operand);
  for (size_t i = 0; i < expression.operands.size(); ++i) {
    for (auto& less : smaller(expression.operands[i])) {
      auto copy = expression;
      copy.operands[i] = std::move(less);
      found.push_back(std::move(copy));
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
  return found;
}

}  // namespace vigil::test
