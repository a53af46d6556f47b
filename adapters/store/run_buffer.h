// SPDX-License-Identifier: Apache-2.0
// Records in memory, until they are written as a sorted run or merged into the store.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/growing_buffer.h"
#include "store/record.h"

namespace vigil::store {

/// Owners are dealt out to buckets, which are sorted, merged and written each for itself, so that threads can share the
/// work. A patient's bucket is its segment of the store: it must depend on nothing but the id.
inline constexpr uint32_t kSegments = 16;
inline constexpr uint32_t kSharedBucket = kSegments;
inline constexpr uint32_t kBuckets = kSegments + 1;
uint32_t bucket_of(std::string_view owner, uint64_t hash);

/// Records by bucket, and by owner in it: owners are told apart as records come, so that sorting goes over owners, not
/// over records. What it keeps of a record whose JSON stays elsewhere is a line of the processor's cache. Not
/// thread-safe while records are added.
class RunBuffer {
 public:
  RunBuffer() { clear(); }

  void add(const Record& record);
  /// Of memory, as far as it holds something.
  size_t bytes() const { return bytes_.size() + records_ * (sizeof(Kept) + sizeof(uint32_t)) + owner_bytes_; }
  bool empty() const { return records_ == 0; }
  /// Forgets the records and keeps the memory.
  void clear();

  /// The numbers of a bucket's records by owner, owners ascending bytewise; records of one owner in the order added.
  std::vector<uint32_t> order(uint32_t bucket) const;
  void read(uint32_t bucket, uint32_t number, Record& record) const;
  bool is_of_same_owner(uint32_t bucket, uint32_t number, uint32_t other) const {
    return buckets_[bucket].record(number).owner == buckets_[bucket].record(other).owner;
  }
  /// Says that what follows the `index`th of this order is wanted soon: the records of one owner stand far apart, and
  /// memory takes its time.
  void prefetch(uint32_t bucket, const std::vector<uint32_t>& order, size_t index) const;

 private:
  enum class Form : uint8_t {
    kStays,   ///< `json` is where it stays
    kCopied,  ///< `offset` is the JSON's in bytes_
    kWhole,   ///< `offset` is that of all of the record in bytes_
  };
  /// What most records are: a version, its id in its JSON, neither of a Bundle nor of a history.
  struct alignas(64) Kept {
    union {
      const char* json = nullptr;
      uint64_t offset;
    };
    Instant clinical_from = 0;
    Instant known_from = 0;
    Instant updated = 0;
    uint64_t at = 0;
    uint32_t json_size = 0;
    uint32_t owner = 0;  ///< its number in the bucket
    uint32_t id = 0;     ///< where it begins in the JSON
    uint32_t version_number = 0;
    uint32_t file = 0;
    uint8_t id_size = 0;
    uint8_t type = 0;  ///< in types_
    KnownSource known_source = KnownSource::kNone;
    Form form = Form::kWhole;
  };
  static_assert(sizeof(Kept) == 64);

  struct OwnerRef {
    static constexpr uint32_t kMostBuckets = 31;
    static constexpr uint32_t kMostNumber = (1u << 27) - 1;
    uint32_t bucket : 5 = kBuckets;  ///< none
    uint32_t number : 27 = 0;
    static OwnerRef of(uint32_t bucket, uint32_t number) { return {bucket & kMostBuckets, number & kMostNumber}; }
    bool is_none() const { return bucket == kBuckets; }
  };
  struct alignas(64) Owner {
    static constexpr size_t kInline = 36;
    uint64_t hash = 0;
    uint64_t offset = 0;  ///< of the text in bytes_, if it is longer than kInline
    OwnerRef next;        ///< whose records came after this one's
    uint32_t size = 0;
    uint32_t count = 0;  ///< of records
    std::array<char, kInline> text{};
  };
  static_assert(sizeof(Owner) == 64);

  struct Bucket {
    static constexpr size_t kChunk = 1024;
    std::vector<std::vector<Kept>> chunks;  ///< which do not move when there are more
    size_t count = 0;
    std::vector<Owner> owners;
    std::vector<uint32_t> slots;  ///< owners by hash, numbers from 1 on; open addressing, a power of two

    const Kept& record(size_t number) const { return chunks[number / kChunk][number % kChunk]; }
    void add(const Kept& kept);
  };

  const char* begin_of(const Kept& kept) const {
    return kept.form == Form::kStays ? kept.json : bytes_.text().data() + kept.offset;
  }
  Owner& owner(OwnerRef ref) { return buckets_[ref.bucket].owners[ref.number]; }
  std::string_view text_of(const Owner& owner) const {
    if (owner.size <= Owner::kInline) return {owner.text.data(), owner.size};
    return bytes_.text().substr(owner.offset, owner.size);
  }
  OwnerRef find_owner(std::string_view text);
  void follow(OwnerRef before, OwnerRef after);
  OwnerRef look_up_owner(std::string_view text);
  Owner make_owner(std::string_view text, uint64_t hash);
  bool keep_briefly(const Record& record, Kept& kept);
  uint64_t copy(std::string_view text);
  static void grow(Bucket& bucket);

  struct Type {
    std::string name;
    uint64_t checksum = 0;
  };

  std::array<Bucket, kBuckets> buckets_;
  GrowingBuffer bytes_;
  std::vector<Type> types_;
  uint8_t last_type_ = 0;
  OwnerRef last_owner_;
  size_t records_ = 0;
  size_t owner_bytes_ = 0;
};

}  // namespace vigil::store
