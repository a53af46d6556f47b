// SPDX-License-Identifier: Apache-2.0
// From text to library: lex, tell words apart, then parse and build one declaration after the other.
#include <algorithm>

#include "parser/build_context.h"
#include "parser/source_tokens.h"
#include "parser/syntax_error_reporter.h"
#include "parser/tags.h"
#include "parser/token_roles.h"
#include "parser/word_roles.h"

namespace vigil {
namespace parsing {
namespace {

/// Checks that bytes can be lexed at all.
bool check_bytes(const SourceText& source, SourceId id, const ParseLimits& limits, DiagnosticSink& sink) {
  const auto text = source.text();
  if (text.size() > limits.max_bytes) {
    sink.add(make_diagnostic<Code::VGL0002>({id, 0, 0}, std::to_string(text.size()), std::to_string(limits.max_bytes)));
    return false;
  }
  const auto invalid = static_cast<uint32_t>(find_invalid_utf8(text));
  if (invalid == text.size()) return true;
  sink.add(make_diagnostic<Code::VGL0001>({id, invalid, invalid + 1}).with_hint("save the file as UTF-8"));
  return false;
}

class LibraryParser {
 public:
  LibraryParser(const SourceText& source, SourceId id, const ParseLimits& limits, DiagnosticSink& sink)
      : source_(source),
        limits_(limits),
        sink_(sink),
        text_(decode_utf8(id, source.text())),
        run_(limits.max_nesting),
        build_(library_, text_, limits, sink) {
    library_.source = id;
  }

  ast::Library run(bool notes_roles = false) {
    first_error_ = sink_.errors();
    row_ = lex(text_, limits_.max_tokens, sink_);
    library_.comments = row_.comments;
    if (notes_roles) roles_.assign(row_.size(), TokenRole::kPlain);
    parse_range(0, row_.size(), Recovery::kAllowed);
    return std::move(library_);
  }

  /// After `run`, which noted roles: the tokens and comments of the text in order.
  std::vector<SourceToken> tokens() const {
    std::vector<SourceToken> tokens;
    tokens.reserve(row_.size() + row_.comments.size());
    auto comment = row_.comments.begin();
    for (size_t i = 0; i < row_.size(); ++i) {
      const auto span = span_of(text_, *row_.tokens[i]);
      for (; comment != row_.comments.end() && comment->begin < span.begin; ++comment)
        tokens.push_back({*comment, TokenRole::kComment});
      tokens.push_back({span, roles_[i]});
    }
    for (; comment != row_.comments.end(); ++comment) tokens.push_back({*comment, TokenRole::kComment});
    return tokens;
  }

 private:
  enum class Recovery : uint8_t { kAllowed, kDone };

  /// Parses the declarations in a range of tokens.
  void parse_range(size_t begin, size_t end, Recovery recovery) {
    const auto parts = assign_word_roles(row_, text_, begin, end, Content::kDeclarations);
    auto starts = parts.declarations;
    if (begin < end && (starts.empty() || starts.front() != begin)) starts.insert(starts.begin(), begin);
    for (size_t i = 0; i < starts.size(); ++i) {
      if (sink_.errors() - first_error_ >= limits_.max_errors) return;
      parse_declaration(starts[i], i + 1 < starts.size() ? starts[i + 1] : end, parts.clauses, recovery);
    }
  }

  void parse_declaration(size_t begin, size_t end, const std::vector<size_t>& clauses, Recovery recovery) {
    const bool has_mistake = has_lexer_mistake(begin, end);
    TokenSlice slice(row_, begin, end, text_);
    if (!has_mistake)
      if (auto* tree = run_.parse(slice, Entry::kDeclaration)) return build(tree);
    if (recovery == Recovery::kAllowed && recover(begin, end)) return;
    if (has_mistake) return keep_name(begin, end);
    if (run_.error().too_deep) {
      keep_name(begin, end);
      return report(run_.error(), slice, Entry::kDeclaration);
    }
    if (auto* tree = run_.parse_thoroughly(slice, Entry::kDeclaration)) return build(tree);
    const auto error = run_.error();
    keep_name(begin, end);
    if (!report_clauses(begin, end, clauses)) report(error, slice, Entry::kDeclaration);
  }

  /// Remembers the name of a declaration that is left out, so that its uses are not reported as well: the first name
  /// behind its first word (which may be misspelled), or the last of `include Clinic.Common called Common`.
  void keep_name(size_t begin, size_t end) {
    constexpr size_t kNear = 8;  // `define private fluent function name`, `include A.B version '1' called C`
    std::optional<size_t> found;
    for (size_t i = begin + 1; i < std::min(end, begin + kNear); ++i) {
      if (row_.type(i) != T::IDENTIFIER) continue;
      found = i;
      if (row_.type(begin) != T::INCLUDE) break;
    }
    if (!found) return;
    const bool failed = build_.failed;
    library_.broken.push_back(build_.name(row_.tokens[*found].get()));
    build_.failed = failed;
  }

  /// Splits the range where further declarations seem to begin; false if there are none.
  bool recover(size_t begin, size_t end) {
    auto starts = find_likely_declarations(row_, text_, begin, end);
    if (starts.empty()) return false;
    starts.push_back(end);
    size_t from = begin;
    for (const auto to : starts) {
      if (sink_.errors() - first_error_ >= limits_.max_errors) break;
      parse_range(from, to, Recovery::kDone);
      from = to;
    }
    return true;
  }

  /// Parses each clause of a rule or test alone, so that several errors are told; false if none failed.
  bool report_clauses(size_t begin, size_t end, const std::vector<size_t>& clauses) {
    const auto type = row_.type(begin);
    if (type != T::RULE && type != T::TEST) return false;
    const auto entry = type == T::RULE ? Entry::kRuleClause : Entry::kTestPart;
    bool reported = false;
    for (auto it = std::lower_bound(clauses.begin(), clauses.end(), begin); it != clauses.end() && *it < end; ++it) {
      const auto next = it + 1 != clauses.end() ? std::min(*(it + 1), end) : end;
      TokenSlice slice(row_, *it, next, text_);
      if (run_.parse(slice, entry) != nullptr || run_.parse_thoroughly(slice, entry) != nullptr) continue;
      report(run_.error(), slice, entry);
      reported = true;
    }
    return reported;
  }

  void build(antlr4::ParserRuleContext* tree) {
    auto* context = static_cast<P::OneDeclarationContext*>(tree)->declaration();
    const auto first = context->getStart()->getTokenIndex();
    if (!roles_.empty()) assign_token_roles(context, text_, roles_);
    auto declaration = build_declaration(build_, context);
    if (!declaration) {
      if (build_.failed) keep_name(first, context->getStop()->getTokenIndex() + 1);
      return;
    }
    declaration->tags = tags_before(first, declaration->span);
    library_.declarations.push_back(std::move(*declaration));
  }

  /// Tags of the comments between the token before and the declaration.
  std::vector<ast::Tag> tags_before(size_t first, Span declaration) const {
    const uint32_t from = first == 0 ? 0 : span_of(text_, *row_.tokens[first - 1]).end;
    auto comment = std::lower_bound(row_.comments.begin(), row_.comments.end(), from,
                                    [](Span span, uint32_t at) { return span.begin < at; });
    std::vector<ast::Tag> tags;
    for (; comment != row_.comments.end() && comment->begin < declaration.begin; ++comment)
      for (auto& tag : read_tags(source_.text(*comment))) tags.push_back(std::move(tag));
    return tags;
  }

  bool has_lexer_mistake(size_t begin, size_t end) const {
    const auto found = std::lower_bound(row_.mistakes.begin(), row_.mistakes.end(), begin);
    return found != row_.mistakes.end() && *found < end;
  }

  void report(const SyntaxError& error, const TokenSlice& slice, Entry entry) {
    sink_.add(describe_syntax_error(error, {row_, text_, slice, entry, limits_}));
  }

  const SourceText& source_;
  const ParseLimits& limits_;
  DiagnosticSink& sink_;
  CodePoints text_;
  TokenRow row_;
  std::vector<TokenRole> roles_;  ///< of the row's tokens, where asked for
  GrammarRun run_;
  ast::Library library_;
  BuildContext build_;
  size_t first_error_ = 0;
};

}  // namespace
}  // namespace parsing

ast::Library parse_library(const SourceSet& sources, SourceId source, const ParseLimits& limits, DiagnosticSink& sink) {
  if (!parsing::check_bytes(sources[source], source, limits, sink)) {
    ast::Library empty;
    empty.source = source;
    return empty;
  }
  return parsing::LibraryParser(sources[source], source, limits, sink).run();
}

std::optional<std::vector<SourceToken>> read_source_tokens(const SourceSet& sources, SourceId source,
                                                           const ParseLimits& limits, DiagnosticSink& sink) {
  const auto errors = sink.errors();
  if (!parsing::check_bytes(sources[source], source, limits, sink)) return std::nullopt;
  parsing::LibraryParser parser(sources[source], source, limits, sink);
  parser.run(true);
  return sink.errors() == errors ? std::optional(parser.tokens()) : std::nullopt;
}

std::optional<ast::ExprId> parse_expression(const SourceSet& sources, SourceId source, const ParseLimits& limits,
                                            ast::Library& library, DiagnosticSink& sink) {
  using namespace parsing;
  if (!check_bytes(sources[source], source, limits, sink)) return std::nullopt;
  const auto text = decode_utf8(source, sources[source].text());
  const auto errors = sink.errors();
  auto row = lex(text, limits.max_tokens, sink);
  if (sink.errors() != errors) return std::nullopt;
  assign_word_roles(row, text, 0, row.size(), Content::kExpression);
  TokenSlice slice(row, 0, row.size(), text);
  GrammarRun run(limits.max_nesting);
  auto* tree = run.parse(slice, Entry::kExpression);
  if (tree == nullptr && !run.error().too_deep) tree = run.parse_thoroughly(slice, Entry::kExpression);
  if (tree == nullptr) {
    sink.add(describe_syntax_error(run.error(), {row, text, slice, Entry::kExpression, limits}));
    return std::nullopt;
  }
  BuildContext build(library, text, limits, sink);
  const auto id = build_expression(build, static_cast<P::OneExpressionContext*>(tree)->expression());
  return build.failed ? std::nullopt : std::optional(id);
}

}  // namespace vigil
