// SPDX-License-Identifier: Apache-2.0
// A JSON text with its tokens: keys, strings and numbers by token number, and skipping what nobody needs.
//
//   {"id":"a","n":[1]}   tokens 0 { 1 "id 2 : 3 "a 4 , 5 "n 6 : 7 [ 8 1 9 ] 10 }
//
// Functions that go over a value take the number of its first token and return the number behind its last, or kBroken
// where the text is not JSON there. What is skipped is only checked for balanced brackets and for bytes that begin no
// token.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace vigil::fhir {

/// A view of a text and the tokens JsonIndex found. The byte behind the text must be readable and begin no token: the
/// zero of a std::string, or white space.
class JsonText {
 public:
  static constexpr uint32_t kBroken = 0;

  JsonText() = default;
  JsonText(const char* text, const uint32_t* tokens, uint32_t count) : text_(text), tokens_(tokens), count_(count) {}

  /// For a text that was checked whole: `ends` has, at the first token of each object and array, the token behind its
  /// last, so that it is passed over in one step.
  JsonText(const char* text, const uint32_t* tokens, uint32_t count, const uint32_t* ends)
      : text_(text), tokens_(tokens), count_(count), ends_(ends) {}

  uint32_t count() const { return count_; }
  uint32_t offset(uint32_t token) const { return tokens_[token]; }
  /// The token's first byte. `token` may be count(): then it is none of JSON's.
  char at(uint32_t token) const { return text_[tokens_[token]]; }

  /// The byte before the token, which must not be the first.
  char before(uint32_t token) const { return text_[tokens_[token] - 1]; }

  /// The bytes of a token that is a string (look with at() first), between its quotes, not unescaped.
  std::string_view raw_string(uint32_t token) const {
    const char* begin = text_ + tokens_[token] + 1;
    const char* end = text_ + tokens_[token + 1] - 1;
    while (*end != '"') --end;  // only white space stands between
    return {begin, static_cast<size_t>(end - begin)};
  }
  /// The same of any token, and of kBroken: empty where that is no string.
  std::string_view string_at(uint32_t token) const {
    return token != kBroken && at(token) == '"' ? raw_string(token) : std::string_view{};
  }
  /// The bytes of a token that is a number or word (look with at() first: there may be no token).
  std::string_view raw_scalar(uint32_t token) const {
    const char* begin = text_ + tokens_[token];
    return {begin, static_cast<size_t>(end_of(token) - begin)};
  }

  /// The offset of the first such byte from `begin` on; the text's size where there is none.
  size_t find(char c, size_t begin) const {
    const std::string_view text(text_, tokens_[count_]);
    return std::min(text.find(c, begin), text.size());
  }

  /// How many bytes of the text stand from `at` on, for reading past the end of a string in it.
  size_t readable(const char* at) const { return static_cast<size_t>(text_ + tokens_[count_] - at); }

  /// Whether a key with its colon stands here.
  bool is_key(uint32_t token) const { return at(token) == '"' && at(token + 1) == ':'; }

  uint32_t skip(uint32_t token) const {
    if (ends_ != nullptr) return at(token) == '{' || at(token) == '[' ? ends_[token] : token + 1;
    if (!begins_value(at(token))) [[unlikely]]
      return broken_at(token);
    // One loop for scalars and containers alike: a scalar ends it at once, as does what is no token, the end included.
    const uint32_t* at_token = tokens_ + token;
    int32_t depth = 0;
    do depth += kStep[static_cast<unsigned char>(text_[*at_token++])];
    while (depth > 0);
    const auto next = static_cast<uint32_t>(at_token - tokens_);
    const bool matches = next == token + 1 || (depth == 0 && at(next - 1) == closing_of(at(token)));
    return matches ? next : broken_at(next - 1);
  }

  /// The same; sets `has_space` where white space stands before a token behind the first one.
  uint32_t skip(uint32_t token, bool& has_space) const {
    if (!begins_value(at(token))) [[unlikely]]
      return broken_at(token);
    const uint32_t* at_token = tokens_ + token;
    int32_t depth = kStep[static_cast<unsigned char>(text_[*at_token++])];
    bool found = false;
    while (depth > 0) {
      const char* here = text_ + *at_token++;
      found |= static_cast<unsigned char>(here[-1]) <= ' ';  // between tokens stands nothing else of that range
      depth += kStep[static_cast<unsigned char>(*here)];
    }
    has_space |= found;
    const auto next = static_cast<uint32_t>(at_token - tokens_);
    const bool matches = next == token + 1 || (depth == 0 && at(next - 1) == closing_of(at(token)));
    return matches ? next : broken_at(next - 1);
  }

  /// Calls visit(raw key, token of the value) → token behind the value or kBroken, for each member of the object here.
  template <class Visit>
  uint32_t for_each_member(uint32_t token, Visit visit) const {
    ++token;
    if (at(token) == '}') return token + 1;
    for (;;) {
      if (!is_key(token)) return broken_at(token);
      token = visit(raw_string(token), token + 2);
      if (token == kBroken) return kBroken;
      const char next = at(token);
      if (next == '}') return token + 1;
      if (next != ',') return broken_at(token);
      ++token;
    }
  }

  /// Calls visit(index, token of the element) → token behind it or kBroken, for each element of the array here.
  template <class Visit>
  uint32_t for_each_element(uint32_t token, Visit visit) const {
    ++token;
    if (at(token) == ']') return token + 1;
    for (uint32_t index = 0;; ++index) {
      token = visit(index, token);
      if (token == kBroken) return kBroken;
      const char next = at(token);
      if (next == ']') return token + 1;
      if (next != ',') return broken_at(token);
      ++token;
    }
  }

  /// The token of the value of the first member of this (raw) name in the object here; kBroken where there is none.
  uint32_t find_member(uint32_t token, std::string_view name) const {
    ++token;
    while (is_key(token)) {
      if (raw_string(token) == name) return token + 2;
      token = skip(token + 2);
      if (token == kBroken || at(token) != ',') return kBroken;
      ++token;
    }
    return kBroken;
  }
  /// The bytes of a string member of the object here; empty where this is no object, or has no such string.
  std::string_view member_text(uint32_t token, std::string_view name) const {
    return at(token) == '{' ? string_at(find_member(token, name)) : std::string_view{};
  }

  /// Where the last kBroken came from: the token that was not what JSON wants there.
  uint32_t broken() const { return broken_; }
  uint32_t broken_at(uint32_t token) const {
    broken_ = token;
    return kBroken;
  }

 private:
  static constexpr int32_t kNoToken = INT32_MIN / 2;
  static constexpr std::array<int32_t, 256> kStep = [] {
    std::array<int32_t, 256> step{};
    for (auto& s : step) s = kNoToken;
    for (const char c : std::string_view("-0123456789tfn\":,")) step[static_cast<unsigned char>(c)] = 0;
    step['{'] = step['['] = 1;
    step['}'] = step[']'] = -1;
    return step;
  }();
  static bool begins_value(char c) {
    const int32_t step = kStep[static_cast<unsigned char>(c)];
    return step >= 0 && c != ':' && c != ',';
  }

  static bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
  const char* end_of(uint32_t token) const {
    const char* end = text_ + tokens_[token + 1];
    while (is_space(end[-1])) --end;
    return end;
  }
  /// In ASCII '{' is 0x7B and '}' 0x7D, '[' 0x5B and ']' 0x5D.
  static char closing_of(char opening) { return static_cast<char>(opening + 2); }

  const char* text_ = "";
  const uint32_t* tokens_ = nullptr;
  uint32_t count_ = 0;
  mutable uint32_t broken_ = 0;
  const uint32_t* ends_ = nullptr;
};

namespace detail {
constexpr uint64_t kOnes = 0x0101010101010101u;
/// Whether one of the eight bytes is a backslash.
inline uint64_t backslashes(uint64_t word) {
  const uint64_t zeros = word ^ (kOnes * '\\');
  return (zeros - kOnes) & ~zeros & (kOnes * 0x80);
}
}  // namespace detail

/// Whether a raw string holds an escape. Short strings are the rule, so no call of memchr.
inline bool has_escape(std::string_view raw) {
  const char* at = raw.data();
  size_t left = raw.size();
  uint64_t found = 0;
  uint64_t word = 0;
  if (left >= 8) {
    for (; left > 8; left -= 8, at += 8) {
      std::memcpy(&word, at, 8);
      found |= detail::backslashes(word);
    }
    std::memcpy(&word, at + left - 8, 8);
    return (found | detail::backslashes(word)) != 0;
  }
  for (; left > 0; --left, ++at)
    if (*at == '\\') return true;
  return false;
}

/// Appends the string's text to `text`; false where an escape is none, or half a surrogate pair stands alone.
bool unescape(std::string_view raw, std::string& text);

/// The path of a token inside the value that begins at `root`: "component[2].valueQuantity"; empty for the root itself.
/// For messages: it goes over all tokens before.
std::string path_to(const JsonText& json, uint32_t root, uint32_t token);

}  // namespace vigil::fhir
