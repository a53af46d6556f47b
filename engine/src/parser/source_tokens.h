// SPDX-License-Identifier: Apache-2.0
// The tokens of a rule text with the part each plays, for tools that keep the text and change its layout.
#pragma once

#include <optional>
#include <vector>

#include "parser/parse.h"

namespace vigil {

/// What a token is to the layout of its text. Most are kPlain: a name, a literal, an operator, a bracket.
enum class TokenRole : uint8_t {
  kPlain,
  kComment,       ///< `//` to the line's end, or between `/*` and `*/`
  kDeclaration,   ///< the first word of a declaration, `public` and `private` included
  kBodyColon,     ///< behind the heading of a `define`
  kClause,        ///< the first word of a rule's clause or of a test's part
  kSubClause,     ///< that of a clause about the alert: `detail`, `suggest`, `override`, `link`, `cite` and the like
  kEvidenceItem,  ///< the name of an attribute behind `evidence`
  kClauseTail,    ///< `because`, `saying`, and `when` behind a tier
  kTestAnd,       ///< `and` between the facts of `given`, and the orders of `when`
  kTightOpen,     ///< the bracket of a call, of parameters, of an index, of an interval
  kTypeOpen,      ///< `<` of `List<Integer>`
  kTypeClose,     ///< its `>`
  kSign,          ///< `-` or `+` before its only operand
  kHyphen,        ///< that of `hard-stop` and `not-met`
  kRatioColon,    ///< that of `1:128`
  kSetOperator,   ///< `union`, `intersect`, `except`, `|`
  kFrom,          ///< `from` before the sources of a query
  kQueryClause,   ///< the first word of a query's clause
  kSuch,          ///< of `such that`
  kSortBy,        ///< `by` of `sort by`
  kQueryComma,    ///< between sources, `let` items and sort items of a query
  kIf,
  kThen,
  kElse,
  kCase,
  kCaseItem,  ///< `when` and `else` of a `case`
  kCaseEnd,
};

struct SourceToken {
  Span span;
  TokenRole role = TokenRole::kPlain;
};

/// The tokens and comments of a text, in order; none where it has an error, which goes to `sink`. Between two of them
/// stands nothing but white space (and a byte order mark). Thread-safe.
std::optional<std::vector<SourceToken>> read_source_tokens(const SourceSet& sources, SourceId source,
                                                           const ParseLimits& limits, DiagnosticSink& sink);

}  // namespace vigil
