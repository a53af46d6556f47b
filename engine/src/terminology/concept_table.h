// SPDX-License-Identifier: Apache-2.0
// Codes interned to dense ids: 1 for the first (system, code), 2 for the next, and so on.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <vigil/knowledge_base.h>

#include "values/arena.h"

namespace vigil {

/// An open-addressing hash table over (system number, code bytes). Strings live in the arena given to `intern`, which
/// must outlive the table. `find` allocates nothing and writes nothing: any number of threads may call it.
class ConceptTable {
 public:
  /// The pair's id, new or known; 0 where system or code is empty.
  ConceptId intern(std::string_view system, std::string_view code, Arena& arena);
  /// 0 where the pair is not held.
  ConceptId find(std::string_view system, std::string_view code) const;

  uint32_t count() const { return static_cast<uint32_t>(records_.size()); }
  bool holds(ConceptId id) const { return id != 0 && id <= count(); }
  /// `id` must be held.
  std::string_view system(ConceptId id) const { return systems_[records_[id - 1].system]; }
  std::string_view code(ConceptId id) const { return {records_[id - 1].code, records_[id - 1].code_size}; }
  std::string_view display(ConceptId id) const { return displays_[id - 1].text; }
  ConceptInfo info(ConceptId id) const { return {system(id), code(id), display(id)}; }

  /// Gives a display where there is none; with `final`, replaces one that is not final.
  void set_display(ConceptId id, std::string_view display, bool final, Arena& arena);
  bool has_system(std::string_view system) const { return find_system(system) != kNone; }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  struct Record {
    const char* code = nullptr;
    uint32_t code_size = 0;
    uint32_t system = 0;
  };
  struct Display {
    std::string_view text;
    bool final = false;
  };
  /// `tag` is the upper half of the hash, so that a probe that fails seldom touches a record.
  struct Slot {
    uint32_t tag = 0;
    ConceptId id = 0;
  };

  uint32_t find_system(std::string_view system) const;
  uint32_t intern_system(std::string_view system, Arena& arena);
  ConceptId find_in(uint32_t system, std::string_view code, uint64_t hash) const;
  void place(uint64_t hash, ConceptId id);
  void grow();

  std::vector<std::string_view> systems_;
  std::vector<uint32_t>
      system_slots_;  ///< numbers of systems, kNone where free; a power of two, at most a quarter full
  std::vector<Record> records_;
  std::vector<Display> displays_;
  std::vector<Slot> slots_;  ///< a power of two, at most half full
};

}  // namespace vigil
