// SPDX-License-Identifier: Apache-2.0
// JSON to values: what the plan keeps of a data type, in the timeline's memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/snapshot.h>

#include "fhir/json_text.h"
#include "fhir/passed_over.h"
#include "fhir/read_shapes.h"

namespace vigil::fhir {

/// Why a resource cannot be kept though its JSON is well formed. `code` is empty where there is no problem.
struct Problem {
  std::string_view code;  ///< VGL1003, VGL1004 or VGL1013
  uint32_t token = 0;
  std::string_view seen;      ///< VGL1003: what stands there; VGL1004: what it should be
  std::string_view expected;  ///< VGL1003: what should; VGL1004: why it is not
  bool was_read = false;      ///< the value at `token`, to its end; else no more than the token
};

/// Reads values of one text into one timeline. On kBroken problem() tells why; without a problem the JSON is broken.
/// Not thread-safe.
class ValueReader {
 public:
  explicit ValueReader(uint32_t max_depth) : max_depth_(max_depth) {}

  /// Both must stay until the next begin().
  void begin(const JsonText& json, Timeline& timeline);

  /// The member's value into its slot. A second value of a slot is a problem unless it says the same.
  uint32_t read_member(const Member& member, uint32_t token, uint32_t depth, Value* slots);
  /// The member of a raw key, escapes in it resolved; null where there is none. The cursor is for one object's members.
  const Member* find(const MemberTable& members, std::string_view raw_key, MemberTable::Cursor& cursor) {
    bool sure = true;
    const Member* member = members.find(raw_key, json_->readable(raw_key.data()), cursor, sure);
    return sure ? member : members.find(unescape_key(raw_key));
  }
  /// A key with its escapes resolved: the view holds until the next call.
  std::string_view plain_key(std::string_view raw_key) { return has_escape(raw_key) ? unescape_key(raw_key) : raw_key; }
  /// The text of a string token: a view of the JSON, or of a copy in the timeline where there are escapes. Sets a
  /// problem and returns an empty view where it is no string.
  std::string_view read_text(uint32_t token);

  const Problem& problem() const { return problem_; }
  void clear_problem() { problem_ = {}; }
  uint32_t fail(const Problem& problem);
  uint32_t fail_type(uint32_t token, std::string_view expected);
  uint32_t fail_depth(uint32_t token) { return fail({"VGL1013", token, {}, {}}); }

  /// The token behind the value of a member that nobody reads.
  uint32_t pass_over(uint32_t value) {
    const uint32_t behind = json_->skip(value);
    if (passed_over_ != nullptr && behind != JsonText::kBroken) passed_over_->add_member(*json_, value, behind);
    return behind;
  }
  /// Where not null, gets what is passed over.
  void collect_passed_over(PassedOver* passed_over) { passed_over_ = passed_over; }
  PassedOver* passed_over() { return passed_over_; }
  /// Where not null, gets the text of each Reference.reference read.
  void collect_references(std::vector<std::string_view>* references) { references_ = references; }

 private:
  uint32_t read_value(const Member& member, uint32_t token, uint32_t depth, Value& value);
  uint32_t read_list(const Member& member, uint32_t token, uint32_t depth, Value& value);
  uint32_t read_object(const Member& member, uint32_t token, uint32_t depth, Value& value);
  uint32_t read_again(const Member& member, uint32_t token, uint32_t depth, const Value& first);
  void finish_coding(const PlannedType& type, Object& coding);
  uint32_t read_parsed(Kind kind, uint32_t token, Value& value);
  std::string_view unescape_key(std::string_view raw_key);
  bool unescaped(std::string_view raw, uint32_t token);

  uint32_t max_depth_;
  const JsonText* json_ = nullptr;
  Timeline* timeline_ = nullptr;
  Problem problem_;
  PlannedType empty_type_;       ///< of data types of which nothing is kept
  std::vector<Value> elements_;  ///< of the lists being read, the inner ones on top
  std::string scratch_;
  std::string key_;
  std::vector<std::string_view>* references_ = nullptr;
  PassedOver* passed_over_ = nullptr;
};

}  // namespace vigil::fhir
