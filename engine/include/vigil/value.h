// SPDX-License-Identifier: Apache-2.0
// The values of CQL and of FHIR facts: 24 bytes each, trivially copyable, compound parts in an arena.
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace vigil {

/// A CQL Decimal: 28 digits, 8 of them fractional, as a signed 128-bit integer scaled by 10^8 (CQL 1.5, Decimal).
/// Arithmetic is in engine/src/values/decimal.h.
struct Decimal {
  uint64_t low = 0;
  int64_t high = 0;
  bool operator==(const Decimal&) const = default;
};

/// How far a date or time is known. The order is from coarse to fine.
enum class Precision : uint8_t { kYear, kMonth, kDay, kHour, kMinute, kSecond, kMillisecond };

/// A CQL Date, DateTime or Time with its precision. Parts finer than `precision` are at their minimum. A Time has
/// year 0 and month and day 1. `offset_minutes` is kNoOffset for Date and Time, and for a DateTime that names none.
struct Temporal {
  static constexpr int16_t kNoOffset = INT16_MIN;
  int16_t year = 0;
  uint8_t month = 1;
  uint8_t day = 1;
  uint8_t hour = 0;
  uint8_t minute = 0;
  uint8_t second = 0;
  Precision precision = Precision::kYear;
  uint16_t millisecond = 0;
  int16_t offset_minutes = kNoOffset;
  bool operator==(const Temporal&) const = default;
};

/// The kinds of value. FHIR primitives are of the kind of their System type, with `fhir_type` set.
enum class Kind : uint8_t {
  kNull,
  kBoolean,
  kInteger,
  kLong,
  kDecimal,
  kString,
  kDate,
  kDateTime,
  kTime,
  kQuantity,
  kRatio,
  kCode,
  kConcept,
  kVocabulary,
  kInterval,
  kList,
  kTuple,
  kObject,
  kUncertain,
};

/// A concept's identity, (system, code), as interned by a knowledge base or, above its ids, by a snapshot. 0 is none.
using ConceptId = uint32_t;

struct Value;

/// System.Quantity: a decimal and a UCUM or calendar unit. The unit's bytes live as long as the arena that holds this.
struct Quantity {
  Decimal value;
  std::string_view unit;
};
/// System.Ratio.
struct Ratio {
  Quantity numerator;
  Quantity denominator;
};
/// System.Code. Empty system, version or display: not given. `concept_id` is 0 where the pair is not interned.
struct CodeValue {
  std::string_view code;
  std::string_view system;
  std::string_view version;
  std::string_view display;
  ConceptId concept_id = 0;
};
/// System.Concept.
struct ConceptValue {
  const Value* codes = nullptr;  ///< of kind kCode
  uint32_t count = 0;
  std::string_view display;
};
/// System.ValueSet or System.CodeSystem: a reference, not its content.
struct VocabularyValue {
  std::string_view id;  ///< the canonical URL
  std::string_view version;
  std::string_view name;
  uint32_t index = 0;  ///< of the knowledge base; kUnresolved where it holds no such value set
  bool is_value_set = true;
  static constexpr uint32_t kUnresolved = UINT32_MAX;
};
struct IntervalValue;
/// A tuple: `slots[i]` is the i-th element of the tuple type, by name.
struct TupleValue {
  static constexpr uint32_t kUntyped = UINT32_MAX;
  const Value* slots = nullptr;
  uint32_t count = 0;
  uint32_t type = kUntyped;  ///< number of the tuple type in the program that made it; data outside a program has none
};

/// A FHIR resource or data type as read: the elements the rulebook requires, in the slots of its ObjectLayout.
struct Object {
  uint16_t fhir_type = 0;  ///< index in the FHIR model
  uint16_t slot_count = 0;
  uint32_t fact = UINT32_MAX;  ///< of a resource, its version in the timeline (see Snapshot::fact); else kNoFact
  ConceptId concept_id = 0;    ///< of a Coding with system and code
  const Value* slots = nullptr;
  static constexpr uint32_t kNoFact = UINT32_MAX;
};

/// One value. `undetermined()` says that data not obtained, damaged or missing could make it another (DESIGN: "unknown
/// is never silently false"); the value itself is what CQL defines for the data at hand.
struct Value {
  enum Flag : uint8_t {
    kUndetermined = 1,            ///< could be another value; for a list: there may be further elements
    kUndeterminedElements = 2,    ///< a list some of whose elements are undetermined: perhaps not there at all
    kOpen = 4,                    ///< a list that may have further elements besides its possible ones, see possible()
    kPresence = 8,                ///< an element that may not be there, though what it is, is known
    kPlace = 16,                  ///< an element of a sorted list that could stand at another place
    kOfList = kPresence | kPlace  ///< what says something of an element's list, not of itself
  };

  Kind kind = Kind::kNull;
  uint8_t flags = 0;
  uint16_t fhir_type =
      0;  ///< of a FHIR primitive: 1 + its index in the FHIR model; 0 for System values; of a list: possible()
  uint32_t count = 0;  ///< bytes of a string, elements of a list
  union {
    bool boolean;
    int32_t integer;
    int64_t long_integer;
    Decimal decimal;
    Temporal temporal;
    const char* characters;
    const Quantity* quantity;
    const Ratio* ratio;
    const CodeValue* code;
    const ConceptValue* concept_value;
    const VocabularyValue* vocabulary;
    const IntervalValue* interval;
    const Value* elements;
    const TupleValue* tuple;
    const Object* object;
  };

  constexpr Value() : decimal{} {}

  static Value null() { return {}; }
  static Value of(bool b) {
    Value v(Kind::kBoolean);
    v.boolean = b;
    return v;
  }
  static Value of(int32_t i) {
    Value v(Kind::kInteger);
    v.integer = i;
    return v;
  }
  static Value of_long(int64_t i) {
    Value v(Kind::kLong);
    v.long_integer = i;
    return v;
  }
  static Value of(Decimal d) {
    Value v(Kind::kDecimal);
    v.decimal = d;
    return v;
  }
  static Value of(std::string_view s) {
    Value v(Kind::kString);
    v.count = static_cast<uint32_t>(s.size());
    v.characters = s.data();
    return v;
  }
  static Value of(Kind temporal_kind, Temporal t) {
    Value v(temporal_kind);
    v.temporal = t;
    return v;
  }
  static Value of(const Quantity* q) {
    Value v(Kind::kQuantity);
    v.quantity = q;
    return v;
  }
  static Value of(const Ratio* r) {
    Value v(Kind::kRatio);
    v.ratio = r;
    return v;
  }
  static Value of(const CodeValue* c) {
    Value v(Kind::kCode);
    v.code = c;
    return v;
  }
  static Value of(const ConceptValue* c) {
    Value v(Kind::kConcept);
    v.concept_value = c;
    return v;
  }
  static Value of(const VocabularyValue* s) {
    Value v(Kind::kVocabulary);
    v.vocabulary = s;
    return v;
  }
  static Value of(const IntervalValue* i) {
    Value v(Kind::kInterval);
    v.interval = i;
    return v;
  }
  static Value of_uncertain(const IntervalValue* range) {
    Value v(Kind::kUncertain);
    v.interval = range;
    return v;
  }
  static Value of(const Value* first, uint32_t count) {
    Value v(Kind::kList);
    v.elements = first;
    v.count = count;
    return v;
  }
  static Value of(const TupleValue* t) {
    Value v(Kind::kTuple);
    v.tuple = t;
    return v;
  }
  static Value of(const Object* o) {
    Value v(Kind::kObject);
    v.object = o;
    return v;
  }

  bool is_null() const { return kind == Kind::kNull; }
  bool is_true() const { return kind == Kind::kBoolean && boolean; }
  bool is_false() const { return kind == Kind::kBoolean && !boolean; }
  bool undetermined() const { return flags != 0; }
  std::string_view string() const { return {characters, count}; }
  const Value* begin() const { return elements; }  ///< of a list
  const Value* end() const { return elements + count; }
  /// Of a list: how many elements behind end() are no elements to CQL but may be there after all (their condition is
  /// null, their code is not recognised). A filter that is false for them settles it.
  uint32_t possible() const { return kind == Kind::kList ? fhir_type : 0; }
  /// Whether a list may have elements that are not known at all.
  bool is_open() const { return (flags & kUndetermined) != 0 && (possible() == 0 || (flags & kOpen) != 0); }
  Value without_flags(uint8_t less) const {
    Value v = *this;
    v.flags = static_cast<uint8_t>(v.flags & ~less);
    return v;
  }
  Value with_flags(uint8_t more) const {
    Value v = *this;
    v.flags = static_cast<uint8_t>(v.flags | more);
    return v;
  }

 private:
  explicit Value(Kind k) : kind(k), decimal{} {}
};

/// An interval; a null end is unknown when open, the type's end when closed (CQL 1.5, Interval). Of kind kUncertain: a
/// number that can be any from `low` to `high`, such as the days between partial dates (CQL 1.5, Uncertainty).
struct IntervalValue {
  Value low;
  Value high;
  bool low_closed = true;
  bool high_closed = true;
  bool of_any = false;  ///< `Interval[null, null]`: without a point type, a closed null end is unknown too
};

static_assert(sizeof(Value) == 24 && std::is_trivially_copyable_v<Value>);

}  // namespace vigil
