// SPDX-License-Identifier: Apache-2.0
// Regular expressions (B.6), of the simple kind that all dialects share.
#include <regex>

#include "differential/oracle/operations.h"

namespace vigil::oracle {
namespace {

std::regex pattern_of(const Value& v) {
  for (const char c : v.text)
    if (static_cast<unsigned char>(c) >= 0x80) throw NotCovered("patterns beyond ASCII");
  return std::regex(v.text, std::regex::ECMAScript);
}

void check_text(const Value& v) {
  for (const char c : v.text)
    if (static_cast<unsigned char>(c) >= 0x80 || c == '\n') throw NotCovered("patterns beyond ASCII");
}

Value split(const Call& c) {
  if (c.any_null()) return {};
  check_text(c[0]);
  const auto pattern = pattern_of(c[1]);
  std::vector<Value> pieces;
  auto from = c[0].text.cbegin();
  for (std::sregex_iterator at(c[0].text.begin(), c[0].text.end(), pattern), end; at != end; ++at) {
    if (at->length() == 0) throw NotCovered("empty matches");
    pieces.push_back(string({from, (*at)[0].first}));
    from = (*at)[0].second;
  }
  pieces.push_back(string({from, c[0].text.cend()}));
  return list(std::move(pieces));
}

}  // namespace

void add_patterns(Operations& to) {
  to["Matches"] = [](const Call& c) {
    if (c.any_null()) return Value();
    check_text(c[0]);
    return boolean(std::regex_search(c[0].text, pattern_of(c[1])));
  };
  to["ReplaceMatches"] = [](const Call& c) {
    if (c.any_null()) return Value();
    check_text(c[0]);
    return string(std::regex_replace(c[0].text, pattern_of(c[1]), c[2].text));
  };
  to["SplitOnMatches"] = split;
}

}  // namespace vigil::oracle
