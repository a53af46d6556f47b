// SPDX-License-Identifier: Apache-2.0
// Bundles, their entries, and what may stand in their place.
#include "cds-hooks/protocol/data_judge.h"

#include <algorithm>
#include <array>
#include <utility>

#include "fhir/bundle_link.h"
#include "fhir/outcome_issue.h"

namespace vigil::hooks {
namespace {

/// Whether test(text) holds for a member of this name that is a string. Of a name that stands twice either counts:
/// these say that something is lacking.
template <class Test>
bool has_text(const JsonNode& node, std::string_view member, Test test) {
  bool found = false;
  node.for_each_member([&](std::string_view name, const JsonNode& value) {
    if (name == member && value.is(JsonKind::kString)) found = found || test(*value.string());
  });
  return found;
}

auto is(std::string_view wanted) {
  return [wanted](const std::string& text) { return text == wanted; };
}

bool reports_error(const JsonNode& outcome) {
  bool error = false;
  if (const auto issues = outcome.find("issue"))
    issues->for_each_element([&](uint32_t, const JsonNode& issue) {
      error = error || has_text(issue, "severity", is("error")) || has_text(issue, "severity", is("fatal"));
    });
  return error;
}

bool says_incomplete(const JsonNode& outcome) {
  bool incomplete = false;
  if (const auto issues = outcome.find("issue"))
    issues->for_each_element([&](uint32_t, const JsonNode& issue) {
      incomplete = incomplete || has_text(issue, "code", fhir::may_be_incomplete);
    });
  return incomplete;
}

bool has_next_page(const JsonNode& links) {
  bool next = false;
  links.for_each_element(
      [&](uint32_t, const JsonNode& link) { next = next || has_text(link, "relation", fhir::leads_on); });
  return next;
}

/// Whether an entry with this `search` counts towards the Bundle's total.
bool is_match(const std::optional<JsonNode>& search) {
  return !search || (!has_text(*search, "mode", is("include")) && !has_text(*search, "mode", is("outcome")));
}

bool is_failed_request(const std::optional<JsonNode>& response) {
  return response && has_text(*response, "status", [](const std::string& status) {
           return status.starts_with('4') || status.starts_with('5');
         });
}

}  // namespace

void Judgement::worsen(Completeness to, std::string reason) {
  if (to <= completeness) return;
  completeness = to;
  why = std::move(reason);
}

void DataJudge::look_at(const JsonNode& value) {
  has_next_ = false;
  if (!value.is(JsonKind::kObject)) return worst_.worsen(Completeness::kNotObtained, "it is no resource");
  const auto [type, inner, response] =
      value.find_each(std::array<std::string_view, 3>{"resourceType", "resource", "response"});
  if (!type || !type->is(JsonKind::kString)) {
    if (is_failed_request(response)) worst_.worsen(Completeness::kNotObtained, "a request was answered with an error");
    if (inner) return look_at(*inner);  // the wrapper of earlier versions
    worst_.worsen(Completeness::kNotObtained, "it is no resource");
  } else if (type->is_text("OperationOutcome")) {
    worst_.worsen(Completeness::kNotObtained, "an OperationOutcome stands in its place");
  } else if (type->is_text("Bundle")) {
    look_at_bundle(value);
  } else {
    ++matches_;
    if (type->is_text(type_) || type->is_text("Parameters")) ++of_type_;  // of operations: read, whatever they hold
  }
}

void DataJudge::look_at_bundle(const JsonNode& bundle) {
  const auto [entries, total, links] = bundle.find_each(std::array<std::string_view, 3>{"entry", "total", "link"});
  if (entries && !entries->is(JsonKind::kArray) && !entries->is_null())
    worst_.worsen(Completeness::kNotObtained, "its entries are no array");
  if (entries) entries->for_each_element([&](uint32_t, const JsonNode& entry) { look_at_entry(entry); });
  // What cannot be read may say that there is more.
  const bool has_total = total && !total->is_null();
  const auto count = has_total ? total->integer() : 0;
  if (!count) worst_.worsen(Completeness::kPartial, "its total is no whole number");
  total_ = std::max(total_, count.value_or(0));
  const bool has_links = links && !links->is_null();
  if (has_links && !links->is(JsonKind::kArray)) worst_.worsen(Completeness::kPartial, "its links are no array");
  has_next_ = has_next_ || (has_links && has_next_page(*links));
}

void DataJudge::look_at_entry(const JsonNode& entry) {
  const auto [inner, search, response, request] =
      entry.find_each(std::array<std::string_view, 4>{"resource", "search", "response", "request"});
  if (is_failed_request(response)) worst_.worsen(Completeness::kNotObtained, "a request was answered with an error");
  const auto& resource = inner ? *inner : entry;  // some clients leave out the entry
  const auto type = resource.find("resourceType");
  if (!type) {
    if (is_match(search)) ++matches_;
    // What was deleted, or answered with an error, has none.
    if (!request && !is_failed_request(response)) worst_.worsen(Completeness::kPartial, "an entry without a resource");
    return;
  }
  if (type->is_text("Bundle")) return look_at_bundle(resource);  // the answer to one of several searches
  const bool is_outcome = type->is_text("OperationOutcome");
  if (is_outcome && reports_error(resource))
    worst_.worsen(Completeness::kNotObtained, "an OperationOutcome reports an error");
  else if (is_outcome && says_incomplete(resource))
    worst_.worsen(Completeness::kPartial, "an OperationOutcome says that it may not be all");
  if (is_outcome || !is_match(search)) return;
  ++matches_;
  if (type->is_text(type_)) ++of_type_;
}

Judgement DataJudge::judge_extent() const {
  auto judgement = worst_;
  if (has_next_) judgement.worsen(Completeness::kPartial, "there are further pages");
  if (total_ > matches_) judgement.worsen(Completeness::kPartial, "fewer entries than the total");
  return judgement;
}

Judgement DataJudge::judge() const {
  auto judgement = judge_extent();
  if (matches_ > 0 && of_type_ == 0) judgement.worsen(Completeness::kNotObtained, "nothing in it is of type " + type_);
  return judgement;
}

}  // namespace vigil::hooks
