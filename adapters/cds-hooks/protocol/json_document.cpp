// SPDX-License-Identifier: Apache-2.0
// Checks tokens against JSON's grammar and finds values among them.
#include "cds-hooks/protocol/json_document.h"

#include <charconv>
#include <vector>

#include "json/json_number.h"

namespace vigil::hooks {
namespace {

using fhir::JsonIndex;
using fhir::JsonText;

/// Goes over the tokens once, as a JSON reader would, and keeps where objects and arrays end.
class GrammarCheck {
 public:
  /// `first_escape`: the offset of the first backslash, or the text's size.
  GrammarCheck(const JsonText& text, uint32_t max_depth, size_t first_escape, std::vector<uint32_t>& ends,
               std::vector<uint32_t>& open)
      : text_(text), count_(text.count()), max_depth_(max_depth), next_escape_(first_escape) {
    if (ends.size() < count_) ends.resize(count_);
    if (open.size() < max_depth) open.resize(max_depth);
    ends_ = ends.data();
    open_ = open.data();
  }

  std::string run() {
    uint32_t token = 0;
    for (;;) {
      if (!value(token)) return std::move(problem_);
      // Behind a value: close what ends here, and go on behind the comma.
      char container = 0;
      for (;;) {
        if (depth_ == 0) return token == count_ ? std::string() : "more follows the value at byte " + place(token);
        container = text_.at(open_[depth_ - 1]);
        // In ASCII '{' is 0x7B and '}' 0x7D, '[' 0x5B and ']' 0x5D.
        if (text_.at(token) != container + 2) break;
        ends_[open_[--depth_]] = ++token;
      }
      const bool in_object = container == '{';
      if (text_.at(token) != ',') return unexpected(token, in_object ? "a comma or }" : "a comma or ]");
      ++token;
      if (in_object && !key(token)) return std::move(problem_);
    }
  }

  bool has_escaped_names() const { return has_escaped_names_; }

 private:
  /// One value from `token` on, as far as its first complete scalar or empty container.
  bool value(uint32_t& token) {
    for (;;) {
      const char c = text_.at(token);
      if (c == '"') return string(token++);
      if (c != '{' && c != '[') return scalar(token, c);
      if (depth_ == max_depth_) return fail_depth();
      const uint32_t begin = token++;
      if (text_.at(token) == c + 2) {
        ends_[begin] = ++token;
        return true;
      }
      open_[depth_++] = begin;
      if (c == '{' && !key(token)) return false;
    }
  }

  bool key(uint32_t& token) {
    if (text_.at(token) != '"') [[unlikely]]
      return fail_key(token);
    if (!string(token)) return false;
    if (text_.at(token + 1) != ':') [[unlikely]]
      return fail_colon(token + 1);
    token += 2;
    return true;
  }

  bool string(uint32_t token) {
    const uint32_t begin = text_.offset(token);
    const uint32_t next = text_.offset(token + 1);
    const bool is_plain = (next > begin + 1) & (text_.before(token + 1) == '"') & (next <= next_escape_);
    return is_plain || check_string(token);
  }

  // What is rare stands apart, so that the rest fits into registers.

  [[gnu::noinline]] bool check_string(uint32_t token) {
    const auto raw = text_.raw_string(token);
    // A word right behind a closing quote is no token of its own.
    const char* next = raw.data() - 1 + (text_.offset(token + 1) - text_.offset(token));
    for (const char* c = raw.data() + raw.size() + 1; c < next; ++c)
      if (*c != ' ' && *c != '\n' && *c != '\t' && *c != '\r') return fail(unexpected(token, "a string alone"));
    if (text_.offset(token + 1) <= next_escape_) return true;
    next_escape_ = text_.find('\\', text_.offset(token + 1));
    unescaped_.clear();
    has_escaped_names_ = has_escaped_names_ || (text_.at(token + 1) == ':' && fhir::has_escape(raw));
    return fhir::unescape(raw, unescaped_) || fail("a string at byte " + place(token) + " holds a wrong escape");
  }

  [[gnu::noinline]] bool scalar(uint32_t& token, char c) {
    if (token >= count_) return fail("it ends in the middle");
    if (c == '}' || c == ']' || c == ',' || c == ':') return fail(unexpected(token, "a value"));
    const auto raw = text_.raw_scalar(token);
    if (raw != "true" && raw != "false" && raw != "null" && !json::is_number(raw))
      return fail("what stands at byte " + place(token) + " is no JSON value");
    ++token;
    return true;
  }

  [[gnu::noinline]] bool fail_key(uint32_t token) { return fail(unexpected(token, "a member's name")); }
  [[gnu::noinline]] bool fail_colon(uint32_t token) { return fail(unexpected(token, "a colon")); }
  [[gnu::noinline]] bool fail_depth() {
    return fail("values are nested more than " + std::to_string(max_depth_) + " deep");
  }
  bool fail(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }
  std::string place(uint32_t token) const { return std::to_string(text_.offset(token)); }
  std::string unexpected(uint32_t token, std::string_view wanted) const {
    if (token >= count_) return "it ends in the middle";
    return std::string(wanted) + " should stand at byte " + place(token);
  }

  const JsonText text_;
  const uint32_t count_;
  const uint32_t max_depth_;
  size_t next_escape_;  ///< strings are looked at in their order: none before this one holds an escape
  uint32_t* ends_;
  uint32_t* open_;  ///< the tokens of what has begun and not ended
  uint32_t depth_ = 0;
  bool has_escaped_names_ = false;
  std::string unescaped_;
  std::string problem_;
};

}  // namespace

std::string_view name(JsonKind kind) {
  static constexpr std::string_view kNames[] = {"null", "a boolean", "a number", "a string", "an array", "an object"};
  return kNames[static_cast<size_t>(kind)];
}

const JsonText& JsonNode::text() const { return document_->text_; }

std::optional<JsonNode> JsonNode::find(std::string_view key) const {
  if (!is(JsonKind::kObject)) return std::nullopt;
  const auto& text = document_->text_;
  for (uint32_t token = token_ + 1; text.at(token) == '"';) {
    if (document_->is_name(text.raw_string(token), key)) return JsonNode(document_, token + 2);
    token = document_->behind(token + 2);
    if (text.at(token) == ',') ++token;
  }
  return std::nullopt;
}

bool JsonNode::is_text(std::string_view text) const {
  std::string room;
  return is(JsonKind::kString) && document_->plain(document_->text_.raw_string(token_), room) == text;
}

std::string_view JsonDocument::plain(std::string_view raw, std::string& room) const {
  if (!has_escapes_ || !fhir::has_escape(raw)) return raw;
  room.clear();
  fhir::unescape(raw, room);
  return room;
}

bool JsonDocument::is_escaped(std::string_view raw, std::string_view name) {
  if (!fhir::has_escape(raw)) return false;
  std::string room;
  return fhir::unescape(raw, room) && room == name;
}

std::optional<std::string> JsonNode::string() const {
  if (!is(JsonKind::kString)) return std::nullopt;
  std::string room;
  return std::string(document_->plain(document_->text_.raw_string(token_), room));
}

std::optional<int64_t> JsonNode::integer() const {
  if (!is(JsonKind::kNumber)) return std::nullopt;
  const auto raw = document_->text_.raw_scalar(token_);
  int64_t number = 0;
  const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), number);
  if (error != std::errc() || end != raw.data() + raw.size()) return std::nullopt;
  return number;
}

std::string_view JsonNode::raw() const {
  if (document_ == nullptr) return "null";
  const auto& text = document_->text_;
  const char* begin = text.raw_scalar(token_).data();
  const auto last = text.raw_scalar(document_->behind(token_) - 1);
  return {begin, static_cast<size_t>(last.data() + last.size() - begin)};
}

std::string JsonDocument::read(const std::string& text, const JsonLimits& limits) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::string_view body(text);
  if (body.starts_with(kByteOrderMark)) body.remove_prefix(kByteOrderMark.size());
  const auto status = index_.index(body.data(), body.size());
  if (status != JsonIndex::Status::kOk) return std::string(describe(status));
  text_ = JsonText(body.data(), index_.tokens(), index_.count());
  const size_t first_escape = text_.find('\\', 0);
  has_escapes_ = first_escape < body.size();
  GrammarCheck check(text_, limits.max_depth, first_escape, ends_, open_);
  auto problem = check.run();
  has_escaped_names_ = check.has_escaped_names();
  text_ = JsonText(body.data(), index_.tokens(), index_.count(), ends_.data());
  return problem;
}

}  // namespace vigil::hooks
