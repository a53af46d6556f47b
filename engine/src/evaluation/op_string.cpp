// SPDX-License-Identifier: Apache-2.0
// Operators on strings (CQL 1.5, B.6). Positions and lengths count code points.
#include <vigil/source.h>

#include <cstring>

#include "evaluation/results.h"
#include "evaluation/text_case.h"

namespace vigil {
namespace {

/// Text under construction of a size known beforehand.
class TextWriter {
 public:
  TextWriter(Arena& arena, size_t size) : bytes_(static_cast<char*>(arena.allocate(size, 1))) {}
  void append(std::string_view text) {
    if (!text.empty()) std::memcpy(bytes_ + size_, text.data(), text.size());
    size_ += text.size();
  }
  Value value() const { return Value::of(std::string_view(bytes_, size_)); }

 private:
  char* bytes_;
  size_t size_ = 0;
};

Value concatenate(Run& run, std::string_view a, std::string_view b) {
  TextWriter writer(run.arena(), a.size() + b.size());
  writer.append(a);
  writer.append(b);
  return writer.value();
}

std::string_view text_or_empty(const Value& v) { return v.is_null() ? std::string_view() : v.string(); }

}  // namespace

/// CQL 1.5, B.7.2 Concatenate, the operator `+`.
Value op_Concatenate(Run& run, const Call& call) { return concatenate(run, call[0].string(), call[1].string()); }

/// CQL 1.5, B.7.2 Concatenate, the operator `&`: "null is treated as the empty string".
Value op_ConcatenateOrEmpty(Run& run, const Call& call) {
  return concatenate(run, text_or_empty(call[0]), text_or_empty(call[1]));
}

/// CQL 1.5, B.7.6 Length.
Value op_StringLength(Run&, const Call& call) {
  return Value::of(static_cast<int32_t>(count_code_points(call[0].string())));
}

/// CQL 1.5, B.7.16 Upper.
Value op_Upper(Run& run, const Call& call) { return Value::of(map_text(call[0].string(), to_upper, run.arena())); }

/// CQL 1.5, B.7.7 Lower.
Value op_Lower(Run& run, const Call& call) { return Value::of(map_text(call[0].string(), to_lower, run.arena())); }

/// CQL 1.5, B.7.13 StartsWith.
Value op_StartsWith(Run&, const Call& call) { return Value::of(call[0].string().starts_with(call[1].string())); }

/// CQL 1.5, B.7.3 EndsWith.
Value op_EndsWith(Run&, const Call& call) { return Value::of(call[0].string().ends_with(call[1].string())); }

/// Whether the second text stands somewhere in the first.
Value op_ContainsText(Run&, const Call& call) {
  return Value::of(call[0].string().find(call[1].string()) != std::string_view::npos);
}

/// CQL 1.5, B.7.9 PositionOf: of a pattern in a string; -1 where it is not found.
Value op_PositionOf(Run&, const Call& call) {
  const auto at = call[1].string().find(call[0].string());
  if (at == std::string_view::npos) return Value::of(-1);
  return Value::of(static_cast<int32_t>(count_code_points(call[1].string().substr(0, at))));
}

/// CQL 1.5, B.7 LastPositionOf: of the last appearance; -1 where there is none.
Value op_LastPositionOf(Run&, const Call& call) {
  const auto at = call[1].string().rfind(call[0].string());
  if (at == std::string_view::npos) return Value::of(-1);
  return Value::of(static_cast<int32_t>(count_code_points(call[1].string().substr(0, at))));
}

/// CQL 1.5, B.7.14 Substring: null where the start is out of range; the start of an empty string is its end.
Value op_Substring(Run&, const Call& call) {
  const auto& start = call[1];
  if (call[0].is_null() || start.is_null() || start.integer < 0) return Value::null();
  const auto text = call[0].string();
  const auto first = byte_of_code_point(text, static_cast<uint32_t>(start.integer));
  if (first == std::string_view::npos || (first == text.size() && start.integer > 0)) return Value::null();
  const auto rest = text.substr(first);
  if (call.count < 3 || call[2].is_null()) return Value::of(rest);
  if (call[2].integer <= 0) return Value::of(std::string_view());
  return Value::of(rest.substr(0, byte_of_code_point(rest, static_cast<uint32_t>(call[2].integer))));
}

/// CQL 1.5, B.7.1 Combine: nulls in the list are left out, null where nothing remains; a null separator is ignored.
Value op_Combine(Run& run, const Call& call) {
  const bool separated = call.count > 1 && !call[1].is_null();
  if (call[0].is_null()) return Value::null();
  const auto separator = separated ? call[1].string() : std::string_view();
  size_t size = 0;
  size_t texts = 0;
  for (const auto& element : call[0]) {
    if (element.is_null()) continue;
    size += element.count + separator.size();
    ++texts;
  }
  if (texts == 0) return Value::null();
  TextWriter writer(run.arena(), size);
  bool first = true;
  for (const auto& element : call[0]) {
    if (element.is_null()) continue;
    if (!first) writer.append(separator);
    first = false;
    writer.append(element.string());
  }
  return writer.value();
}

/// CQL 1.5, B.7.11 Split: by the whole separator; without one the string is the only element.
Value op_Split(Run& run, const Call& call) {
  if (call[0].is_null()) return Value::null();
  auto rest = call[0].string();
  const auto separator = text_or_empty(call[1]);
  const auto mark = run.scratch().size();
  while (!separator.empty()) {
    const auto at = rest.find(separator);
    if (at == std::string_view::npos) break;
    run.scratch().push_back(Value::of(rest.substr(0, at)));
    rest.remove_prefix(at + separator.size());
  }
  run.scratch().push_back(Value::of(rest));
  return run.finish_list(mark);
}

/// CQL 1.5, B.7.4 Indexer: the code point at an index; null out of range.
Value op_IndexerText(Run&, const Call& call) {
  if (call[1].integer < 0) return Value::null();
  auto text = call[0].string();
  const auto first = byte_of_code_point(text, static_cast<uint32_t>(call[1].integer));
  if (first == std::string_view::npos || first == text.size()) return Value::null();
  text.remove_prefix(first);
  return Value::of(text.substr(0, byte_of_code_point(text, 1)));
}

}  // namespace vigil
