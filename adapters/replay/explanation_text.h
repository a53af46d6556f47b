// SPDX-License-Identifier: Apache-2.0
// Explanations as text for tables.
#pragma once

#include <span>
#include <string>

#include <vigil/outcome.h>

namespace vigil::replay {

/// "when X < 3 = true" a line, what it is made of indented below, at most three levels and 2,000 bytes.
std::string explanation_text(std::span<const Explanation> clauses);
/// T, F, N null, U undetermined, V another value.
char truth_letter(const Explanation& clause);
/// A letter a clause, as truth_letter() gives it, behind it those of its parts where any is a truth: "TF(TF)".
std::string clause_truths(std::span<const Explanation> clauses);
/// The text of the first clause that is false; empty: none.
std::string first_false(std::span<const Explanation> clauses);

}  // namespace vigil::replay
