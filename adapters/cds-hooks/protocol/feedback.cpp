// SPDX-License-Identifier: Apache-2.0
// Reads feedback.
#include "cds-hooks/protocol/feedback.h"

#include <algorithm>

#include <vigil/primitives.h>

#include "cds-hooks/protocol/repeated_names.h"

namespace vigil::hooks {
namespace {

std::string text_of(const JsonNode& node, std::string_view member) {
  const auto value = node.find(member);
  return value ? value->string().value_or(std::string()) : std::string();
}

/// CDS Hooks 2.0.1, "Feedback": ISO 8601 in UTC, as section 5.6 of RFC 3339 profiles it, which demands seconds and an
/// offset, and takes small letters. An offset other than Z names a point in time as well; without any, it would be a
/// guess by hours, and answers could come before their cards.
std::optional<Temporal> parse_date_time(std::string text) {
  for (char& c : text)
    if (c == 't' || c == 'z') c = static_cast<char>(c - 32);
  constexpr size_t kSeconds = std::string_view("2026-11-22T09:30:00").size();
  const size_t offset = text.find_first_of("Z+-", std::min(kSeconds, text.size()));
  return offset == std::string::npos ? std::nullopt : parse_instant(text);
}

class FeedbackReader {
 public:
  FeedbackReader(std::vector<Problem>& problems) : problems_(problems) {}

  FeedbackItem read(const JsonNode& node, const std::string& path) {
    FeedbackItem item;
    if (!node.is(JsonKind::kObject)) {
      add(path, "is " + std::string(name(node.kind())), "give an object", "structure");
      return item;
    }
    item.card = text_of(node, "card");
    if (item.card.empty()) add(path + ".card", "is missing", "give the uuid of a card", "required");
    const auto outcome = text_of(node, "outcome");
    item.accepted = outcome == "accepted";
    if (!item.accepted && outcome != "overridden")
      add(path + ".outcome", "is neither accepted nor overridden", "give one of these", "value");
    const auto at = parse_date_time(text_of(node, "outcomeTimestamp"));
    if (at)
      item.at = to_instant(*at);
    else
      add(path + ".outcomeTimestamp", "is no point in time with its offset from UTC",
          "give one such as 2026-11-22T09:30:00Z", "value");
    read_suggestions(node, path, item);
    if (const auto reason = node.find("overrideReason")) read_reason(*reason, item);
    return item;
  }

 private:
  void add(std::string path, std::string message, std::string remedy, std::string type) {
    problems_.push_back({std::move(path), std::move(message), std::move(remedy), std::move(type)});
  }

  void read_suggestions(const JsonNode& node, const std::string& path, FeedbackItem& item) {
    if (const auto accepted = node.find("acceptedSuggestions"))
      accepted->for_each_element([&](uint32_t, const JsonNode& one) {
        if (auto id = text_of(one, "id"); !id.empty()) item.suggestions.push_back(std::move(id));
      });
    if (item.accepted && item.suggestions.empty())
      add(path + ".acceptedSuggestions", "names no suggestion", "give the uuid of each accepted one as `id`",
          "required");
  }

  static void read_reason(const JsonNode& node, FeedbackItem& item) {
    if (const auto coding = node.find("reason"); coding && coding->is(JsonKind::kObject))
      item.reason = OverrideReason{text_of(*coding, "display"), text_of(*coding, "system"), text_of(*coding, "code")};
    item.comment = PatientText(text_of(node, "userComment"));
  }

  std::vector<Problem>& problems_;
};

}  // namespace

std::vector<Problem> read_feedback(const std::string& body, const JsonLimits& limits, JsonDocument& document,
                                   std::vector<FeedbackItem>& items) {
  if (auto broken = document.read(body, limits); !broken.empty())
    return {{{}, "the body is no JSON: " + broken, "send one JSON object", "structure"}};
  if (auto repeated = find_repeated_name_within(document.root(), ""))
    return {{std::move(*repeated), "stands twice in one object", "send each name once", "structure"}};
  const auto list = document.root().find("feedback");
  if (!list) return {{"feedback", "is missing", "give an array with what became of each card", "required"}};
  if (!list->is(JsonKind::kArray))
    return {{"feedback", "is " + std::string(name(list->kind())), "give an array", "structure"}};
  std::vector<Problem> problems;
  FeedbackReader reader(problems);
  list->for_each_element([&](uint32_t index, const JsonNode& node) {
    const size_t before = problems.size();
    auto item = reader.read(node, "feedback[" + std::to_string(index) + "]");
    if (problems.size() == before) items.push_back(std::move(item));
  });
  return problems;
}

size_t count_feedback(const JsonDocument& document) {
  size_t count = 0;
  if (const auto list = document.root().find("feedback"))
    list->for_each_element([&](uint32_t, const JsonNode&) { ++count; });
  return count;
}

}  // namespace vigil::hooks
