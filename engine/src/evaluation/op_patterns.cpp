// SPDX-License-Identifier: Apache-2.0
// Regular expressions (CQL 1.5, B.7 String Operators): matched in linear time, in the dialect of RE2.
#include <re2/re2.h>

#include "diagnostics/catalogue.h"
#include "evaluation/pattern_cache.h"
#include "evaluation/results.h"
#include "source/utf8.h"

namespace vigil {
namespace {

const RE2& compiled(Run& run, const Call& call) {
  std::string error;
  const auto* const pattern = run.patterns().find(call[1].string(), error);
  if (pattern == nullptr) run.fail(make_diagnostic<Code::VGL0911>(call.span, error));
  return *pattern;
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

/// One match in a text: where it stands, and its groups.
class MatchWalk {
 public:
  MatchWalk(const RE2& pattern, std::string_view text)
      : pattern_(pattern), text_(text), groups_(static_cast<size_t>(pattern.NumberOfCapturingGroups()) + 1) {}

  /// Goes to the next match; an empty one is not found twice at one place.
  bool next() {
    if (at_ > text_.size()) return false;
    if (!pattern_.Match(piece(text_), at_, text_.size(), RE2::UNANCHORED, groups_.data(),
                        static_cast<int>(groups_.size())))
      return false;
    begin_ = static_cast<size_t>(groups_[0].data() - text_.data());
    end_ = begin_ + groups_[0].size();
    at_ = end_ > begin_ ? end_ : next_character(end_);
    return true;
  }
  size_t begin() const { return begin_; }
  size_t end() const { return end_; }
  std::string_view group(size_t i) const {
    return i < groups_.size() ? std::string_view(groups_[i].data(), groups_[i].size()) : std::string_view();
  }

 private:
  size_t next_character(size_t at) const {
    ++at;
    while (at < text_.size() && is_continuation(text_[at])) ++at;
    return at;
  }

  const RE2& pattern_;
  std::string_view text_;
  std::vector<re2::StringPiece> groups_;
  size_t at_ = 0;
  size_t begin_ = 0;
  size_t end_ = 0;
};

/// Appends a substitution: $1 is a group, $$ and \$ are a dollar, \\ a backslash.
void append_substitution(std::string& result, std::string_view substitution, const MatchWalk& match) {
  for (size_t i = 0; i < substitution.size(); ++i) {
    const char c = substitution[i];
    const char next = i + 1 < substitution.size() ? substitution[i + 1] : '\0';
    if (c == '\\' && next != '\0') {
      result += next;
      ++i;
    } else if (c == '$' && next >= '0' && next <= '9') {
      result += match.group(static_cast<size_t>(next - '0'));
      ++i;
    } else if (c == '$' && next == '$') {
      result += '$';
      ++i;
    } else {
      result += c;
    }
  }
}

}  // namespace

/// CQL 1.5, B.7 Matches.
Value op_Matches(Run& run, const Call& call) {
  return Value::of(RE2::PartialMatch(piece(call[0].string()), compiled(run, call)));
}

/// CQL 1.5, B.7 ReplaceMatches: every match.
Value op_ReplaceMatches(Run& run, const Call& call) {
  const auto text = call[0].string();
  std::string result;
  size_t done = 0;
  for (MatchWalk match(compiled(run, call), text); match.next();) {
    result += text.substr(done, match.begin() - done);
    append_substitution(result, call[2].string(), match);
    done = match.end();
  }
  result += text.substr(done);
  return run.make_text(result);
}

/// CQL 1.5, B.7 SplitOnMatches.
Value op_SplitOnMatches(Run& run, const Call& call) {
  const auto text = call[0].string();
  const auto mark = run.scratch().size();
  size_t done = 0;
  for (MatchWalk match(compiled(run, call), text); match.next();) {
    if (match.begin() == match.end()) continue;
    run.scratch().push_back(Value::of(text.substr(done, match.begin() - done)));
    done = match.end();
  }
  run.scratch().push_back(Value::of(text.substr(done)));
  return run.finish_list(mark);
}

}  // namespace vigil
