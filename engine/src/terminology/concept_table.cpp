// SPDX-License-Identifier: Apache-2.0
// Interning and the look-up of concepts, the hottest call of reading patient data.
#include "terminology/concept_table.h"

#include <algorithm>
#include <cstring>

#include "terminology/hash.h"

namespace vigil {

namespace {

constexpr size_t kFirstSlots = 64;

/// Code systems are few and their URLs long: size and last bytes tell most apart, a comparison then decides.
size_t system_fingerprint(std::string_view system) {
  const uint64_t tail = system.size() >= 8 ? detail::load64(system.data() + system.size() - 8) : hash_text(system);
  return static_cast<size_t>(mix(tail, system.size()));
}

uint64_t concept_hash(uint32_t system, std::string_view code) { return hash_text(code, system); }

uint32_t tag_of(uint64_t hash) { return static_cast<uint32_t>(hash >> 32); }

}  // namespace

uint32_t ConceptTable::find_system(std::string_view system) const {
  if (system_slots_.empty()) return kNone;
  const size_t mask = system_slots_.size() - 1;
  for (size_t at = system_fingerprint(system) & mask;; at = (at + 1) & mask) {
    const uint32_t number = system_slots_[at];
    if (number == kNone || systems_[number] == system) return number;
  }
}

uint32_t ConceptTable::intern_system(std::string_view system, Arena& arena) {
  if (const uint32_t known = find_system(system); known != kNone) return known;
  systems_.push_back(arena.copy(system));
  if (systems_.size() * 4 > system_slots_.size()) {
    system_slots_.assign(std::max(kFirstSlots, system_slots_.size() * 2), kNone);
  }
  const size_t mask = system_slots_.size() - 1;
  for (uint32_t number = 0; number < systems_.size();
       ++number) {  // new systems are rare: placing all again is simplest
    size_t at = system_fingerprint(systems_[number]) & mask;
    while (system_slots_[at] != kNone && system_slots_[at] != number) at = (at + 1) & mask;
    system_slots_[at] = number;
  }
  return static_cast<uint32_t>(systems_.size() - 1);
}

ConceptId ConceptTable::find_in(uint32_t system, std::string_view code, uint64_t hash) const {
  if (slots_.empty()) return 0;
  const size_t mask = slots_.size() - 1;
  const uint32_t tag = tag_of(hash);
  for (size_t at = static_cast<size_t>(hash) & mask;; at = (at + 1) & mask) {
    const Slot slot = slots_[at];
    if (slot.id == 0) return 0;
    if (slot.tag != tag) continue;
    const Record& record = records_[slot.id - 1];
    if (record.system == system && record.code_size == code.size() &&
        std::memcmp(record.code, code.data(), code.size()) == 0) {
      return slot.id;
    }
  }
}

ConceptId ConceptTable::find(std::string_view system, std::string_view code) const {
  const uint32_t number = find_system(system);
  if (number == kNone || code.empty()) return 0;
  return find_in(number, code, concept_hash(number, code));
}

ConceptId ConceptTable::intern(std::string_view system, std::string_view code, Arena& arena) {
  if (system.empty() || code.empty()) return 0;
  const uint32_t number = intern_system(system, arena);
  const uint64_t hash = concept_hash(number, code);
  if (const ConceptId known = find_in(number, code, hash); known != 0) return known;
  const std::string_view kept = arena.copy(code);
  records_.push_back({kept.data(), static_cast<uint32_t>(kept.size()), number});
  displays_.push_back({});
  if (records_.size() * 2 > slots_.size()) {
    grow();
  } else {
    place(hash, count());
  }
  return count();
}

void ConceptTable::place(uint64_t hash, ConceptId id) {
  const size_t mask = slots_.size() - 1;
  size_t at = static_cast<size_t>(hash) & mask;
  while (slots_[at].id != 0) at = (at + 1) & mask;
  slots_[at] = {tag_of(hash), id};
}

void ConceptTable::grow() {
  slots_.assign(std::max(kFirstSlots, slots_.size() * 2), Slot{});
  for (ConceptId id = 1; id <= count(); ++id) place(concept_hash(records_[id - 1].system, code(id)), id);
}

void ConceptTable::set_display(ConceptId id, std::string_view display, bool final, Arena& arena) {
  Display& held = displays_[id - 1];
  if (display.empty() || held.final || (!final && !held.text.empty())) return;
  held = {held.text == display ? held.text : arena.copy(display), final};
}

}  // namespace vigil
