// SPDX-License-Identifier: Apache-2.0
// Walks Bundles, Parameters and arrays down to resources.
#include "fhir/document_reader.h"

#include <algorithm>
#include <charconv>

#include <vigil/primitives.h>

#include "fhir/bundle_history.h"
#include "fhir/bundle_link.h"
#include "fhir/outcome_issue.h"
#include "fhir/patient_check.h"

namespace vigil::fhir {

/// What a Bundle says of itself.
struct DocumentReader::BundleFacts {
  std::string_view type;
  int64_t total = 0;
  int64_t matches = 0;    ///< entries that count towards `total`
  bool has_next = false;  ///< there is another page
};

/// What an entry says of its resource.
struct DocumentReader::EntryFacts {
  std::string_view full_url;
  size_t leaf = kNoLeaf;  ///< the resource, in pending_
  bool has_resource = false;
  bool has_request = false;
  bool has_response = false;
  std::string_view mode;       ///< search.mode
  std::string_view method;     ///< request.method
  std::string_view url;        ///< request.url
  std::string_view status;     ///< response.status
  Instant modified = kAlways;  ///< response.lastModified
};

void DocumentReader::begin(Timeline& timeline, DiagnosticSink& sink, std::string_view source_name) {
  timeline_ = &timeline;
  report_.begin(sink, source_name);
  resources_.begin(timeline);
  pending_.clear();
}

uint32_t DocumentReader::read(const JsonText& json, uint32_t token) {
  json_ = &json;
  resources_.set_text(json);
  report_.forget_path();
  deletions_.clear();
  if (json.at(token) == '{') return read_resource(token, 1, nullptr);
  if (json.at(token) != '[') return refuse(token, "VGL1002", "it is neither an object nor an array");
  return read_objects(token, "", [&](uint32_t object) { return read_resource(object, 2, nullptr); });
}

bool DocumentReader::read_entry_resource(const JsonText& json, uint32_t token, uint32_t full_url,
                                         PassedOver* passed_over) {
  json_ = &json;
  resources_.set_text(json);
  report_.forget_path();
  size_t leaf = kNoLeaf;
  if (passed_over != nullptr) passed_over->clear();
  resources_.values().collect_passed_over(passed_over);
  const uint32_t next = read_resource(token, 1, &leaf);
  resources_.values().collect_passed_over(nullptr);
  if (passed_over != nullptr && next == JsonText::kBroken)
    passed_over->clear();
  else if (passed_over != nullptr && leaf == kNoLeaf && !is_needed(token))
    passed_over->add_all();
  if (leaf == kNoLeaf) return false;
  if (full_url == UINT32_MAX || json.at(full_url) != '"') return true;
  pending_[leaf].full_url = resources_.values().read_text(full_url);
  resources_.values().clear_problem();
  return true;
}

/// False where the resource at `token` says nothing to the reader, whatever it holds.
bool DocumentReader::is_needed(uint32_t token) {
  uint32_t type_name = JsonText::kBroken;
  if (resources_.find_type(token, type_name) == JsonText::kBroken || type_name == JsonText::kBroken ||
      json_->at(type_name) != '"')
    return true;
  const auto* shape = resources_.find_shape(type_name);
  return shape != nullptr && shape->role != ResourceRole::kUnneeded;
}

/// Reports that what stands here cannot be told apart, and skips it. Broken JSON is for the caller to report.
uint32_t DocumentReader::refuse(uint32_t token, std::string_view code, std::string_view reason) {
  const uint32_t next = json_->skip(token);
  if (next == JsonText::kBroken) return next;
  report_.add(code, report_.path(), {reason});
  timeline_->degrade_all(Completeness::kDamaged);
  return next;
}

void DocumentReader::report_broken(std::string_view why) {
  report_.forget_path();
  report_.add("VGL1001", {}, {why});
  timeline_->degrade_all(Completeness::kDamaged);
}

void DocumentReader::report_incomplete(std::string_view what, Completeness completeness) {
  report_.add("VGL1014", report_.path(), {what});
  timeline_->degrade_all(completeness);
}

/// visit(token) → token behind, for each object of the array here; anything else is reported and skipped.
template <class Visit>
uint32_t DocumentReader::read_objects(uint32_t token, std::string_view name, Visit visit) {
  if (json_->at(token) != '[') {
    report_.push(name);
    const uint32_t next = refuse(token, "VGL1002", "expected an array");
    report_.pop();
    return next;
  }
  return json_->for_each_element(token, [&](uint32_t index, uint32_t element) {
    report_.push(name, index);
    const uint32_t next = json_->at(element) == '{' ? visit(element) : refuse(element, "VGL1002", "expected an object");
    report_.pop();
    return next;
  });
}

uint32_t DocumentReader::read_resource(uint32_t token, uint32_t depth, size_t* leaf) {
  if (depth > max_depth_) return refuse(token, "VGL1013", std::to_string(max_depth_));
  uint32_t type_name = JsonText::kBroken;
  if (resources_.find_type(token, type_name) == JsonText::kBroken) return JsonText::kBroken;
  if (type_name == JsonText::kBroken || json_->at(type_name) != '"') {
    refuse(token, "VGL1002", "it has no resourceType");
    return pass_over_behind(token, token);
  }
  const ResourceShape* shape = resources_.find_shape(type_name);
  if (shape == nullptr) {
    report_.add_unknown_type(json_->raw_string(type_name));
    return pass_over_behind(token, token);
  }
  switch (shape->role) {
    case ResourceRole::kPlanned:
    case ResourceRole::kPatient: return read_leaf(token, depth, *shape, leaf);
    case ResourceRole::kBundle: return read_bundle(token, depth);
    case ResourceRole::kParameters: return read_parameters(token, depth, "parameter");
    case ResourceRole::kOperationOutcome: return read_outcome(token);
    case ResourceRole::kUnneeded: break;
  }
  return pass_over_behind(token, token);
}

uint32_t DocumentReader::read_leaf(uint32_t token, uint32_t depth, const ResourceShape& shape, size_t* leaf) {
  if (timeline_->full()) return json_->skip(token);  // reported at the end
  auto& values = resources_.values();
  PendingResource& pending = pending_.emplace_back();
  const uint32_t next = resources_.read(token, depth, shape, pending);
  if (next != JsonText::kBroken) {
    if (leaf != nullptr) *leaf = pending_.size() - 1;
    return next;
  }
  pending_.pop_back();
  const Problem problem = values.problem();
  if (problem.code.empty()) return JsonText::kBroken;
  values.clear_problem();
  const auto path = report_.path(path_to(*json_, token, problem.token));
  if (problem.code == "VGL1013")
    report_.add(problem.code, path, {std::to_string(max_depth_)});
  else
    report_.add(problem.code, path, {path, problem.seen, problem.expected});
  if (shape.type != nullptr) timeline_->degrade(shape.type->fhir_type, Completeness::kDamaged);
  return pass_over_behind(token, problem.was_read ? json_->skip(problem.token) - 1 : problem.token);
}

/// The token behind the resource at `token`, of which nothing behind `problem` was read.
uint32_t DocumentReader::pass_over_behind(uint32_t token, uint32_t problem) {
  const uint32_t behind = json_->skip(token);
  if (auto* passed_over = resources_.values().passed_over(); passed_over != nullptr && behind != JsonText::kBroken)
    passed_over->add_behind(*json_, token, problem);
  return behind;
}

uint32_t DocumentReader::read_bundle(uint32_t token, uint32_t depth) {
  auto& values = resources_.values();
  BundleFacts bundle;
  bundle.type = json_->member_text(token, "type");
  const bool history = bundle.type == "history";
  const size_t first = pending_.size();
  const size_t first_deletion = deletions_.size();
  const bool outer_history = resources_.set_history(history);
  const uint32_t next = json_->for_each_member(token, [&](std::string_view raw_key, uint32_t value) {
    const auto key = values.plain_key(raw_key);
    if (key == "entry")
      return read_objects(value, "entry", [&](uint32_t entry) { return read_entry(entry, depth + 1, bundle); });
    if (key == "link") return read_links(value, bundle);
    if (key == "total" && json_->at(value) >= '0' && json_->at(value) <= '9') {
      const auto digits = json_->raw_scalar(value);
      std::from_chars(digits.data(), digits.data() + digits.size(), bundle.total);
    }
    return json_->skip(value);
  });
  resources_.set_history(outer_history);
  if (history && !order_versions(std::span(pending_).subspan(first), std::span(deletions_).subspan(first_deletion)))
    report_incomplete("a deletion without its time", Completeness::kPartial);
  deletions_.resize(first_deletion);
  if (next != JsonText::kBroken) finish_bundle(bundle);
  return next;
}

void DocumentReader::finish_bundle(const BundleFacts& bundle) {
  if (bundle.has_next)
    report_incomplete("there are further pages", Completeness::kPartial);
  else if (bundle.type == "searchset" && bundle.total > bundle.matches)
    report_incomplete("fewer entries than the total", Completeness::kPartial);
}

uint32_t DocumentReader::read_links(uint32_t token, BundleFacts& bundle) {
  if (json_->at(token) != '[') return json_->skip(token);
  return json_->for_each_element(token, [&](uint32_t, uint32_t link) {
    bundle.has_next |= leads_on(json_->member_text(link, "relation"));
    return json_->skip(link);
  });
}

uint32_t DocumentReader::read_entry(uint32_t token, uint32_t depth, BundleFacts& bundle) {
  auto& values = resources_.values();
  EntryFacts entry;
  const uint32_t next = json_->for_each_member(token, [&](std::string_view raw_key, uint32_t value) {
    return read_entry_member(values.plain_key(raw_key), value, depth, entry);
  });
  values.clear_problem();  // of escapes that are none, in members that say nothing then
  if (next == JsonText::kBroken) return next;
  if (entry.leaf != kNoLeaf) pending_[entry.leaf].full_url = entry.full_url;
  finish_entry(entry, bundle);
  return next;
}

uint32_t DocumentReader::read_entry_member(std::string_view key, uint32_t value, uint32_t depth, EntryFacts& entry) {
  auto& values = resources_.values();
  const bool is_object = json_->at(value) == '{';
  const auto text_of = [&](std::string_view name) {
    const uint32_t member = json_->find_member(value, name);
    return member == JsonText::kBroken || json_->at(member) != '"' ? std::string_view{} : values.read_text(member);
  };
  if (key == "resource" && json_->at(value) != 'n') {
    report_.push("resource");
    // Of two resources in one entry the second has no URL of its own to go by; both are kept.
    size_t leaf = kNoLeaf;
    const uint32_t next =
        is_object ? read_resource(value, depth + 1, &leaf) : refuse(value, "VGL1002", "expected an object");
    report_.pop();
    if (!entry.has_resource) entry.leaf = leaf;
    entry.has_resource = true;
    return next;
  }
  if (key == "fullUrl" && json_->at(value) == '"') {
    entry.full_url = values.read_text(value);
  } else if (key == "search" && is_object) {
    entry.mode = text_of("mode");
  } else if (key == "request" && is_object) {
    entry.has_request = true;
    entry.method = text_of("method");
    entry.url = text_of("url");
  } else if (key == "response" && is_object) {
    entry.has_response = true;
    entry.status = text_of("status");
    if (const auto instant = parse_instant(text_of("lastModified"))) entry.modified = to_instant(*instant);
  }
  return json_->skip(value);
}

void DocumentReader::finish_entry(const EntryFacts& entry, BundleFacts& bundle) {
  if (entry.mode != "include" && entry.mode != "outcome") ++bundle.matches;
  if (entry.status.starts_with('4') || entry.status.starts_with('5'))
    report_incomplete("a request was answered with an error", Completeness::kNotObtained);
  if (bundle.type == "history") {
    if (entry.method == "DELETE")
      deletions_.push_back({entry.url, entry.modified});
    else if (entry.leaf != kNoLeaf && pending_[entry.leaf].known_from == kAlways)
      pending_[entry.leaf].known_from = entry.modified;
  }
  if (!entry.has_resource && !entry.has_request && !entry.has_response) {
    report_.add("VGL1002", report_.path(), {"an entry without a resource"});
    timeline_->degrade_all(Completeness::kDamaged);
  }
}

uint32_t DocumentReader::read_parameters(uint32_t token, uint32_t depth, std::string_view member) {
  if (depth > max_depth_) return refuse(token, "VGL1013", std::to_string(max_depth_));
  auto& values = resources_.values();
  return json_->for_each_member(token, [&](std::string_view raw_key, uint32_t value) {
    const auto key = values.plain_key(raw_key);
    if (key == member)
      return read_objects(value, member, [&](uint32_t object) { return read_parameters(object, depth + 1, "part"); });
    if (member == "parameter" || key != "resource" || json_->at(value) != '{') return json_->skip(value);
    report_.push("resource");
    const uint32_t next = read_resource(value, depth + 1, nullptr);
    report_.pop();
    return next;
  });
}

/// An OperationOutcome in place of data tells that something was not obtained, if it speaks of an error or stands
/// alone; beside data, that there may be more.
uint32_t DocumentReader::read_outcome(uint32_t token) {
  bool is_error = report_.path().empty();
  bool is_partial = false;
  const uint32_t next = json_->for_each_member(token, [&](std::string_view key, uint32_t value) {
    if (key != "issue" || json_->at(value) != '[') return json_->skip(value);
    return json_->for_each_element(value, [&](uint32_t, uint32_t issue) {
      const auto severity = json_->member_text(issue, "severity");
      is_error |= severity == "error" || severity == "fatal";
      is_partial |= may_be_incomplete(json_->member_text(issue, "code"));
      return json_->skip(issue);
    });
  });
  if (is_error)
    report_incomplete("an OperationOutcome stands in place of data", Completeness::kNotObtained);
  else if (is_partial)
    report_incomplete("an OperationOutcome says that it may not be all", Completeness::kPartial);
  return next;
}

void DocumentReader::finish(std::string_view expected_patient) {
  report_.forget_path();
  report_.set_text({});
  if (timeline_->full()) {
    report_.add("VGL1015", {}, {});
    timeline_->degrade_all(Completeness::kDamaged);
  }
  // A record is partial without one of its resources; of the orders under review none may be lacking.
  const auto without = drafts_ == Drafts::kAll ? Completeness::kDamaged : Completeness::kPartial;
  check_patients(pending_, resources_.participants(), expected_patient, without, *timeline_, report_);
  const auto& contained = resources_.contained();
  for (const auto& pending : pending_) {
    if (pending.object == nullptr) continue;
    const auto inner = std::span(contained).subspan(pending.contained_begin, pending.contained_count);
    const bool is_draft =
        drafts_ == Drafts::kAll ? pending.shape->is_request : drafts_ == Drafts::kByStatus && pending.has_draft_status;
    const Origin origin = is_draft ? Origin::kDraft : Origin::kRecord;
    timeline_->add({pending.object, origin, pending.full_url, inner, pending.known_from, pending.known_to});
  }
  pending_.clear();
}

}  // namespace vigil::fhir
