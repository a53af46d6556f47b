// SPDX-License-Identifier: Apache-2.0
// Look-up of unit symbols by binary search.
#include "values/ucum_table.h"

#include <algorithm>
#include <iterator>

namespace vigil::ucum {
namespace {

#include "values/ucum_table.inc"

template <class Row, size_t kCount>
const Row* find(const Row (&rows)[kCount], std::string_view code) {
  const auto* row = std::lower_bound(std::begin(rows), std::end(rows), code,
                                     [](const Row& r, std::string_view c) { return r.code < c; });
  return row != std::end(rows) && row->code == code ? row : nullptr;
}

}  // namespace

const Atom* find_atom(std::string_view code) { return find(kAtoms, code); }
const Prefix* find_prefix(std::string_view code) { return find(kPrefixes, code); }

Symbol resolve_symbol(std::string_view text) {
  if (const Atom* atom = find_atom(text)) return {nullptr, atom};
  for (const size_t length : {size_t{1}, size_t{2}}) {  // no code with a one letter prefix has another reading
    if (text.size() <= length) break;
    const Prefix* prefix = find_prefix(text.substr(0, length));
    const Atom* atom = prefix == nullptr ? nullptr : find_atom(text.substr(length));
    if (atom != nullptr && atom->metric) return {prefix, atom};
  }
  return {};
}

}  // namespace vigil::ucum
