// SPDX-License-Identifier: Apache-2.0
// Equality, equivalence, order of values (CQL 1.5, B.5).
#pragma once

#include "evaluation/call.h"
#include "values/three_valued.h"

namespace vigil {

/// `=`: unknown where a null or a partial date decides it. FHIR resources are equal where they are the same fact.
Truth equal(const Value& a, const Value& b, int default_offset);
/// `~`: never unknown; nulls are equivalent.
bool equivalent(const Value& a, const Value& b, int default_offset);
/// As list operators compare (distinct, union, intersect, except): `=`, with nulls equal.
bool same(const Value& a, const Value& b, int default_offset);
/// `<` and its kin, for ordered kinds.
Comparison order(const Value& a, const Value& b, int default_offset);
/// A total order for sorting: nulls first, undecided ties equal.
int sort_order(const Value& a, const Value& b, int default_offset);

}  // namespace vigil
