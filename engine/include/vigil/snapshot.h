// SPDX-License-Identifier: Apache-2.0
// A patient's facts: what a reader keeps (ReadPlan), all versions of them (Timeline), and the view at one instant
// (Snapshot).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/knowledge_base.h>
#include <vigil/value.h>

namespace vigil {

// --- what to read ------------------------------------------------------------------------------------------------

/// One element the rulebook requires. A reader turns the JSON member `json_name` into a Value of `kind` in slot `slot`.
struct PlannedElement {
  std::string_view json_name;  ///< as in FHIR JSON: "status", "valueQuantity"
  uint16_t slot = 0;
  uint16_t fhir_type = 0;  ///< index in the FHIR model, of the value or the list's elements
  Kind kind =
      Kind::kNull;  ///< of the value or the elements; kObject for data types: then read by ReadPlan::type(fhir_type)
  bool is_list = false;  ///< the slot holds a list; in JSON an array
};

/// The elements kept of one FHIR type. Slots not in the JSON stay null (lists: null too, which CQL treats as empty).
class PlannedType {
 public:
  std::string_view name;
  uint16_t fhir_type = 0;
  uint16_t slot_count = 0;
  bool is_resource = false;
  uint16_t system_slot = kNoSlot;  ///< of Coding, when both are kept: the reader sets Object::concept_id
  uint16_t code_slot = kNoSlot;
  std::vector<PlannedElement> elements;

  static constexpr uint16_t kNoSlot = UINT16_MAX;

  /// The element of a JSON member name, or null where the rulebook does not need it. O(1).
  const PlannedElement* find(std::string_view json_name) const {
    const size_t mask = table_.size() - 1;
    // One look in almost every type: seal() finds a table without collisions, but where names have one hash
    // ("valueDate", "valueTime") they stand in neighbouring places. There always is an empty place.
    for (size_t i = hash(json_name, multiplier_) & mask; table_[i] != kEmpty; i = (i + 1) & mask)
      if (same_name(elements[table_[i]].json_name, json_name)) return &elements[table_[i]];
    return nullptr;
  }
  /// Builds the look-up table, once the elements are set. Of elements with one name the first is found.
  void seal();

 private:
  static constexpr uint16_t kEmpty = UINT16_MAX;
  template <class Word>
  static Word load(const char* bytes) {
    Word word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
  }
  /// Names are short: a call of memcmp would cost more than the comparison.
  static bool same_name(std::string_view a, std::string_view b) {
    const size_t n = a.size();
    if (n != b.size()) return false;
    const char* x = a.data();
    const char* y = b.data();
    if (n >= 8) {
      size_t i = 0;
      for (; i + 8 < n; i += 8)
        if (load<uint64_t>(x + i) != load<uint64_t>(y + i)) return false;
      return load<uint64_t>(x + n - 8) == load<uint64_t>(y + n - 8);
    }
    if (n >= 4) return load<uint32_t>(x) == load<uint32_t>(y) && load<uint32_t>(x + n - 4) == load<uint32_t>(y + n - 4);
    return n == 0 || (x[0] == y[0] && x[n / 2] == y[n / 2] && x[n - 1] == y[n - 1]);
  }
  static uint32_t hash(std::string_view s, uint32_t multiplier) {
    const auto n = static_cast<uint32_t>(s.size());
    const auto at = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(s[i])); };
    if (n == 0) return 0;
    const uint32_t mixed = (n * 31u + at(0)) * 131u + at(n / 2) * 17u + at(n - 1) * 7u + at(n > 3 ? 3 : 0);
    return (mixed * multiplier) >> 16;
  }
  uint32_t multiplier_ = 0x9E3779B1u;
  std::vector<uint16_t> table_ = {kEmpty};
};

class CodeFilters;  // engine/src/snapshot

/// What the rulebook requires of FHIR data; made by the rulebook, read by adapters. Immutable, shareable.
class ReadPlan {
 public:
  /// Null where no rule looks at this resource type: skip it.
  const PlannedType* resource(std::string_view resource_type) const;
  /// The plan of a data type or resource; null where nothing of it is required (then an empty object suffices).
  const PlannedType* type(uint16_t fhir_type) const {
    return fhir_type < by_type_.size() && by_type_[fhir_type] != 0 ? &types_[by_type_[fhir_type] - 1u] : nullptr;
  }
  /// Whether the name is a FHIR R4 resource type at all (to tell unknown types from unneeded ones).
  static bool is_resource_type(std::string_view name);
  /// The JSON member of a resource type that refers to the patient it is about ("subject", "patient", "beneficiary");
  /// empty for Patient itself, for types that are about no patient, and for unknown types.
  static std::string_view patient_element(std::string_view resource_type);
  std::span<const PlannedType> types() const { return types_; }
  /// The codes that rules look for, by which a snapshot lists its facts; null where the plan was made without.
  const CodeFilters* code_filters() const { return code_filters_.get(); }
  uint64_t digest() const { return digest_; }

 private:
  friend class ReadPlanBuilder;
  std::vector<PlannedType> types_;
  std::vector<uint16_t> by_type_;  ///< 1 + index in types_; 0 none
  std::vector<uint16_t> by_name_;  ///< resource types: 1 + index in types_, 0 none; a hash table, a power of two
  std::shared_ptr<const CodeFilters> code_filters_;
  uint64_t digest_ = 0;
};

/// Whether two values as read from data say the same: their kinds, FHIR types and contents, objects slot by slot. Flags
/// and Object::fact play no part.
bool same_content(const Value& a, const Value& b);
bool same_content(const Object& a, const Object& b);

// --- facts -------------------------------------------------------------------------------------------------------

/// Milliseconds since 1970-01-01T00:00:00Z.
using Instant = int64_t;
inline constexpr Instant kAlways = std::numeric_limits<Instant>::min();
inline constexpr Instant kForever = std::numeric_limits<Instant>::max();

/// How well a part of the record was obtained. Worse is greater.
enum class Completeness : uint8_t { kComplete, kPartial, kNotObtained, kDamaged };
std::string_view name(Completeness completeness);

/// Where a fact comes from.
enum class Origin : uint8_t { kRecord, kDraft };

/// One version of one fact, as given to a timeline, which copies `full_url` and `contained`.
struct FactVersion {
  const Object* resource = nullptr;  ///< made with the timeline's make_object()
  Origin origin = Origin::kRecord;
  std::string_view full_url;                 ///< Bundle.entry.fullUrl, for references; may be empty
  std::span<const Object* const> contained;  ///< resources inside this one, for "#id" references
  Instant known_from = kAlways;
  Instant known_to = kForever;
  /// It may have been known then, or not. Of its id no other version may be known at the same time.
  bool is_possible = false;
};

/// A fact in a snapshot.
struct Fact {
  const Object* resource = nullptr;
  std::string_view id;
  std::string_view status;           ///< of `status` or, for conditions and allergies, the code of `clinicalStatus`
  const ConceptId* codes = nullptr;  ///< of the primary code path, references followed
  uint32_t code_count = 0;
  uint16_t fhir_type = 0;
  Origin origin = Origin::kRecord;
  bool unresolved_reference = false;  ///< its code is a reference to what is not in the data
  bool is_possible = false;  ///< whether it was known is not known: no element of a retrieve, but it may be one
  std::span<const ConceptId> code_span() const { return {codes, code_count}; }
};

class Timeline;

/// What was known of one patient at one instant. Views into the timeline, which must outlive it unchanged. Immutable;
/// several threads may read one snapshot. One made by its default constructor holds no facts; then only facts(),
/// all_facts(), fact(), patient() and completeness() may be called.
class Snapshot {
 public:
  /// The facts of a resource type, record and drafts, each once by id, in the order read.
  std::span<const Fact> facts(uint16_t fhir_type) const;
  std::span<const Fact> all_facts() const { return facts_; }
  /// The fact of a resource; null where it was not known at this instant, or is a contained resource or a data type.
  /// Object::fact is the number of the resource's version in its timeline, the same for all snapshots of the timeline.
  const Fact* fact(const Object& resource) const {
    return resource.fact < fact_of_version_.size() && fact_of_version_[resource.fact] != Object::kNoFact
               ? &facts_[fact_of_version_[resource.fact]]
               : nullptr;
  }
  /// The facts that pass a filter of the plan's CodeFilters, as indexes in all_facts(), ascending.
  std::span<const uint32_t> passing(uint32_t filter) const {
    if (filter >= filter_ends_.size()) return {};
    const uint32_t begin = filter == 0 ? 0 : filter_ends_[filter - 1];
    return {passing_.data() + begin, filter_ends_[filter] - begin};
  }
  /// Null where there is none, or more than one.
  const Fact* patient() const { return patient_ < facts_.size() ? &facts_[patient_] : nullptr; }
  /// How well resources of this type were obtained.
  Completeness completeness(uint16_t fhir_type) const {
    return fhir_type < completeness_.size() ? std::max(completeness_[fhir_type], completeness_of_all_)
                                            : completeness_of_all_;
  }
  /// Equal for two snapshots of one timeline in which the same versions of this type count, known equally well, and
  /// their references lead to the same codes; unequal for others, but for a chance of 2^-64.
  uint64_t stamp(uint16_t fhir_type) const;
  /// The same of the facts that pass a filter of the plan's CodeFilters. How well the type is known is part of the
  /// stamp of its unsettled facts.
  uint64_t stamp_of_passing(uint32_t filter) const {
    return filter < filter_stamps_.size() ? filter_stamps_[filter] : 0;
  }
  ConceptInfo concept_info(ConceptId id) const;
  const KnowledgeBase& knowledge() const;
  /// Of the plan it was read by; 0 of a snapshot that no timeline made.
  uint64_t plan_digest() const;
  /// The fact a reference names ("Medication/1", a full URL, "#1" inside `from`), or null.
  const Object* resolve(std::string_view reference, const Object* from) const;

 private:
  friend class Timeline;
  const Timeline* timeline_ = nullptr;
  std::vector<Fact> facts_;                             // grouped by type
  std::vector<std::pair<uint32_t, uint32_t>> by_type_;  // [begin, end) in facts_, by index in ReadPlan::types()
  std::vector<uint32_t> fact_of_version_;               // index in facts_, or Object::kNoFact
  std::vector<uint32_t> passing_;                       // indexes in facts_, filter after filter
  std::vector<uint32_t> filter_ends_;                   // in passing_, by number of the filter
  std::vector<uint64_t> stamps_;                        // by index in ReadPlan::types(), without completeness
  std::vector<uint64_t> filter_stamps_;                 // by number of the filter
  std::vector<Completeness> completeness_;              // by FHIR type
  Completeness completeness_of_all_ = Completeness::kComplete;
  size_t patient_ = SIZE_MAX;
};

/// All versions of the facts of one patient, with the arena that holds them. Reused for another patient after clear(),
/// without new heap memory once warm. Not thread-safe.
class Timeline {
 public:
  /// The plan and the knowledge base must outlive the timeline.
  Timeline(const ReadPlan& plan, const KnowledgeBase& knowledge, size_t max_bytes = size_t{1} << 30);
  ~Timeline();
  Timeline(Timeline&&) noexcept;
  void clear();

  // For readers: parts of facts, in the timeline's arena.
  /// All null.
  Value* make_values(size_t count) {
    return new_array<Value>(static_cast<std::byte*>(allocate(count * sizeof(Value))), count);
  }
  /// Slots null.
  Object* make_object(const PlannedType& type) {
    auto* bytes = static_cast<std::byte*>(allocate(sizeof(Object) + type.slot_count * sizeof(Value)));
    Object* object = ::new (bytes) Object;
    object->fhir_type = type.fhir_type;
    object->slot_count = type.slot_count;
    object->slots = new_array<Value>(bytes + sizeof(Object), type.slot_count);
    return object;
  }
  /// The slots of an object just made, to be filled.
  static Value* slots(Object& object) { return const_cast<Value*>(object.slots); }
  /// `readable` bytes can be read from text.data() on, at least its size: if more, a short text is copied faster.
  std::string_view copy(std::string_view text, size_t readable = 0) {
    constexpr size_t kShort = 48;
    if (text.size() <= kShort && readable >= kShort && free_bytes_ >= kShort) {
      std::memcpy(free_, text.data(), kShort);
      const char* copied = reinterpret_cast<const char*>(free_);
      const size_t used = (text.size() + kAlign - 1) & ~(kAlign - 1);
      free_ += used;
      free_bytes_ -= used;
      return {copied, text.size()};
    }
    return copy_long(text);
  }
  const Quantity* make_quantity(Decimal value, std::string_view unit);
  /// The id of a coded concept: the knowledge base's; else, where rules name the code, the read plan's; else the
  /// timeline's own. 0 where either is empty.
  ConceptId intern(std::string_view system, std::string_view code) { return intern_views(system, code); }
  /// The same; lets both views be of texts that live as long as facts do, so that the caller need not copy them.
  ConceptId intern_views(std::string_view& system, std::string_view& code);
  /// True once the arena's limit is passed: stop reading, the data is too large.
  bool full() const;

  /// Takes a version, numbering its resource (Object::fact). Its slots must be filled: id, status and codes are read
  /// here. Versions of types that are not planned are not taken.
  void add(const FactVersion& version);
  /// Records that data of a type is worse than complete; the worst stays.
  void degrade(uint16_t fhir_type, Completeness completeness);
  /// The same for every type: a resource that could not even be told apart was damaged, the stream was cut.
  void degrade_all(Completeness completeness);
  /// Takes back what both recorded: for a caller who says anew of the next instant how well each type was known then.
  void restore();

  const ReadPlan& plan() const { return *plan_; }
  const KnowledgeBase& knowledge() const { return *knowledge_; }
  size_t version_count() const;

  /// The view at `at`: versions with known_from <= at < known_to; of several of one id the last known one, a draft
  /// before a record. Two versions known at once that differ are reported as VGL1005 and left out, their type damaged.
  Snapshot at(Instant at, DiagnosticSink& sink) const;
  /// The same into a snapshot made before, reusing its memory.
  void at(Instant at, DiagnosticSink& sink, Snapshot& snapshot) const;

  struct Content;  // private to engine/src/snapshot

 private:
  friend class Snapshot;
  void follow_code_references(DiagnosticSink& sink, Snapshot& snapshot) const;
  void list_by_filter(Snapshot& snapshot) const;
  static constexpr size_t kAlign = alignof(Value);
  static_assert(alignof(Object) == kAlign && sizeof(Object) % kAlign == 0);

  template <class T>
  static T* new_array(std::byte* bytes, size_t count) {
    T* first = reinterpret_cast<T*>(bytes);
    for (size_t i = 0; i < count; ++i) ::new (static_cast<void*>(first + i)) T;
    return first;
  }
  /// `bytes` bytes, a multiple of kAlign, aligned to it: from the chunk at hand, or from the next one.
  void* allocate(size_t bytes) {
    if (bytes > free_bytes_) [[unlikely]]
      return allocate_in_next_chunk(bytes);
    void* at = free_;
    free_ += bytes;
    free_bytes_ -= bytes;
    return at;
  }
  void* allocate_in_next_chunk(size_t bytes);
  std::string_view copy_long(std::string_view text);

  const ReadPlan* plan_;
  const KnowledgeBase* knowledge_;
  std::unique_ptr<Content> content_;
  std::byte* free_ = nullptr;  ///< of the chunk at hand, from the arena
  size_t free_bytes_ = 0;      ///< a multiple of kAlign
};

}  // namespace vigil
