// SPDX-License-Identifier: Apache-2.0
// Texts with {holes}: each hole is lexed and parsed as an expression, its spans at their true place in the file.
#include "parser/build_context.h"
#include "parser/syntax_error_reporter.h"
#include "parser/word_roles.h"

namespace vigil::parsing {
namespace {

/// Splits the decoded text of a string into its texts and holes.
class TemplateParser {
 public:
  TemplateParser(BuildContext& build, const antlr4::Token* string)
      : build_(build), outer_(build.text()), string_(build.span(string)), decoded_(build.decoded(string)) {}

  ast::ExprId run() {
    const auto& all = decoded_.characters;
    result_.texts.emplace_back();
    for (size_t at = 0; at < all.size();) {
      const bool doubled = at + 1 < all.size() && all[at + 1] == all[at];
      if (all[at] == U'{' && !doubled) {
        at = hole(at + 1);
        continue;
      }
      if (all[at] == U'}' && !doubled) mistake(at, at + 1, "`}` stands alone", "write `}}` for a brace in the text");
      append_utf8(result_.texts.back(), all[at]);
      at += (all[at] == U'{' || all[at] == U'}') && doubled ? 2 : 1;
    }
    return build_.add(string_, std::move(result_));
  }

 private:
  Span place(size_t begin, size_t end) const { return outer_.span(decoded_.positions[begin], decoded_.positions[end]); }

  void mistake(size_t begin, size_t end, std::string_view what, std::string hint) {
    build_.fail(make_diagnostic<Code::VGL0111>(place(begin, end), what).with_hint(std::move(hint)));
  }

  /// The index of the brace that closes the hole beginning at `at`, minding quotes and inner braces; npos if there is
  /// none.
  size_t hole_end(size_t at) const {
    char32_t quote = 0;
    size_t depth = 0;
    for (const auto& all = decoded_.characters; at < all.size(); ++at) {
      const char32_t c = all[at];
      if (quote != 0) {
        if (c == U'\\') ++at;
        if (c == quote) quote = 0;
      } else if (c == U'\'' || c == U'"' || c == U'`') {
        quote = c;
      } else if (c == U'{') {
        ++depth;
      } else if (c == U'}' && depth-- == 0) {
        return at;
      }
    }
    return std::u32string::npos;
  }

  /// Parses the hole whose expression begins at `begin`; where the text goes on.
  size_t hole(size_t begin) {
    const auto end = hole_end(begin);
    if (end == std::u32string::npos) {
      mistake(begin - 1, begin, "the hole is not closed", "end it with `}`, or write `{{` for a brace in the text");
      return decoded_.characters.size();
    }
    if (decoded_.characters.find_first_not_of(U" \t\r\n", begin) == end) {
      mistake(begin - 1, end + 1, "the hole is empty", "name what it shows, or write `{{` for a brace in the text");
      return end + 1;
    }
    CodePoints text{outer_.source, decoded_.characters.substr(begin, end - begin), {}};
    for (size_t i = begin; i <= end; ++i) text.offsets.push_back(outer_.offsets[decoded_.positions[i]]);
    result_.holes.push_back(expression(text));
    result_.texts.emplace_back();
    return end + 1;
  }

  ast::ExprId expression(const CodePoints& text) {
    const auto errors = build_.sink.errors();
    auto row = lex(text, build_.limits.max_tokens, build_.sink);
    if (build_.sink.errors() != errors) {
      build_.failed = true;
      return {};
    }
    assign_word_roles(row, text, 0, row.size(), Content::kExpression);
    TokenSlice slice(row, 0, row.size(), text);
    auto& parser = build_.hole_parser();
    auto* tree = parser.parse(slice, Entry::kExpression);
    if (tree == nullptr) tree = parser.parse_thoroughly(slice, Entry::kExpression);
    if (tree == nullptr) {
      build_.fail(describe_syntax_error(parser.error(), {row, text, slice, Entry::kExpression, build_.limits, true}));
      return {};
    }
    build_.set_text(text);
    const auto id = build_expression(build_, static_cast<P::OneExpressionContext*>(tree)->expression());
    build_.set_text(outer_);
    return id;
  }

  BuildContext& build_;
  const CodePoints& outer_;
  Span string_;
  Unescaped decoded_;
  ast::TemplateExpr result_;
};

}  // namespace

ast::ExprId build_template(BuildContext& build, const antlr4::Token* string) {
  return TemplateParser(build, string).run();
}

}  // namespace vigil::parsing
