// SPDX-License-Identifier: Apache-2.0
// Resources that stand alone, and whose they are. Bundles: intake_bundle.cpp.
#include "store/intake.h"

#include <algorithm>

#include "fhir/patient_check.h"
#include "fhir/patients_named.h"
#include "fhir/references.h"

namespace vigil::store {

using fhir::JsonIndex;
using fhir::JsonText;

namespace {

/// FHIR allows 64 characters; some servers do not keep to it.
constexpr size_t kMaxId = 1000;
constexpr size_t kMaxUrl = 60000;

std::string_view problem_of(JsonIndex::Status status) {
  switch (status) {
    case JsonIndex::Status::kOk: return {};
    case JsonIndex::Status::kEmpty: return "it is empty";
    case JsonIndex::Status::kInvalidUtf8: return "bytes that are not UTF-8";
    case JsonIndex::Status::kUnclosedString: return "a string is not closed";
    case JsonIndex::Status::kControlCharacter: return "a control character in a string";
    case JsonIndex::Status::kTooLarge: return "it is too large";
  }
  return {};
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

/// Types whose instances are no part of anybody's record.
bool is_of_no_record(std::string_view type) { return type == "OperationOutcome" || type == "Parameters"; }

}  // namespace

void Intake::add(RunBuffer& records, const SourceText& source) {
  records_ = &records;
  text_ = source.json;
  filed_ = source.filed;
  stays_ = source.stays && may_point_;
  const auto text = source.json;
  const Place& place = source.place;
  const auto status = index_.index(text.data(), text.size());
  json_ = JsonText(text.data(), index_.tokens(), index_.count());
  if (status == JsonIndex::Status::kOk && add_resource_alone(place)) return;
  std::string problem(problem_of(status));
  if (problem.empty()) {
    const char first = json_.at(0);
    has_space_ = false;
    const bool is_whole = json_.skip(0, has_space_) == json_.count();
    if (!is_whole)
      problem = "the " + std::string(source.what) + " is not one JSON value";
    else if (first != '{' && first != '[')
      problem = "the " + std::string(source.what) + " is neither an object nor an array";
    else if (add_value(0, place) != JsonText::kBroken)
      return;
    else
      problem = "unexpected character";
  }
  log_.count_read("");
  reject(place, "", "VGL1001", std::move(problem));
}

/// The rule: the text is one resource. Its tokens are gone over once. False, and nothing added, where it is anything
/// else, or broken.
bool Intake::add_resource_alone(const Place& place) {
  if (json_.at(0) != '{') return false;
  ResourceHead head;
  has_space_ = false;
  const uint32_t end = read_head(json_, 0, head, types_, has_space_);
  if (end == JsonText::kBroken || end != json_.count() || head.type == "Bundle") return false;
  add_resource(0, end, head, place, nullptr, nullptr);
  return true;
}

uint32_t Intake::add_value(uint32_t token, const Place& place) {
  if (json_.at(token) == '[') return add_array(token, place);
  ResourceHead head;
  const uint32_t end = read_head(json_, token, head, types_, has_space_);
  if (end == JsonText::kBroken) return end;
  if (head.type != "Bundle") {
    add_resource(token, end, head, place, nullptr, nullptr);
    return end;
  }
  Bundle bundle;
  if (!read_bundle(token, bundle)) return JsonText::kBroken;
  log_.count_resource_of(place.file);
  add_bundle(bundle, place);
  return end;
}

uint32_t Intake::add_array(uint32_t token, const Place& place) {
  return json_.for_each_element(token, [&](uint32_t number, uint32_t element) {
    const Place at = {place.at, place.file, number};
    if (json_.at(element) == '{') return add_value(element, at);
    log_.reject_other(at, "it is no object");
    return json_.skip(element);
  });
}

/// The text between two tokens without white space between its tokens: one text for equal JSON, and smaller.
std::string_view Intake::text_of(uint32_t begin, uint32_t end) {
  const uint32_t from = json_.offset(begin);
  const uint32_t to = json_.offset(end - 1) + 1;  // an object ends with its brace
  bool has_space = false;
  for (uint32_t i = begin + 1; has_space_ && i < end; ++i) has_space |= is_space(text_[json_.offset(i) - 1]);
  if (!has_space) return text_.substr(from, to - from);
  minified_.clear();
  for (uint32_t i = begin; i + 1 < end; ++i) {
    uint32_t token_end = json_.offset(i + 1);
    while (is_space(text_[token_end - 1])) --token_end;
    minified_.append(text_, json_.offset(i), token_end - json_.offset(i));
  }
  minified_ += text_[to - 1];
  return minified_;
}

void Intake::reject(const Place& place, std::string_view type, std::string_view code, std::string reason,
                    Instant from) {
  log_.reject({place, std::string(type), std::string(code), std::move(reason)});
  log_.degrade(type, from);
}

void Intake::add_resource(uint32_t begin, uint32_t end, const ResourceHead& head, const Place& place,
                          const Entry* entry, const Bundle* bundle) {
  if (head.type.empty()) return log_.reject_other(place, "it has no resourceType");
  log_.count_resource_of(place.file);
  log_.count_read(head.type);
  if (!types_.find(head.type).is_resource || is_of_no_record(head.type)) return log_.count_out_of_scope(head.type);
  Record record;
  record.type = head.type;
  record.id = head.id;
  record.place = place;
  record.clinical_from = head.clinical_from;
  record.known_from = head.known_from;
  record.known_source = head.known_source;
  if (filed_ != kAlways && head.known_source > KnownSource::kFiled) {
    record.known_from = filed_;
    record.known_source = KnownSource::kFiled;
  }
  record.updated = head.updated;
  record.version_number = head.version_number;
  if (entry != nullptr) {
    record.full_url = entry->full_url;
    record.is_of_history = bundle->type == "history";
    if (record.updated == kAlways && record.is_of_history) record.updated = entry->modified;
  }
  if (head.id.size() > kMaxId || record.full_url.size() > kMaxUrl)
    return reject(place, head.type, "VGL1003", "its id is longer than FHIR allows", known_at_earliest(record));
  patients_.clear();
  if (!find_owner(begin, head, entry, bundle, record)) return;
  record.json = text_of(begin, end);
  record.json_stays = stays_ && record.json.data() != minified_.data();
  records_->add(record);
  record.kind = RecordKind::kAlias;
  for (size_t i = 1; i < patients_.size(); ++i) {
    record.owner = patients_[i];
    records_->add(record);
  }
  if (record.owner.front() != kSharedOwner || !record.full_url.starts_with("urn:")) return;
  owner_.assign(1, kSharedOwner).append(record.full_url);
  record.owner = owner_;
  records_->add(record);
}

/// The patients whom a resource without an element for one is about.
void Intake::find_patients(uint32_t token, std::string_view type, const Bundle* bundle) {
  for (const auto path : types_.find(type).patient_paths)
    fhir::visit_references(json_, token, path, [&](std::string_view reference) {
      auto id = fhir::patient_id_of(reference);
      if (id.empty() && bundle != nullptr && bundle->by_url.contains(reference)) id = patient_in(*bundle, reference);
      if (!id.empty()) patients_.push_back(id);
    });
  std::sort(patients_.begin(), patients_.end());
  patients_.erase(std::unique(patients_.begin(), patients_.end()), patients_.end());
}

/// False where nobody can say whose it is; then it is rejected or out of scope.
bool Intake::find_owner(uint32_t token, const ResourceHead& head, const Entry* entry, const Bundle* bundle,
                        Record& record) {
  if (head.type == "Patient") {
    record.owner = head.id;
    if (head.id.empty() && entry != nullptr) record.owner = patient_of_url(entry->full_url);
    if (record.owner.empty()) reject(record.place, head.type, "VGL1003", "`id` is missing");
    return !record.owner.empty();
  }
  const auto element = types_.find(head.type).patient_element;
  if (!element.empty()) {
    record.owner = fhir::patient_id_of(head.patient);
    if (record.owner.empty() && bundle != nullptr) record.owner = patient_in(*bundle, head.patient);
    if (!record.owner.empty()) return true;
  }
  find_patients(token, head.type, bundle);
  if (!patients_.empty()) {
    record.owner = patients_.front();
    return true;
  }
  const bool is_shared =
      element.empty() || !fhir::type_and_id(head.patient).empty() || (head.type == "Device" && head.patient.empty());
  if (is_shared && (!head.id.empty() || !record.full_url.empty())) {
    owner_.assign(1, kSharedOwner);
    if (head.id.empty())
      owner_ += record.full_url;
    else
      owner_.append(head.type).append(1, '/').append(head.id);
    record.owner = owner_;
    return true;
  }
  if (is_shared)
    log_.count_out_of_scope(head.type);  // nothing can refer to it
  else
    reject(record.place, head.type, "VGL1003",
           "`" + std::string(element) + "` is " + (head.has_patient_element ? "no reference to anyone" : "missing"),
           known_at_earliest(record));
  return false;
}

}  // namespace vigil::store
