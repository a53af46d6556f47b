// SPDX-License-Identifier: Apache-2.0
// FHIR JSON to records: what each resource is, whose, and since when it was known.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fhir/json_index.h"
#include "fhir/json_text.h"
#include "store/import_log.h"
#include "store/import_source.h"
#include "store/record.h"
#include "store/resource_head.h"
#include "store/run.h"

namespace vigil::store {

/// The id that a patient's full URL gives: of a URL that of the resource, of a URN its last part.
std::string_view patient_of_url(std::string_view url);

/// Takes texts, gives records to a buffer, and counts what it does not. Of a resource only the head is read; that all
/// else of it is well formed is not checked beyond brackets, strings and UTF-8. Not thread-safe.
class Intake {
 public:
  /// With `may_point` records only point to texts that stay.
  explicit Intake(ImportLog& log, bool may_point = false) : log_(log), may_point_(may_point) {}

  /// A text that holds one JSON value.
  void add(RunBuffer& records, const SourceText& text);

 private:
  struct Entry {
    std::string full_url;
    uint32_t resource = fhir::JsonText::kBroken;
    ResourceHead head;
    std::string_view method;
    std::string url;
    Instant modified = kAlways;
    uint32_t number = 0;
    uint32_t behind = 0;  ///< the resource's end
  };
  /// The entries of one Bundle, and whose they can be.
  struct Bundle {
    std::string_view type;
    std::vector<Entry> entries;
    std::unordered_map<std::string_view, const Entry*> by_url;
    std::string only_patient;  ///< where it holds exactly one
  };

  bool add_resource_alone(const Place& place);
  uint32_t add_value(uint32_t token, const Place& place);
  uint32_t add_array(uint32_t token, const Place& place);
  void add_resource(uint32_t begin, uint32_t end, const ResourceHead& head, const Place& place, const Entry* entry,
                    const Bundle* bundle);
  bool read_bundle(uint32_t token, Bundle& bundle);
  uint32_t read_entry(uint32_t token, Entry& entry);
  void add_bundle(const Bundle& bundle, const Place& place);
  void add_deletion(const Entry& entry, const Place& place, const Bundle& bundle);
  bool find_owner(uint32_t token, const ResourceHead& head, const Entry* entry, const Bundle* bundle, Record& record);
  void find_patients(uint32_t token, std::string_view type, const Bundle* bundle);
  bool find_owner_of_deleted(const Bundle& bundle, Record& record);
  static std::string_view patient_in(const Bundle& bundle, std::string_view reference);
  std::string_view text_of(uint32_t begin, uint32_t end);
  /// Of something that may be any patient's.
  void reject(const Place& place, std::string_view type, std::string_view code, std::string reason,
              Instant from = kAlways);

  RunBuffer* records_ = nullptr;
  ImportLog& log_;
  bool may_point_;
  fhir::JsonIndex index_;
  fhir::JsonText json_;
  std::string_view text_;
  Instant filed_ = kAlways;
  bool stays_ = false;
  bool has_space_ = false;        ///< between tokens of the text
  bool is_inner_bundle_ = false;  ///< one level is enough, and bounds the depth
  ResourceTypes types_;
  std::string minified_;
  std::string owner_;
  std::vector<std::string_view> patients_;  ///< that the resource at hand is about, each once, sorted
};

}  // namespace vigil::store
