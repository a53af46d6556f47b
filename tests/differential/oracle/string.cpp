// SPDX-License-Identifier: Apache-2.0
// Strings (B.6). A character is a code point.
#include "differential/oracle/operations.h"

namespace vigil::oracle {
namespace {

using Text = std::vector<std::string>;

/// One string a code point.
Text characters(const std::string& utf8) {
  Text found;
  for (const char c : utf8) {
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80 && !found.empty())
      found.back() += c;
    else
      found.emplace_back(1, c);
  }
  return found;
}

std::string joined(const Text& text, size_t from, size_t count) {
  std::string out;
  for (size_t i = from; i < text.size() && i < from + count; ++i) out += text[i];
  return out;
}

bool matches_at(const Text& text, const Text& pattern, size_t at) {
  if (at + pattern.size() > text.size()) return false;
  for (size_t i = 0; i < pattern.size(); ++i)
    if (text[at + i] != pattern[i]) return false;
  return true;
}

/// The places where the pattern occurs, also overlapping ones.
std::vector<size_t> places(const Text& text, const Text& pattern) {
  std::vector<size_t> found;
  for (size_t at = 0; at <= text.size(); ++at)
    if (matches_at(text, pattern, at)) found.push_back(at);
  return found;
}

Value position(const Call& c, bool last) {
  if (c.any_null()) return {};
  const auto found = places(characters(c[1].text), characters(c[0].text));
  if (found.empty()) return whole(Kind::kInteger, -1);
  return whole(Kind::kInteger, last ? found.back() : found.front());
}

/// The letters that generated text has: ASCII and Latin-1.
std::string in_case(const std::string& utf8, bool upper) {
  std::string out;
  for (auto letter : characters(utf8)) {
    if (letter.size() == 1 && upper && letter[0] >= 'a' && letter[0] <= 'z')
      letter[0] = static_cast<char>(letter[0] - 32);
    if (letter.size() == 1 && !upper && letter[0] >= 'A' && letter[0] <= 'Z')
      letter[0] = static_cast<char>(letter[0] + 32);
    if (letter == "é" && upper) letter = "É";
    if (letter == "É" && !upper) letter = "é";
    out += letter;
  }
  return out;
}

Value substring(const Call& c) {
  if (c[0].is_null() || c[1].is_null()) return {};
  const auto text = characters(c[0].text);
  // The start of an empty string is not out of range.
  if (c[1].number < 0 || (c[1].number >= text.size() && c[1].number > 0)) return {};
  const auto from = static_cast<size_t>(c[1].number);
  if (c.size() < 3 || c[2].is_null()) return string(joined(text, from, text.size()));
  if (c[2].number < 0) return string("");
  return string(joined(text, from, static_cast<size_t>(c[2].number)));
}

Value combine(const Call& c) {
  if (c[0].is_null()) return {};
  std::string out;
  bool any = false;
  for (const auto& element : c[0].parts) {
    if (element.is_null()) continue;
    if (any && c.size() > 1 && !c[1].is_null()) out += c[1].text;
    out += element.text;
    any = true;
  }
  return any ? string(out) : Value();
}

Value split(const Call& c) {
  if (c[0].is_null()) return {};
  if (c[1].is_null() || c[1].text.empty()) return list({c[0]});
  const auto text = characters(c[0].text);
  const auto separator = characters(c[1].text);
  std::vector<Value> found;
  std::string piece;
  for (size_t at = 0; at < text.size();) {
    if (matches_at(text, separator, at)) {
      found.push_back(string(piece));
      piece.clear();
      at += separator.size();
    } else {
      piece += text[at++];
    }
  }
  found.push_back(string(piece));
  return list(std::move(found));
}

}  // namespace

void add_string(Operations& to) {
  to["Concatenate"] = [](const Call& c) { return c.any_null() ? Value() : string(c[0].text + c[1].text); };
  to["ConcatenateOrEmpty"] = [](const Call& c) { return string(c[0].text + c[1].text); };
  to["StringLength"] = [](const Call& c) {
    return c.any_null() ? Value() : whole(Kind::kInteger, characters(c[0].text).size());
  };
  to["Upper"] = [](const Call& c) { return c.any_null() ? Value() : string(in_case(c[0].text, true)); };
  to["Lower"] = [](const Call& c) { return c.any_null() ? Value() : string(in_case(c[0].text, false)); };
  to["StartsWith"] = [](const Call& c) {
    return c.any_null() ? Value() : boolean(matches_at(characters(c[0].text), characters(c[1].text), 0));
  };
  to["EndsWith"] = [](const Call& c) {
    if (c.any_null()) return Value();
    const auto text = characters(c[0].text);
    const auto end = characters(c[1].text);
    return boolean(end.size() <= text.size() && matches_at(text, end, text.size() - end.size()));
  };
  to["PositionOf"] = [](const Call& c) { return position(c, false); };
  to["LastPositionOf"] = [](const Call& c) { return position(c, true); };
  to["Substring"] = substring;
  to["ToChars"] = [](const Call& c) {
    if (c.any_null()) return Value();
    std::vector<Value> found;
    for (const auto& character : characters(c[0].text)) found.push_back(string(character));
    return list(std::move(found));
  };
  to["Combine"] = combine;
  to["Split"] = split;
  to["IndexerText"] = [](const Call& c) {
    if (c.any_null()) return Value();
    const auto text = characters(c[0].text);
    if (c[1].number < 0 || c[1].number >= text.size()) return Value();
    return string(text[static_cast<size_t>(c[1].number)]);
  };
}

}  // namespace vigil::oracle
