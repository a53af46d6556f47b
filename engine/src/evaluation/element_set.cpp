// SPDX-License-Identifier: Apache-2.0
// Hashing of values in accordance with `same` (CQL 1.5, B.10 List Operators).
#include "evaluation/element_set.h"

#include <functional>

#include "evaluation/equality.h"
#include "evaluation/numbers.h"
#include "values/temporal.h"

namespace vigil {
namespace {

constexpr uint64_t kNullHash = 0x9E3779B97F4A7C15u;

uint64_t mix(uint64_t a, uint64_t b) {
  uint64_t h = (a ^ b) * 0xD6E8FEB86659FD93u;
  h ^= h >> 32;
  return h * 0xD6E8FEB86659FD93u;
}

uint64_t hash_text(std::string_view text) { return std::hash<std::string_view>()(text); }

uint64_t hash_elements(const Value* elements, uint32_t count, int default_offset) {
  uint64_t h = count;
  for (uint32_t i = 0; i < count; ++i) h = mix(h, hash_of(elements[i], default_offset));
  return h;
}

/// By the first instant: equal values have it in common, also 10:00:00 and 10:00:00.000, 12:00Z and 13:00+01:00.
uint64_t hash_temporal(const Value& v, int default_offset) {
  if (v.kind == Kind::kTime) return static_cast<uint64_t>(milliseconds_of_day(v.temporal));
  if (v.temporal.precision >= Precision::kHour)
    return static_cast<uint64_t>(to_milliseconds(v.temporal, default_offset));
  return static_cast<uint64_t>(days_from_civil(v.temporal.year, v.temporal.month, v.temporal.day));
}

/// A code without system is never the same as one with it; ids are not hashed, as they are not always known.
uint64_t hash_code(const CodeValue& code) { return mix(hash_text(code.code), hash_text(code.system)); }

uint64_t hash_object(const Object& object, int default_offset) {
  if (object.fact != Object::kNoFact) return object.fact;
  return mix(object.fhir_type, hash_elements(object.slots, object.slot_count, default_offset));
}

}  // namespace

// Quantities of several units can be equal, and an interval's ends after a step: those are told apart by comparison.
uint64_t hash_of(const Value& v, int default_offset) {
  switch (v.kind) {
    case Kind::kNull: return kNullHash;
    case Kind::kBoolean: return v.boolean ? 1 : 2;
    case Kind::kInteger:
    case Kind::kLong:
    case Kind::kDecimal: {
      const auto d = as_decimal(v);
      return mix(d.low, static_cast<uint64_t>(d.high));
    }
    case Kind::kString: return hash_text(v.string());
    case Kind::kDate:
    case Kind::kDateTime:
    case Kind::kTime: return mix(3, hash_temporal(v, default_offset));
    case Kind::kQuantity:
    case Kind::kRatio:
    case Kind::kInterval:
    case Kind::kUncertain: return mix(4, static_cast<uint64_t>(v.kind));
    case Kind::kCode: return hash_code(*v.code);
    case Kind::kConcept: return hash_elements(v.concept_value->codes, v.concept_value->count, default_offset);
    case Kind::kVocabulary: return hash_text(v.vocabulary->id);
    case Kind::kList: return hash_elements(v.elements, v.count, default_offset);
    case Kind::kTuple: return hash_elements(v.tuple->slots, v.tuple->count, default_offset);
    case Kind::kObject: return hash_object(*v.object, default_offset);
  }
  return 0;
}

ElementSet::ElementSet(Arena& arena, size_t capacity, int default_offset) : default_offset_(default_offset) {
  if (capacity <= kPlain) return;
  size_t size = 64;
  while (size < 2 * capacity) size *= 2;
  table_ = arena.array<uint32_t>(size);
  hashes_ = arena.array<uint64_t>(capacity);
  mask_ = size - 1;
}

uint32_t ElementSet::find(std::span<const Value> elements, const Value& value) const {
  if (table_ == nullptr) {
    for (uint32_t i = 0; i < elements.size(); ++i)
      if (same(elements[i], value, default_offset_)) return i;
    return kNone;
  }
  const auto hash = hash_of(value, default_offset_);
  for (size_t place = hash & mask_; table_[place] != 0; place = (place + 1) & mask_) {
    const auto index = table_[place] - 1;
    if (hashes_[index] == hash && same(elements[index], value, default_offset_)) return index;
  }
  return kNone;
}

void ElementSet::add(const Value& value) {
  if (table_ == nullptr) return;
  const auto hash = hash_of(value, default_offset_);
  size_t place = hash & mask_;
  while (table_[place] != 0) place = (place + 1) & mask_;
  hashes_[size_] = hash;
  table_[place] = ++size_;
}

}  // namespace vigil
