// SPDX-License-Identifier: Apache-2.0
// Elements and parts of lists (CQL 1.5, B.10 List Operators).
#include <algorithm>

#include "diagnostics/catalogue.h"
#include "evaluation/equality.h"
#include "evaluation/results.h"

namespace vigil {
namespace {

/// A part of a list, sharing its elements and what is uncertain about it.
Value part_of(const Value& list, uint32_t first, uint32_t count) {
  return Value::of(list.elements + first, count).with_flags(list.flags);
}

uint32_t clamp(int32_t number, uint32_t count) {
  return number <= 0 ? 0 : std::min(static_cast<uint32_t>(number), count);
}

/// The element at one end of a list. Undetermined where it may not be there, where another may stand there, or where it
/// is not known itself; what is uncertain about the others changes nothing.
Value at_end(const Value& list, uint32_t place) {
  const bool is_open = list.is_null() ? list.undetermined() : list.is_open() || list.possible() > 0;
  const auto flagged = [&] {
    return std::any_of(list.begin(), list.end(), [](const Value& v) { return v.flags != 0; });
  };
  // Where no element says which of them is uncertain, any may be.
  const bool is_any = !list.is_null() && (list.flags & Value::kUndeterminedElements) != 0 && !flagged();
  const auto element = list.is_null() || list.count == 0 ? Value::null() : list.elements[place];
  const bool undetermined = is_open || is_any || element.flags != 0;
  return element.without_flags(Value::kOfList).with_flags(undetermined ? Value::kUndetermined : 0);
}

}  // namespace

/// CQL 1.5, B.10.8 First.
Value op_First(Run&, const Call& call) { return at_end(call[0], 0); }

/// CQL 1.5, B.10.14 Last.
Value op_Last(Run&, const Call& call) { return at_end(call[0], call[0].count - 1); }

/// CQL 1.5, B.10.12 Indexer: null out of range.
Value op_Indexer(Run&, const Call& call) {
  const auto index = call[1].integer;
  return index < 0 || static_cast<uint32_t>(index) >= call[0].count ? Value::null() : call[0].elements[index];
}

/// CQL 1.5, B.10.24 Singleton From: "if the list contains more than one element, a run-time error is thrown".
Value op_SingletonFrom(Run& run, const Call& call) {
  if (call[0].count > 1) run.fail(make_diagnostic<Code::VGL0901>(call.span));
  return call[0].count == 0 ? Value::null() : call[0].elements[0];
}

/// CQL 1.5, B.10.7 Flatten. What is only possible, in a list or as a list, is so in the result.
Value op_Flatten(Run& run, const Call& call) {
  const auto mark = run.scratch().size(), maybe_mark = run.maybe().size();
  bool open = call[0].is_open();
  for (uint32_t i = 0; i < call[0].count + call[0].possible(); ++i) {
    const auto& inner = call[0].elements[i];
    open = open || inner.is_open();
    if (inner.is_null()) continue;
    auto& to = i < call[0].count ? run.scratch() : run.maybe();
    const auto flags = static_cast<uint8_t>(inner.flags & Value::kOfList);
    for (const auto& element : inner) to.push_back(element.with_flags(flags));
    run.maybe().insert(run.maybe().end(), inner.end(), inner.end() + inner.possible());
  }
  const auto flags = element_flags(run.scratch().data() + mark, run.scratch().size() - mark);
  return run.finish_list(mark, maybe_mark,
                         static_cast<uint8_t>(flags | (open ? Value::kUndetermined | Value::kOpen : 0)));
}

/// CQL 1.5, B.10.13 IndexOf: "using equality semantics"; -1 where no element is equal.
Value op_IndexOf(Run& run, const Call& call) {
  for (uint32_t i = 0; i < call[0].count; ++i)
    if (equal(call[0].elements[i], call[1], run.default_offset()) == Truth::kTrue)
      return Value::of(static_cast<int32_t>(i));
  return Value::of(-1);
}

/// CQL 1.5, B.10.25 Skip: all elements for a null number.
Value op_Skip(Run&, const Call& call) {
  if (call[0].is_null() || call[1].is_null()) return call[0];
  if (call[1].integer < 0) return part_of(call[0], 0, 0);
  const auto first = clamp(call[1].integer, call[0].count);
  return part_of(call[0], first, call[0].count - first);
}

/// CQL 1.5, B.10 Slice: from a start to before an end; negative ones count from the list's end, null is the end itself.
Value op_Slice(Run&, const Call& call) {
  if (call[0].is_null()) return Value::null();
  const auto count = call[0].count;
  const auto place = [&](uint32_t operand, uint32_t otherwise) {
    if (call.count <= operand || call[operand].is_null()) return otherwise;
    const auto index = call[operand].integer;
    if (index >= 0) return clamp(index, count);
    const auto back = static_cast<uint64_t>(-static_cast<int64_t>(index));
    return back >= count ? 0 : static_cast<uint32_t>(count - back);
  };
  const auto first = place(1, 0), end = place(2, count);
  return part_of(call[0], std::min(first, count), end > first ? end - first : 0);
}

/// CQL 1.5, B.10 Length: of all elements, nulls too; 0 for a null list.
Value op_ListLength(Run&, const Call& call) {
  return Value::of(call[0].is_null() ? 0 : static_cast<int32_t>(call[0].count));
}

/// CQL 1.5, B.10.26 Tail: all but the first.
Value op_Tail(Run&, const Call& call) {
  const auto first = std::min(1u, call[0].count);
  return part_of(call[0], first, call[0].count - first);
}

/// CQL 1.5, B.10.27 Take: no elements for a null number.
Value op_Take(Run&, const Call& call) {
  if (call[0].is_null()) return Value::null();
  return part_of(call[0], 0, call[1].is_null() ? 0 : clamp(call[1].integer, call[0].count));
}

}  // namespace vigil
