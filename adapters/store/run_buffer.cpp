// SPDX-License-Identifier: Apache-2.0
// Keeps records, tells their owners apart, and sorts owners.
#include "store/run_buffer.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "store/checksum.h"
#include "store/short_text.h"

namespace vigil::store {
namespace {

/// A bucket is a matter of the hash's lowest bits; slots are of others.
constexpr int kSlotShift = 16;
constexpr size_t kFirstSlots = 256;
constexpr size_t kMostTypes = 255;

/// The first eight bytes, in the order of their comparison.
uint64_t prefix_of(std::string_view text) {
  uint64_t prefix = 0;
  for (size_t i = 0; i < sizeof prefix; ++i)
    prefix = prefix << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0u);
  return prefix;
}

/// Where `part` begins in `text`; none where it is no part of it.
bool find_inside(std::string_view text, std::string_view part, uint32_t& offset) {
  const auto begin = reinterpret_cast<uintptr_t>(text.data());
  const auto at = reinterpret_cast<uintptr_t>(part.data());
  if (part.empty() || at < begin || at + part.size() > begin + text.size()) return part.empty();
  offset = static_cast<uint32_t>(at - begin);
  return true;
}

}  // namespace

uint32_t bucket_of(std::string_view owner, uint64_t hash) {
  if (owner.empty() || owner.front() == kSharedOwner) return kSharedBucket;
  return static_cast<uint32_t>(hash % kSegments);
}

void RunBuffer::Bucket::add(const Kept& kept) {
  const size_t chunk = count++ / kChunk;
  if (chunk == chunks.size()) chunks.emplace_back().reserve(kChunk);
  chunks[chunk].push_back(kept);
}

void RunBuffer::add(const Record& record) {
  Kept kept;
  if (!keep_briefly(record, kept)) {
    Record whole = record;
    whole.identity = identity_of(record.type, record.id);
    kept.form = Form::kWhole;
    kept.offset = bytes_.size();
    write_record(whole, bytes_.extend(record_size(whole)));
  }
  const OwnerRef ref = find_owner(record.owner);
  kept.owner = ref.number;
  ++owner(ref).count;
  buckets_[ref.bucket].add(kept);
  ++records_;
}

/// False where the record says more than fits.
bool RunBuffer::keep_briefly(const Record& record, Kept& kept) {
  if (record.kind != RecordKind::kVersion || record.is_of_history || !record.full_url.empty() ||
      record.place.entry != Place::kNoEntry || record.version_number > std::numeric_limits<uint32_t>::max() ||
      record.id.size() > std::numeric_limits<uint8_t>::max() || !find_inside(record.json, record.id, kept.id))
    return false;
  if (last_type_ >= types_.size() || !same_text(types_[last_type_].name, record.type)) {
    const auto found = std::find_if(types_.begin(), types_.end(), [&](const auto& t) { return t.name == record.type; });
    if (found == types_.end() && types_.size() == kMostTypes) return false;
    last_type_ = static_cast<uint8_t>(found - types_.begin());
    if (found == types_.end())
      types_.push_back({std::string(record.type), checksum(record.type.data(), record.type.size())});
  }
  kept.form = record.json_stays ? Form::kStays : Form::kCopied;
  if (record.json_stays)
    kept.json = record.json.data();
  else
    kept.offset = copy(record.json);
  kept.clinical_from = record.clinical_from;
  kept.known_from = record.known_from;
  kept.updated = record.updated;
  kept.at = record.place.at;
  kept.json_size = static_cast<uint32_t>(record.json.size());
  kept.version_number = static_cast<uint32_t>(record.version_number);
  kept.file = record.place.file;
  kept.id_size = static_cast<uint8_t>(record.id.size());
  kept.type = last_type_;
  kept.known_source = record.known_source;
  return true;
}

uint64_t RunBuffer::copy(std::string_view text) {
  const uint64_t offset = bytes_.size();
  std::copy(text.begin(), text.end(), bytes_.extend(text.size()));
  return offset;
}

/// Records of one owner often come together, and owners in the order of another file, which had more of them or fewer.
RunBuffer::OwnerRef RunBuffer::find_owner(std::string_view text) {
  constexpr int kSteps = 3;
  OwnerRef found = last_owner_;
  for (int step = 0; !found.is_none() && step <= kSteps; ++step) {
    if (same_text(text_of(owner(found)), text)) break;
    found = step < kSteps ? owner(found).next : OwnerRef();
  }
  if (found.is_none()) {
    found = look_up_owner(text);
    follow(last_owner_, found);
  }
  last_owner_ = found;
  if (const OwnerRef next = owner(found).next; !next.is_none()) __builtin_prefetch(&owner(next));
  return found;
}

/// One who is new goes between; the order of those who are known stays, since a file may leave out most of them.
void RunBuffer::follow(OwnerRef before, OwnerRef after) {
  if (before.is_none()) return;
  OwnerRef& next = owner(before).next;
  if (!next.is_none() && owner(after).count > 0) return;
  if (owner(after).count == 0) owner(after).next = next;
  next = after;
}

RunBuffer::OwnerRef RunBuffer::look_up_owner(std::string_view text) {
  const uint64_t hash = checksum(text.data(), text.size());
  const uint32_t number = bucket_of(text, hash);
  Bucket& bucket = buckets_[number];
  if (2 * (bucket.owners.size() + 1) > bucket.slots.size()) grow(bucket);
  const size_t mask = bucket.slots.size() - 1;
  size_t at = hash >> kSlotShift & mask;
  for (; bucket.slots[at] != 0; at = (at + 1) & mask) {
    const Owner& known = bucket.owners[bucket.slots[at] - 1];
    if (known.hash == hash && same_text(text_of(known), text)) return OwnerRef::of(number, bucket.slots[at] - 1);
  }
  bucket.owners.push_back(make_owner(text, hash));
  bucket.slots[at] = static_cast<uint32_t>(bucket.owners.size());
  owner_bytes_ += sizeof(Owner) + 2 * sizeof(uint32_t);
  return OwnerRef::of(number, bucket.slots[at] - 1);
}

RunBuffer::Owner RunBuffer::make_owner(std::string_view text, uint64_t hash) {
  Owner made;
  made.hash = hash;
  made.size = static_cast<uint32_t>(text.size());
  if (text.size() <= Owner::kInline)
    std::copy(text.begin(), text.end(), made.text.begin());
  else
    made.offset = copy(text);
  return made;
}

void RunBuffer::grow(Bucket& bucket) {
  bucket.slots.assign(std::max(kFirstSlots, 2 * bucket.slots.size()), 0);
  const size_t mask = bucket.slots.size() - 1;
  for (uint32_t i = 0; i < bucket.owners.size(); ++i) {
    size_t at = bucket.owners[i].hash >> kSlotShift & mask;
    while (bucket.slots[at] != 0) at = (at + 1) & mask;
    bucket.slots[at] = i + 1;
  }
}

void RunBuffer::clear() {
  for (auto& bucket : buckets_) {
    for (auto& chunk : bucket.chunks) chunk.clear();
    bucket.count = 0;
    bucket.owners.clear();
    std::fill(bucket.slots.begin(), bucket.slots.end(), 0);
  }
  bytes_.clear();
  last_owner_ = {};
  records_ = 0;
  owner_bytes_ = 0;
}

std::vector<uint32_t> RunBuffer::order(uint32_t number) const {
  struct Entry {
    uint64_t prefix = 0;
    uint32_t owner = 0;
  };
  const Bucket& bucket = buckets_[number];
  std::vector<Entry> sorted(bucket.owners.size());
  for (uint32_t i = 0; i < sorted.size(); ++i) sorted[i] = {prefix_of(text_of(bucket.owners[i])), i};
  std::sort(sorted.begin(), sorted.end(), [&](const Entry& a, const Entry& b) {
    return a.prefix != b.prefix ? a.prefix < b.prefix
                                : text_of(bucket.owners[a.owner]) < text_of(bucket.owners[b.owner]);
  });
  std::vector<uint32_t> places(sorted.size());  // where the next record of an owner goes
  uint32_t place = 0;
  for (const auto& entry : sorted) {
    places[entry.owner] = place;
    place += bucket.owners[entry.owner].count;
  }
  std::vector<uint32_t> order(bucket.count);
  for (uint32_t i = 0; i < order.size(); ++i) order[places[bucket.record(i).owner]++] = i;
  return order;
}

void RunBuffer::read(uint32_t bucket, uint32_t number, Record& record) const {
  const Kept& kept = buckets_[bucket].record(number);
  if (kept.form == Form::kWhole) {
    size_t offset = kept.offset;
    read_record(bytes_.text(), offset, record);
    return;
  }
  const char* json = begin_of(kept);
  const Type& type = types_[kept.type];
  record.owner = text_of(buckets_[bucket].owners[kept.owner]);
  record.type = type.name;
  record.id = {json + kept.id, kept.id_size};
  record.full_url = {};
  record.json = {json, kept.json_size};
  record.clinical_from = kept.clinical_from;
  record.known_from = kept.known_from;
  record.updated = kept.updated;
  record.version_number = kept.version_number;
  record.identity = identity_of(type.checksum, record.id);
  record.place = {kept.at, kept.file};
  record.known_source = kept.known_source;
  record.kind = RecordKind::kVersion;
  record.is_of_history = false;
  record.json_stays = kept.form == Form::kStays;
}

void RunBuffer::prefetch(uint32_t bucket, const std::vector<uint32_t>& order, size_t index) const {
  constexpr size_t kNear = 12;
  constexpr size_t kFar = 32;
  constexpr size_t kLine = 64;
  constexpr size_t kMost = 1024;  // of a text; then the processor has noticed by itself
  if (index + kFar < order.size()) __builtin_prefetch(&buckets_[bucket].record(order[index + kFar]));
  if (index + kNear >= order.size()) return;
  const Kept& kept = buckets_[bucket].record(order[index + kNear]);
  const char* begin = begin_of(kept);
  for (size_t i = 0; i < std::min<size_t>(kept.json_size, kMost); i += kLine) __builtin_prefetch(begin + i);
}

}  // namespace vigil::store
