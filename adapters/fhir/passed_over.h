// SPDX-License-Identifier: Apache-2.0
// What of a resource its reader passed over. The rest is the least that must be kept to read the same again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/json_text.h"

namespace vigil::fhir {

/// Members and elements of one resource, in the order of its text. Not thread-safe; memory is kept for the next.
class PassedOver {
 public:
  void clear() {
    parts_.clear();
    is_all_ = false;
  }
  /// `behind`: the token behind the member's value. JSON must be whole there.
  void add_member(const JsonText& json, uint32_t value, uint32_t behind) { add(json, value - 2, behind); }
  void add_element(const JsonText& json, uint32_t element, uint32_t behind) { add(json, element, behind); }
  /// All that an object holds.
  void add_inside(const JsonText& json, uint32_t object, uint32_t behind);
  /// All that the object or array at `token` holds behind the token `problem`, where its reader stopped: only what
  /// names a type stays, for it is looked up before.
  void add_behind(const JsonText& json, uint32_t token, uint32_t problem);
  /// The whole resource.
  void add_all() { is_all_ = true; }

  /// Appends the JSON of the resource, which begins at `offset` of its text, without what was passed over: nothing
  /// where it was passed over whole. Reading that gives the same facts, and the same damage.
  void append_rest(std::string_view resource, uint32_t offset, std::string& out) const;

 private:
  /// Offsets in the text. Of two neighbours one comma stays, of the last in its container that before it must go too.
  struct Part {
    uint32_t comma;  ///< before it; where it is the first of its container, its begin
    uint32_t begin;
    uint32_t end;
  };
  void add(const JsonText& json, uint32_t first, uint32_t behind);

  std::vector<Part> parts_;
  bool is_all_ = false;
};

}  // namespace vigil::fhir
